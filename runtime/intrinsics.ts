/**
 * The built-in functions that decisions depend on, as they were when the runtime was imported. Emitted code calls
 * them by name on strings, arrays and sets, so a replaced `RegExp.prototype.test` would decide in its stead.
 */
import { BundleError } from './errors.ts';

const classes = [Object, Function, Array, String, Number, Boolean, RegExp, Map, Set, Date, Int32Array];
const prototypeOf = (value: object): object => Object.getPrototypeOf(value) as object;
export const intrinsics: readonly object[] = [
  ...classes.flatMap((each): object[] => [each, each.prototype as object]),
  // The prototypes all iterators of arrays and all typed arrays share.
  prototypeOf([].values()),
  prototypeOf(Int32Array.prototype),
  Math,
  JSON,
];

type Property = readonly [holder: object, key: PropertyKey, value: unknown];

function snapshot(): Property[] {
  return intrinsics.flatMap((holder) =>
    Reflect.ownKeys(holder).map((key): Property => {
      const found = Reflect.getOwnPropertyDescriptor(holder, key);
      return [holder, key, found?.get ?? found?.value];
    }),
  );
}

const atImport = snapshot();

/**
 * Compares the built-ins with those at import. New names (polyfills) are no matter, changed ones are.
 *
 * @throws BundleError `intrinsics_altered`
 */
export function checkIntrinsics(): void {
  for (const [holder, key, value] of atImport) {
    const found = Reflect.getOwnPropertyDescriptor(holder, key);
    // RegExp's legacy statics and the like are accessors; what is compared is the accessor.
    if (!Object.is(found?.get ?? found?.value, value))
      throw new BundleError('intrinsics_altered', String(key));
  }
}
