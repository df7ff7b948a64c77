/** Phase 6: an emitted module becomes a signed bundle. */
export type { Subject } from './certificates.ts';
export { certifiedSigner, holdsCertificate, type CertifiedSigner } from './certified.ts';
export { digestOf, sha256Hex } from './digest.ts';
export { preAuthenticationEncoding, sidecar, singleFile } from './envelope.ts';
export { signEphemeral, type EphemeralBundle } from './ephemeral.ts';
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
export { bundleStatement, statementBytes } from './statement.ts';
export {
  firstTrust,
  NO_ROLES,
  trustBytes,
  trustFileOf,
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
export { signReceipt, type ReceiptInput, type SignedReceipt } from './receipt.ts';

import type * as certificateTools from './certificates.ts';
import type * as containerTools from './containers.ts';

/** Certificates and requests, loaded when asked: node-forge takes longer to load than a bundle takes to sign. */
export const certificates = (): Promise<typeof certificateTools> => import('./certificates.ts');

/** Keys and certificates out of PKCS#12, loaded when asked, as certificates are. */
export const containers = (): Promise<typeof containerTools> => import('./containers.ts');
