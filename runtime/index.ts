/** The runtime: verifies a signed policy bundle, loads it, decides with it. */
export type * from './contract.ts';
export { FORMAT_VERSION, RUNTIME_VERSION } from './contract.ts';
export { BundleError, type ErrorCode } from './errors.ts';
export { type Bundle, type BundleOptions, type EvaluateOptions, type Policy } from './evaluate.ts';
export { parsePlan } from './plan-text.ts';
export { loadBundle, type LoadOptions } from './load.ts';
export { parseTrustRoot, type TrustedKey, type TrustRoot, type TrustRule } from './trust.ts';
export type { LoaderGuard, LoadFacts, RequiredBase, VerifyOptions } from './options.ts';
export { closureDigest } from './permit.ts';
export { verifyBundle, type VerifiedBundle } from './verify.ts';
