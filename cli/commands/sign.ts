/** `plan-lint sign`: signatures over what `bundle --unsigned` left, over a co-signer's bundle, or over a trust root. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BundleError, parseTrustRoot } from '@plan-lint/runtime';
import type { Statement } from '@plan-lint/runtime/contract';
import { parseSidecar } from '@plan-lint/runtime/tools';
import {
  attachSignature,
  preAuthenticationEncoding,
  readPublicKey,
  sha256Hex,
  SignError,
  signerKey,
  signPayload,
  signPss,
  verifies,
  type BuildFacts,
  type Signer,
  type SignerKey,
} from '../../compiler/6-sign/index.ts';
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { tryModule } from '../../bundles/trial.ts';
import { createFiles } from '../files.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { signingJson, signingText } from '../text/signing.ts';
import type { SigningView } from '../text/signing.ts';
import { writtenFiles } from '../text/written.ts';
import type { PrintFormat } from '../text/written.ts';
import { compareSources, isProven } from '../trust/compare-sources.ts';
import type { BuildTools } from '../trust/compare-sources.ts';
import { earlierSigners, refuseUnverified } from '../trust/earlier-signers.ts';
import { signedBy, signTarget } from '../trust/sign-target.ts';
import type { TargetOptions } from '../trust/sign-target.ts';
import type { SignTarget } from '../trust/target.ts';
import { bundlePayload, provenancePayload, trustPayload } from '../trust/sign-payload.ts';
import type { Payload } from '../trust/sign-payload.ts';
import { passphraseFrom, readKey, readPem, signersFrom, type SignerOptions } from '../trust/signers.ts';

export interface SignOptions extends SignerOptions, TargetOptions {
  /** The module, single-file bundle or archive, or with `as: 'trust'` a trust root. */
  readonly file: string;
  readonly as?: 'bundle' | 'trust';
  /** Trust root to verify the signatures by that are there already. */
  readonly trust?: string;
  /** Policy directory to hold against the statement, and to build the module from again. */
  readonly sources?: string;
  /** Sign beside a signature that does not verify, or that nobody has looked at. */
  readonly acceptUnverified?: boolean;
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

/** Whoever signs here, or has signed elsewhere. */
interface Hands {
  readonly signers: readonly Signer[];
  /** Of a signature made elsewhere. */
  readonly attached: SignerKey | null;
}

async function handsOf(options: SignOptions, io: Io): Promise<Hands> {
  if (options.attach === undefined) return { signers: await signersFrom(options, io), attached: null };
  if (options.publicKey === undefined) {
    throw new UsageError('--attach needs --public-key', 'give the public half of the key that signed');
  }
  const attached = signerKey(readPublicKey(await readPem(options.publicKey, io)));
  return { signers: [], attached };
}

/** What is to be signed, as it is: nothing of the module has run. */
async function view(
  options: SignOptions,
  target: SignTarget,
  { bytes, statement }: Payload,
  io: Io,
  tools: BuildTools,
): Promise<SigningView> {
  const given = options.trust === undefined ? [] : [await readFile(resolve(io.cwd, options.trust))];
  // The signers of a trust root are in itself and in the one before.
  const roots = [...(statement ? [] : [target.content]), ...given].map(parseTrustRoot);
  const toSign = { payload: bytes, name: statement ? statement.predicate.name : null };
  const directory = options.sources;
  if (directory !== undefined && !statement)
    throw new UsageError('a trust root has no sources', 'leave --sources out');
  return {
    predicate: statement && statement.predicate,
    digest: sha256Hex(target.content),
    signers: await earlierSigners(target.sidecars, toSign, roots, io.now()),
    sources:
      directory !== undefined && statement
        ? await compareSources(resolve(io.cwd, directory), { module: target.content, statement }, tools)
        : undefined,
  };
}

async function makeSidecars(
  options: SignOptions,
  { signers, attached }: Hands,
  payload: Pick<Payload, 'bytes' | 'type'>,
  io: Io,
): Promise<Uint8Array[]> {
  if (attached !== null) {
    const signature = await readFile(resolve(io.cwd, options.attach ?? ''));
    return [attachSignature(payload.bytes, attached, signature, payload.type)];
  }
  const sidecars: Uint8Array[] = [];
  for (const signer of signers) sidecars.push(await signPayload(payload.bytes, signer, payload.type));
  return sidecars;
}

async function pssSignature(options: SignOptions, bytes: Uint8Array, io: Io): Promise<Uint8Array> {
  const [path] = options.key ?? [];
  if (path === undefined)
    throw new UsageError('--pss needs --key', 'RSA-PSS signatures are made with a key file');
  return signPss(bytes, await readKey(path, passphraseFrom(io, options.passphraseEnv), io));
}

