/** Loading on Node so that a bundle that is no longer used leaves nothing behind in memory. */
import { MODULE_HEADS, MODULE_TAIL } from './contract.ts';
import type { Bundle } from './evaluate.ts';
import { openVerified, type Instantiate, type LoadOptions } from './load.ts';
import { builtin } from './host.ts';
import type { TrustRoot } from './trust.ts';
import { verifyBundle } from './verify.ts';

interface VirtualMachine {
  readonly compileFunction: (code: string) => () => unknown;
}

/**
 * The text as the body of a function, in this realm: unlike a module's it is collected when nobody uses it.
 *
 * @throws SyntaxError for anything but a factory between the fixed head and tail, as every compiler has emitted it
 */
const compileText: Instantiate = (text) => {
  const head = MODULE_HEADS.find((each) => text.startsWith(each));
  if (head === undefined || !text.endsWith(MODULE_TAIL))
    throw new SyntaxError('not the text of an emitted module');
  const factory = text.slice(head.length, -MODULE_TAIL.length);
  const { compileFunction } = builtin('node:vm') as VirtualMachine;
  // Modules are strict (ECMA-262 §11.2.2).
  return { default: compileFunction(`'use strict';return(${factory})`)() };
};

/**
 * Verifies a bundle and loads it, as `loadBundle` of `@plan-lint/runtime` does, by `vm.compileFunction`: for services that
 * swap bundles while they run. An imported module is never freed.
 *
 * @throws BundleError with the code of the first check that fails
 * @example
 * const bundle = await loadBundle(moduleBytes, signatureBytes, trustRoot, { name: 'acme-payments', audience: 'production' });
 */
export async function loadBundle(
  module: Uint8Array,
  signatures: Uint8Array | readonly Uint8Array[] | undefined,
  trust: TrustRoot | Uint8Array | string,
  options: LoadOptions = {},
): Promise<Bundle> {
  return openVerified(await verifyBundle(module, signatures, trust, options), options, compileText);
}
