/** `plan-lint sign`: signatures over what `bundle --unsigned` left, over a co-signer's bundle, or over a trust root. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseTrustRoot } from '@plan-lint/runtime';
import { PAYLOAD_TYPE, TRUST_PAYLOAD_TYPE, type BundlePredicate } from '@plan-lint/runtime/contract';
import { parseSidecar, parseStatement } from '@plan-lint/runtime/tools';
import {
  attachSignature,
  preAuthenticationEncoding,
  provenanceStatement,
  readPublicKey,
  sha256Hex,
  SignError,
  signerKey,
  signPayload,
  signPss,
  type BuildFacts,
} from '../../compiler/6-sign/index.ts';
import {
  provenancePath,
  pssPath,
  readIfThere,
  readSidecars,
  sidecarPath,
  statementPath,
} from '../bundle-files.ts';
import { reportFailures, UsageError } from '../failure.ts';
import { createFiles } from '../files.ts';
import { EXIT, type Io } from '../io.ts';
import { passphraseFrom, readKey, readPem, signersFrom, type SignerOptions } from '../signers.ts';

export interface SignOptions extends SignerOptions {
  /** The module, or with `as: 'trust'` a trust root. */
  readonly file: string;
  readonly as?: 'bundle' | 'trust';
  /** Write the bytes that have to be signed here, and do nothing else. */
  readonly payloadOut?: string;
  /** A signature made elsewhere over those bytes; needs `publicKey`. */
  readonly attach?: string;
  /** Also write `FILE.sig` as earlier Python deployments check it; needs an RSA `key`. */
  readonly pss?: boolean;
  /** Sign a SLSA provenance statement instead of the bundle's own. */
  readonly provenance?: BuildFacts;
}

interface Payload {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** The statement to sign: left by `bundle --unsigned`, or the one a first signer has signed. */
async function bundlePayload(
  path: string,
  module: Uint8Array,
): Promise<Payload & { predicate: BundlePredicate }> {
  const [first] = await readSidecars(path);
  const bytes = (await readIfThere(statementPath(path))) ?? (first && parseSidecar(first).payload);
  if (!bytes) {
    throw new UsageError(
      `there is no statement for \`${basename(path)}\``,
      'make it with `plan-lint bundle --unsigned`, or pass a bundle somebody has signed',
    );
  }
  const { subject, predicate } = parseStatement(bytes);
  if (subject[0]?.digest.sha256 !== sha256Hex(module)) throw new SignError('PL6015');
  return { bytes, type: PAYLOAD_TYPE, predicate };
}

async function payloadFor(options: SignOptions, path: string, content: Uint8Array): Promise<Payload> {
  if (options.as === 'trust') {
    parseTrustRoot(content);
    return { bytes: content, type: TRUST_PAYLOAD_TYPE };
  }
  const payload = await bundlePayload(path, content);
  if (!options.provenance) return payload;
  // SLSA v1 §builder.id: what a reader decides by; a made-up one would be worse than none.
  if (options.provenance.builder === '') {
    throw new UsageError('--provenance needs --builder', 'give the URI of whoever ran the build');
  }
  const bytes = provenanceStatement(basename(path), content, payload.predicate, options.provenance);
  return { bytes, type: PAYLOAD_TYPE };
}

async function makeSidecars(options: SignOptions, payload: Payload, io: Io): Promise<Uint8Array[]> {
  if (options.attach !== undefined) {
    if (options.publicKey === undefined) {
      throw new UsageError('--attach needs --public-key', 'give the public half of the key that signed');
    }
    const key = signerKey(readPublicKey(await readPem(options.publicKey, io)));
    const signature = await readFile(resolve(io.cwd, options.attach));
    return [attachSignature(payload.bytes, key, signature, payload.type)];
  }
  const sidecars: Uint8Array[] = [];
  for (const signer of await signersFrom(options, io)) {
    sidecars.push(await signPayload(payload.bytes, signer, payload.type));
  }
  if (sidecars.length === 0) throw new SignError('PL6013');
  return sidecars;
}

async function pssSignature(options: SignOptions, module: Uint8Array, io: Io): Promise<Uint8Array> {
  const [path] = options.key ?? [];
  if (path === undefined)
    throw new UsageError('--pss needs --key', 'RSA-PSS signatures are made with a key file');
  return signPss(module, await readKey(path, passphraseFrom(io, options.passphraseEnv), io));
}

export function sign(options: SignOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const path = resolve(io.cwd, options.file);
    const content = await readFile(path);
    const payload = await payloadFor(options, path, content);
    if (options.payloadOut !== undefined) {
      const out = resolve(io.cwd, options.payloadOut);
      await createFiles([{ path: out, content: preAuthenticationEncoding(payload.bytes, payload.type) }]);
      io.stdout(`to sign      ${out}\n`);
      return EXIT.ok;
    }
    const made = await makeSidecars(options, payload, io);
    const present = options.provenance ? [] : await readSidecars(path);
    const hints = new Set(present.map((each) => parseSidecar(each).hint));
    const repeated = made.find((each) => hints.has(parseSidecar(each).hint));
    if (repeated) {
      throw new UsageError(
        `this key has signed \`${options.file}\` already`,
        'a second signature of one key counts for nothing',
      );
    }
    const files = made.map((sidecar, i) => ({
      path: options.provenance ? provenancePath(path) : sidecarPath(path, present.length + i),
      content: sidecar,
    }));
    if (options.pss === true)
      files.push({ path: pssPath(path), content: await pssSignature(options, content, io) });
    await createFiles(files);
    for (const file of files) io.stdout(`signature    ${file.path}\n`);
    return EXIT.ok;
  });
}