/**
 * Those who have not signed yet. With `--pss` one who has may come again, for the other signature: what she signed before
 * must be hers.
 *
 * @throws UsageError for a key that would sign a second time, SignError PL6006
 */
function newHands(options: SignOptions, target: SignTarget, payload: Payload, hands: Hands): Hands {
  const before = signedBy(target);
  const keys = [...hands.signers.map(({ key }) => key), ...(hands.attached ? [hands.attached] : [])];
  const repeated = keys.filter(({ id }) => before.has(id));
  if (repeated.length > 0 && !options.pss) {
    throw new UsageError(
      `this key has signed \`${options.file}\` already`,
      'a second signature of one key counts for nothing',
    );
  }
  const message = preAuthenticationEncoding(payload.bytes, payload.type);
  for (const key of repeated) {
    const own = target.sidecars.map(parseSidecar).find(({ hint }) => hint === key.id);
    if (!own || !verifies(key, message, own.signature)) throw new SignError('PL6006');
  }
  return { ...hands, signers: hands.signers.filter(({ key }) => !before.has(key.id)) };
}

/** One run of the command, when it is known what is to be signed. */
interface Request {
  readonly options: SignOptions;
  readonly target: SignTarget;
  readonly payload: Payload;
  readonly seen: SigningView;
  readonly io: Io;
}

/** Says what was written. */
function written({ options, seen, io }: Request, what: string, paths: readonly string[]): number {
  io.stdout(options.format === 'json' ? signingJson(seen, paths) : writtenFiles(what, paths));
  return EXIT.ok;
}

/** The last look before a signature, and the first time the module runs. */
async function admit({ options, target, payload, seen }: Request, isStrict: boolean): Promise<void> {
  if (isStrict && options.acceptUnverified !== true) refuseUnverified(options.file, seen.signers);
  if (!payload.statement) return;
  const { map } = target;
  await tryModule({
    module: target.content,
    predicate: payload.statement.predicate,
    sourceMap: map && (() => Buffer.from(map).toString()),
  });
}

async function signProvenance(request: Request, statement: Statement, facts: BuildFacts): Promise<number> {
  const { options, target, payload, io } = request;
  const hands = await handsOf(options, io);
  // It is about the build: who vouches for the bundle is asked where a trust root is given.
  await admit(request, options.trust !== undefined);
  const bytes = provenancePayload(target, statement, facts);
  const made = await makeSidecars(options, hands, { ...payload, bytes }, io);
  if (made.length === 0) throw new SignError('PL6013');
  await createFiles(made.map((content) => ({ path: target.provenance, content })));
  return written(request, 'signature', [target.provenance]);
}

async function writePayload(request: Request, file: string): Promise<number> {
  const { payload, io } = request;
  await admit(request, true);
  const path = resolve(io.cwd, file);
  await createFiles([{ path, content: preAuthenticationEncoding(payload.bytes, payload.type) }]);
  return written(request, 'to sign', [path]);
}

async function addSignatures(request: Request): Promise<number> {
  const { options, target, payload, io } = request;
  const hands = await handsOf(options, io);
  if (hands.signers.length === 0 && hands.attached === null) throw new SignError('PL6013');
  const fresh = newHands(options, target, payload, hands);
  const isCounted = fresh.signers.length > 0 || fresh.attached !== null;
  await admit(request, isCounted);
  if (isCounted) target.ready();
  const made = await makeSidecars(options, fresh, payload, io);
  const pss = options.pss === true && ((bytes: Uint8Array) => pssSignature(options, bytes, io));
  const files = await target.with(made, ...(pss ? [pss] : []));
  await target.write(files);
  const paths = files.map(({ path }) => path);
  return written(request, 'signature', paths);
}

/** Signs; says before what, made of which sources, and who has signed it already. */
export function sign(options: SignOptions, io: Io, tools: BuildTools = {}): Promise<number> {
  return reportFailures(io, async () => {
    const target = await signTarget(options, io);
    const payload = options.as === 'trust' ? trustPayload(target) : bundlePayload(target);
    const seen = await view(options, target, payload, io, tools);
    if (options.format !== 'json') io.stdout(signingText(seen));
    if (seen.sources && !isProven(seen.sources))
      throw new BundleError('closure_mismatch', `not signed; compared with \`${options.sources ?? ''}\``);
    const request = { options, target, payload, seen, io };
    const { statement } = payload;
    if (options.provenance && statement) return signProvenance(request, statement, options.provenance);
    if (options.payloadOut !== undefined) return writePayload(request, options.payloadOut);
    return addSignatures(request);
  });
}
