/**
 * The built-in functions that decisions depend on, as they were when the runtime was imported. Emitted code calls
 * them by name on strings, arrays and sets, so a replaced `RegExp.prototype.test` would decide in its stead.
 */
import { BundleError } from './errors.ts';

const holders: readonly object[] = [
  Object,
  Object.prototype,
  Function.prototype,
  Array,
  Array.prototype,
  Object.getPrototypeOf([][Symbol.iterator]()) as object,
  String,
  String.prototype,
  Number,
  Number.prototype,
  Boolean.prototype,
  RegExp.prototype,
  Map.prototype,
  Set.prototype,
  Math,
  JSON,
  Date,
  Date.prototype,
  Int32Array.prototype,
  Object.getPrototypeOf(Int32Array.prototype) as object,
];

type Property = readonly [holder: object, key: PropertyKey, value: unknown];

function snapshot(): Property[] {
  return holders.flatMap((holder) =>
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

/**
 * Freezes those built-ins for the whole process, so that nothing can replace them later. For services that load
 * policies first; code that patches built-ins afterwards will throw.
 *
 * @throws BundleError `intrinsics_altered` if it is too late
 */
export function freezeIntrinsics(): void {
  checkIntrinsics();
  holders.forEach((holder) => Object.freeze(holder));
}
