// Who signed a bundle, and which policies: node evidence.mjs acme.mjs signer.pub policies/
// Nothing of Plan-Lint runs here; formats are DSSE, in-toto and a sigstore bundle.
import { Buffer } from 'node:buffer';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [modulePath, keyPath, policies] = process.argv.slice(2);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function hold(what, isGood, good) {
  console.log(`${what.padEnd(12)} ${isGood ? good : 'NOT as signed'}`);
  if (!isGood) process.exitCode = 1;
}

const { dsseEnvelope } = JSON.parse(readFileSync(`${modulePath}.sigstore.json`, 'utf8'));
const payload = Buffer.from(dsseEnvelope.payload, 'base64');
// What DSSE signs: the type and the payload, each with its length in front.
const signed = Buffer.concat([
  Buffer.from(`DSSEv1 ${dsseEnvelope.payloadType.length} ${dsseEnvelope.payloadType} ${payload.length} `),
  payload,
]);
const key = createPublicKey(readFileSync(keyPath));
const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
const signatures = dsseEnvelope.signatures.map(({ sig }) => Buffer.from(sig, 'base64'));
hold(
  'signature',
  signatures.some((sig) => verify(algorithm, signed, key, sig)),
  'good',
);

const statement = JSON.parse(payload.toString('utf8'));
hold('module', statement.subject[0].digest.sha256 === sha256(readFileSync(modulePath)), 'as signed');
for (const { name, sha256: digest } of statement.predicate.sources)
  hold('source', digest === sha256(readFileSync(join(policies, name))), `${name} as signed`);
