/**
 * The built-in functions that decisions depend on, as they were when the runtime was imported. Emitted code calls
 * them by name on strings, arrays and sets, so a replaced `RegExp.prototype.test` would decide in its stead.
 */
import { BundleError } from './errors.ts';
import { getPrototypeOf } from './platform.ts';

const globals = globalThis as unknown as Readonly<Record<string, { readonly prototype?: object }>>;

// Not `Error`: programs set how long its traces are, and what they look like.
const NAMES =
  'Object Function Array String Number Boolean RegExp Map Set WeakSet Date Int32Array Uint8Array Math JSON Promise'.split(
    ' ',
  );

const prototypeOf = (value: object): object => getPrototypeOf(value) as object;
export const intrinsics: readonly object[] = [
  ...NAMES.flatMap((name) => {
    const holder = globals[name] ?? {};
    return [holder, holder.prototype ?? holder];
  }),
  // The prototypes all iterators of arrays and all typed arrays share.
  prototypeOf([].values()),
  prototypeOf(Int32Array.prototype),
];

type Property = readonly [holder: object, key: PropertyKey, value: unknown];

const { getOwnPropertyDescriptor, ownKeys } = Reflect;
const { is } = Object;

/** What is compared; of RegExp's legacy statics and the like the accessor. */
function read(holder: object, key: PropertyKey): unknown {
  const found = getOwnPropertyDescriptor(holder, key);
  return found?.get ?? found?.value;
}

const properties = (holder: object, keys: readonly PropertyKey[]): readonly Property[] =>
  keys.map((key) => [holder, key, read(holder, key)]);
// The names themselves, too: what is assigned to `JSON` is what the verifier would parse with.
const atImport = properties(globals, NAMES).concat(
  intrinsics.flatMap((holder) => properties(holder, ownKeys(holder))),
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
