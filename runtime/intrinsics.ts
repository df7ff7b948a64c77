/**
 * The built-in functions that decisions depend on, as they were when the runtime was imported. Emitted code calls
 * them by name on strings, arrays and sets, so a replaced `RegExp.prototype.test` would decide in its stead.
 */
import { BundleError } from './errors.ts';
import { getPrototypeOf } from './platform.ts';

const classes = [Object, Function, Array, String, Number, Boolean, RegExp, Map, Set, Date, Int32Array];
const prototypeOf = (value: object): object => getPrototypeOf(value) as object;
export const intrinsics: readonly object[] = [
  ...classes.flatMap((each): object[] => [each, each.prototype as object]),
  // The prototypes all iterators of arrays and all typed arrays share.
  prototypeOf([].values()),
  prototypeOf(Int32Array.prototype),
  Math,
  JSON,
];

type Property = readonly [holder: object, key: PropertyKey, value: unknown];

const { getOwnPropertyDescriptor, ownKeys } = Reflect;
const { is } = Object;

/** What is compared; of RegExp's legacy statics and the like the accessor. */
function read(holder: object, key: PropertyKey): unknown {
  const found = getOwnPropertyDescriptor(holder, key);
  return found?.get ?? found?.value;
}

const atImport = intrinsics.flatMap((holder) =>
  ownKeys(holder).map((key): Property => [holder, key, read(holder, key)]),
);

/**
 * Compares the built-ins with those at import. New names (polyfills) are no matter, changed ones are.
 *
 * @throws BundleError `intrinsics_altered`
 */
export function checkIntrinsics(): void {
  for (const [holder, key, value] of atImport)
    if (!is(read(holder, key), value)) throw new BundleError('intrinsics_altered', String(key));
}
