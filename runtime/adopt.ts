/**
 * Loading where the host forbids code from text: strict content security policies, workers. The module has been imported
 * already, and is told by its own text.
 */
import { MODULE_HEAD, MODULE_TAIL } from './contract.ts';
import { BundleError, refuseAs } from './errors.ts';
import type { Bundle } from './evaluate.ts';
import { openVerified, type LoadOptions } from './load.ts';
import { utf8 } from './platform.ts';
import type { TrustRoot } from './trust.ts';
import { verifyBundle } from './verify.ts';

// Captured now, for what is asked is what a function says of itself.
const { apply } = Reflect;
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called by `apply`
const textOf = Function.prototype.toString;

/**
 * Verifies the bundle that an imported module is. The text of its default export, between the fixed head and tail of every
 * module, must have the digest that was signed (ECMA-262 §20.2.3.5: a function's text is what stands in the source), and
 * that text has no free name: whatever else stands around it decides nothing.
 *
 * To import a module is to run what stands in its file, before anything is verified: import it from where the rest of your
 * program comes from. What this tells is that it is the policy that was signed, and that it may be used. Bundles of format 1
 * cannot be adopted. A build tool that prints the module anew makes another text of it.
 *
 * @param imported - the module's namespace
 * @throws BundleError `digest_mismatch` for any other text, and whatever `loadBundle` throws
 * @example
 * import * as acme from './acme.mjs';
 * const bundle = await adoptBundle(acme, signatureBytes, trustRoot, { name: 'acme-payments', audience: 'production' });
 */
export async function adoptBundle(
  imported: { readonly default: unknown },
  signatures: Uint8Array | readonly Uint8Array[],
  trust: TrustRoot | Uint8Array | string,
  options: LoadOptions = {},
): Promise<Bundle> {
  // Read once: a getter could give another one the next time.
  const factory: unknown = refuseAs('module_malformed', () => imported.default);
  if (typeof factory !== 'function')
    throw new BundleError('module_malformed', 'the default export is no function');
  const text = MODULE_HEAD + apply(textOf, factory, []) + MODULE_TAIL;
  const verified = await verifyBundle(utf8(text), signatures, trust, options);
  return openVerified(verified, options, () => ({ default: factory }));
}
