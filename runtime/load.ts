/** Step 14 of loading: from verified bytes to policies one can decide with. */
import { refusedText, type PredicateModule } from './contract.ts';
import { BundleError, coded } from './errors.ts';
import { createBundle, type Bundle, type BundleOptions } from './evaluate.ts';
import { admitModule } from './admit.ts';
import { checkIntrinsics } from './intrinsics.ts';
import { freeze, fromUtf8 } from './platform.ts';
import type { TrustRoot } from './trust.ts';
import { verifyBundle, type VerifiedBundle, type VerifyOptions } from './verify.ts';

export interface LoadOptions extends VerifyOptions, BundleOptions {}

/**
 * Refuses text that the compiler never emits: anything but printable ASCII, and names through which code reaches
 * the host. Defence in depth against a signer's mistake or a compromised build, not a sandbox: code that is
 * signed and wants to do harm can still spin, or build a property name at run time.
 *
 * @throws BundleError `module_forbidden`
 */
export function scanModule(text: string): void {
  const refused = refusedText(text);
  if (refused) throw new BundleError('module_forbidden', refused.text);
}

/**
 * Step 14: runs the module of a verified bundle and reads what it exports.
 *
 * @throws BundleError `module_forbidden`, `module_failed`, `module_malformed`, `format_unsupported`,
 * `intrinsics_altered`
 */
export async function loadModule({
  module,
  statement: { predicate },
}: VerifiedBundle): Promise<PredicateModule> {
  // The text is ASCII (or the scan throws), so every decoder sees the same.
  const text = fromUtf8(module);
  scanModule(text);
  checkIntrinsics();
  let namespace: unknown;
  try {
    // A data: URL holds the text itself: no file that could be another one by now.
    namespace = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`);
  } catch (error) {
    throw coded('module_failed', error);
  }
  checkIntrinsics();
  const predicates = admitModule(namespace, predicate.capabilities);
  // Once more: the factory has run too.
  checkIntrinsics();
  if (predicates.format !== predicate.format) throw new BundleError('format_unsupported');
  if (predicate.entries.join('\n') !== predicates.entries.join('\n')) {
    throw new BundleError('module_malformed', 'entries');
  }
  return predicates;
}

/**
 * Verifies a bundle and loads it. Nothing is awaited, read or parsed afterwards: deciding is synchronous.
 *
 * @param module - the module's bytes, or those of a single-file bundle
 * @param signatures - its sidecars; left out for a single-file bundle
 * @param trust - the trust root, as pinned by the caller: parsed, or the bytes or text of `trust.json`
 * @throws BundleError with the code of the first check that fails
 * @example
 * const bundle = await loadBundle(moduleBytes, signatureBytes, trustRoot, { audience: 'production' });
 * const decision = bundle.policy('finance').evaluate(plan, { context: { role: 'analyst' } });
 */
export async function loadBundle(
  module: Uint8Array,
  signatures: Uint8Array | readonly Uint8Array[] | undefined,
  trust: TrustRoot | Uint8Array | string,
  options: LoadOptions = {},
): Promise<Bundle> {
  const verified = await verifyBundle(module, signatures, trust, options);
  const { predicate } = verified.statement;
  const predicates = await loadModule(verified);
  const { name, version, sequence } = predicate;
  const bundle = createBundle(
    freeze({ name, version, sequence, digest: verified.digest }),
    predicate,
    predicates,
    options,
  );
  await verified.commit();
  return bundle;
}
