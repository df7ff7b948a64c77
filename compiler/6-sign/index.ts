/**
 * Phase 6: an emitted module becomes a signed bundle. `certificates.ts` and `containers.ts` are imported on their
 * own: node-forge takes longer to load than a bundle takes to sign.
 */
export { digestOf, sha256Hex } from './digest.ts';
export { preAuthenticationEncoding, sidecar, singleFile } from './envelope.ts';
export { SIGN_ERRORS, SignError, type SignErrorCode } from './errors.ts';
export {
  generateKey,
  KEY_KINDS,
  readPrivateKey,
  readPublicKey,
  signerKey,
  writePrivateKey,
  writePublicKey,
  type KeyKind,
  type SignerKey,
} from './keys.ts';
export {
  attachSignature,
  keySigner,
  signBundle,
  signPayload,
  verifies,
  type Signer,
  type SignInput,
} from './sign.ts';
export { bundleStatement, canonicalJson, statementBytes } from './statement.ts';
export {
  firstTrust,
  NO_ROLES,
  trustBytes,
  trustKey,
  type TrustFile,
  type TrustFileKey,
  type TrustFileRole,
  type TrustFileRule,
} from './trust.ts';
export {
  BUILD_TYPE,
  provenance,
  PROVENANCE_TYPE,
  provenanceStatement,
  type BuildFacts,
} from './provenance.ts';
export { signPss, verifyPss } from './pss.ts';
