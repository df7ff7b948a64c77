/** Step 14 of loading: from verified bytes to policies one can decide with. */
import { refusedText, type PredicateModule } from './contract.ts';
import { BundleError, coded } from './errors.ts';
import { createBundle, type Bundle, type BundleOptions } from './evaluate.ts';
import { admitModule } from './admit.ts';
import { checkIntrinsics } from './intrinsics.ts';
import type { VerifyOptions } from './options.ts';
import { freeze, fromUtf8 } from './platform.ts';
import type { TrustRoot } from './trust.ts';
import { verifyBundle, type VerifiedBundle } from './verify.ts';

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

/** Makes a module of text that has been verified: what it gives has the module's `default`. */
export type Instantiate = (text: string) => unknown;

/** A `data:` URL holds the text itself: no file that could be another one by now. */
const importText: Instantiate = (text) =>
  // Some hosts take what follows a full stop for the extension of a file, others resolve the URL themselves.
  import(
    /* webpackIgnore: true */ /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text).replaceAll('.', '%2E')}`
  );

/**
 * Step 14: runs the module of a verified bundle and reads what it exports.
 *
 * @throws BundleError `module_forbidden`, `module_failed`, `module_malformed`, `format_unsupported`,
 * `intrinsics_altered`
 */
export async function loadModule(
  { module, statement: { predicate } }: VerifiedBundle,
  instantiate: Instantiate = importText,
): Promise<PredicateModule> {
  // The text is ASCII (or the scan throws), so every decoder sees the same.
  const text = fromUtf8(module);
  scanModule(text);
  checkIntrinsics();
  let namespace: unknown;
  try {
    namespace = await instantiate(text);
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

/** A bundle one can decide with, of one that is verified. @throws BundleError as `loadModule`, or what the guard says */
export async function openVerified(
  verified: VerifiedBundle,
  options: LoadOptions,
  instantiate?: Instantiate,
): Promise<Bundle> {
  const { digest, statement } = verified;
  const predicates = await loadModule(verified, instantiate);
  const { name, version, sequence } = statement.predicate;
  const identity = freeze({ name, version, sequence, digest });
  const bundle = createBundle(identity, statement.predicate, predicates, {
    ...options,
    check: verified.check,
  });
  await verified.commit();
  return bundle;
}

/**
 * Verifies a bundle and loads it. Nothing is awaited, read or parsed afterwards: deciding is synchronous.
 *
 * The module is imported, and an imported module stays in memory for as long as the process lives: what swaps bundles takes
 * `loadBundle` of `@plan-lint/runtime/node`. Hosts that forbid code from text take `adoptBundle` of `@plan-lint/runtime/adopt`.
 *
 * @param module - the module's bytes, or those of a single-file bundle
 * @param signatures - its sidecars; left out for a single-file bundle
 * @param trust - the trust root, as pinned by the caller: parsed, or the bytes or text of `trust.json`
 * @throws BundleError with the code of the first check that fails
 * @example
 * const bundle = await loadBundle(moduleBytes, signatureBytes, trustRoot, { name: 'acme-payments', audience: 'production' });
 * const decision = bundle.policy('finance').evaluate(plan, { context: { role: 'analyst' } });
 */
export async function loadBundle(
  module: Uint8Array,
  signatures: Uint8Array | readonly Uint8Array[] | undefined,
  trust: TrustRoot | Uint8Array | string,
  options: LoadOptions = {},
): Promise<Bundle> {
  return openVerified(await verifyBundle(module, signatures, trust, options), options);
}
