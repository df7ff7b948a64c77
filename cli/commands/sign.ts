/** `plan-lint sign`: signatures over what `bundle --unsigned` left, over a co-signer's bundle, or over a trust root. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
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
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { createFiles } from '../files.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { shown } from '../text/shown.ts';
import { writtenFiles } from '../text/written.ts';
import type { PrintFormat } from '../text/written.ts';
import { refuseRepeated, signTarget } from '../trust/sign-target.ts';
import type { SignTarget, TargetOptions } from '../trust/sign-target.ts';
import { tryModule } from '../../bundles/trial.ts';
import { checkMap, mapReport } from '../../bundles/source-map.ts';
import { passphraseFrom, readKey, readPem, signersFrom, type SignerOptions } from '../trust/signers.ts';

export interface SignOptions extends SignerOptions, TargetOptions {
  /** The module or archive, or with `as: 'trust'` a trust root. */
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
  readonly format?: PrintFormat;
}

interface Payload {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Of a bundle's own statement. */
  readonly predicate?: BundlePredicate;
}

/**
 * What the signature is about, for people: the statement was made by somebody else, and nothing but this signature vouches
 * for what it says beside the digest.
 */
function about({ predicate }: Payload, format: PrintFormat | undefined): string {
  if (!predicate || format === 'json') return '';
  const { name, version, sequence, audience, not_before, expires } = predicate;
  return (
    shown`statement    ${name} ${version}, sequence ${sequence}, for ${audience.join(', ') || 'any environment'}\n` +
    shown`             from ${not_before ?? 'any time'} until ${expires ?? 'withdrawn'}\n`
  );
}

/** The statement to sign: left by `bundle --unsigned`, or the one a first signer has signed. */
function bundlePayload({ name, content, statement, sidecars, map }: SignTarget): Payload & {
  predicate: BundlePredicate;
} {
  const [first] = sidecars;
  const bytes = statement ?? (first && parseSidecar(first).payload);
  if (!bytes) {
    throw new UsageError(
      `there is no statement for \`${name}\``,
      'make it with `plan-lint bundle --unsigned`, or pass a bundle somebody has signed',
    );
  }
  const made = parseStatement(bytes);
  if (made.subject[0]?.digest.sha256 !== sha256Hex(content)) throw new SignError('PL6015');
  checkMap(mapReport(name, made, map));
  return { bytes, type: PAYLOAD_TYPE, predicate: made.predicate };
}

async function payloadFor(options: SignOptions, target: SignTarget): Promise<Payload> {
  if (options.as === 'trust') {
    parseTrustRoot(target.content);
    return { bytes: target.content, type: TRUST_PAYLOAD_TYPE };
  }
  const payload = bundlePayload(target);
  const { map } = target;
  await tryModule({
    module: target.content,
    predicate: payload.predicate,
    sourceMap: map && (() => Buffer.from(map).toString()),
  });
  if (!options.provenance) return payload;
  // SLSA v1 §builder.id: what a reader decides by; a made-up one would be worse than none.
  if (options.provenance.builder === '') {
    throw new UsageError('--provenance needs --builder', 'give the URI of whoever ran the build');
  }
  const bytes = provenanceStatement(target.name, target.content, payload.predicate, options.provenance);
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

async function pssSignature(options: SignOptions, bytes: Uint8Array, io: Io): Promise<Uint8Array> {
  const [path] = options.key ?? [];
  if (path === undefined)
    throw new UsageError('--pss needs --key', 'RSA-PSS signatures are made with a key file');
  return signPss(bytes, await readKey(path, passphraseFrom(io, options.passphraseEnv), io));
}

export function sign(options: SignOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const target = await signTarget(options, io);
    const payload = await payloadFor(options, target);
    if (options.payloadOut !== undefined) {
      const out = resolve(io.cwd, options.payloadOut);
      await createFiles([{ path: out, content: preAuthenticationEncoding(payload.bytes, payload.type) }]);
      io.stdout(about(payload, options.format) + writtenFiles('to sign', [out], options.format));
      return EXIT.ok;
    }
    if (!options.provenance) target.ready();
    const made = await makeSidecars(options, payload, io);
    if (options.provenance) {
      const files = made.map((content) => ({ path: target.provenance, content }));
      await createFiles(files);
      io.stdout(writtenFiles('signature', [target.provenance], options.format));
      return EXIT.ok;
    }
    refuseRepeated(options.file, target.sidecars, made);
    const pss = options.pss === true && ((bytes: Uint8Array) => pssSignature(options, bytes, io));
    const files = await target.with(made, ...(pss ? [pss] : []));
    await target.write(files);
    const paths = files.map(({ path }) => path);
    io.stdout(about(payload, options.format) + writtenFiles('signature', paths, options.format));
    return EXIT.ok;
  });
}
