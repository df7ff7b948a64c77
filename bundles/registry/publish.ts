/** Publishing: a file under its digest, then the head of a channel that names it. */
import { BundleError, parseTrustRoot, verifyBundle } from '@plan-lint/runtime';
import type { TrustRoot, VerifiedBundle, VerifyOptions } from '@plan-lint/runtime';
import {
  CHANNEL_TYPE,
  parseSidecar,
  parseStatement,
  splitSingleFile,
  unpack,
  verifyChannel,
} from '@plan-lint/runtime/tools';
import type { ChannelPredicate, VerifiedChannel } from '@plan-lint/runtime/tools';
import { sha256Hex, signPayload, statementBytes, type Signer } from '../../compiler/6-sign/index.ts';
import { UsageError } from '../failure.ts';
import { fetchFile } from './pull.ts';
import type { RegistryStore, Stored } from './store.ts';

export interface PublishInput {
  readonly channel: string;
  /** The bundle in one piece; `null`: that which the channel names already, for longer. */
  readonly file: { readonly name: string; readonly content: Uint8Array } | null;
  readonly trust: Uint8Array;
  readonly load: VerifyOptions;
  readonly signers: readonly Signer[];
  /** How long the head holds, milliseconds. */
  readonly life: number;
  /** The head's number is at least this one: for a registry that has lost its heads. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Published extends ChannelPredicate {
  readonly file: { readonly name: string; readonly sha256: string };
  /** What the channel named before. */
  readonly before: VerifiedChannel | null;
}

/** A head as it is in the registry. */
interface Current {
  readonly stored: Stored | null;
  readonly head: VerifiedChannel | null;
}

async function currentHead(store: RegistryStore, root: TrustRoot, channel: string): Promise<Current> {
  const stored = await store.readHead(channel);
  // It may have expired: whoever publishes is the one to mend that.
  return { stored, head: stored && (await verifyChannel(stored.bytes, root, channel, 'issued')) };
}

function verify(content: Uint8Array, { trust, load }: PublishInput): Promise<VerifiedBundle> {
  const { module, signatures } = unpack(content);
  return verifyBundle(module, signatures, trust, load);
}

/** What no follower would take after the bundle that the channel names. @throws UsageError, BundleError */
async function requireSuccessor(
  next: VerifiedBundle,
  head: VerifiedChannel,
  store: RegistryStore,
): Promise<void> {
  const { name, sequence } = next.statement.predicate;
  if (head.bundle !== name)
    throw new UsageError(
      `the channel \`${head.channel}\` is about the bundle \`${head.bundle}\`, not \`${name}\``,
      'a follower takes one bundle: publish another one to a channel of its own',
    );
  if (head.digest === next.digest) return;
  const { module, signatures } = unpack(await fetchFile(store, head));
  const [sidecar] = signatures ?? [];
  const before = sequenceOf(module, sidecar);
  if (sequence > before) return;
  throw new UsageError(
    `the bundle has the sequence ${sequence}, and the channel is at ${before}: nobody would take it`,
    `to go back, sign the old policies anew: plan-lint bundle --sequence ${before + 1}`,
  );
}

/** The sequence of a bundle that the channel has named: whoever signed the head has vouched for it. */
function sequenceOf(module: Uint8Array, sidecar: Uint8Array | undefined): number {
  const first = sidecar ?? splitSingleFile(module).sidecars[0];
  if (!first) throw new BundleError('signature_missing');
  return parseStatement(parseSidecar(first).payload).predicate.sequence;
}

/** What the next head is about. */
async function contentOf(
  input: PublishInput,
  { head }: Current,
  store: RegistryStore,
): Promise<{ readonly name: string; readonly content: Uint8Array; readonly bundle: VerifiedBundle }> {
  const { file, channel } = input;
  if (file) {
    const bundle = await verify(file.content, input);
    if (head) await requireSuccessor(bundle, head, store);
    return { ...file, bundle };
  }
  if (!head)
    throw new UsageError(
      `there is no channel \`${channel}\` in ${store.name}`,
      'publish a bundle to it first: plan-lint publish acme.tar.gz --channel …',
    );
  const content = await fetchFile(store, head);
  return { name: head.file.name, content, bundle: await verify(content, input) };
}

/** The head, tried as every follower will. @throws BundleError `key_not_allowed`, `threshold_not_met` */
async function signHead(
  input: PublishInput,
  predicate: ChannelPredicate,
  file: { readonly name: string; readonly content: Uint8Array },
): Promise<Uint8Array> {
  const payload = statementBytes([file], CHANNEL_TYPE, predicate);
  const sidecars: Uint8Array[] = [];
  for (const signer of input.signers) sidecars.push(await signPayload(payload, signer));
  if (sidecars.length === 0)
    throw new UsageError(
      'nobody signs the head of the channel',
      'give the key of the channel: --key channel.key',
    );
  const head = Buffer.concat(sidecars);
  await verifyChannel(head, input.trust, input.channel, input.now);
  return head;
}

/**
 * Publishes a bundle to a channel, or renews its head.
 *
 * The file is there, and read back, before the head names it; the head is replaced only if nobody else has done so meanwhile.
 *
 * @throws BundleError for what no follower would take, UsageError
 */
export async function publish(store: RegistryStore, input: PublishInput): Promise<Published> {
  const { channel, life, now } = input;
  const root = parseTrustRoot(input.trust);
  const current = await currentHead(store, root, channel);
  const { name, content, bundle } = await contentOf(input, current, store);
  const sha256 = sha256Hex(content);
  const predicate: ChannelPredicate = {
    channel,
    bundle: bundle.statement.predicate.name,
    digest: bundle.digest,
    sequence: Math.max((current.head?.sequence ?? 0) + 1, input.sequence),
    issued: new Date(now).toISOString(),
    expires: new Date(now + life).toISOString(),
  };
  const bytes = await signHead(input, predicate, { name, content });
  await store.addFile(sha256, content);
  const written = await store.readFile(sha256);
  if (!written || sha256Hex(written) !== sha256)
    throw new BundleError('digest_mismatch', `${store.name} holds another file under ${sha256}`);
  const head = { bytes, file: { sha256, size: content.length } };
  if (!(await store.replaceHead(channel, head, current.stored?.tag ?? null)))
    throw new UsageError(
      `somebody else has published to \`${channel}\` meanwhile`,
      'look at what is there (plan-lint pull), and publish again',
    );
  const readBack = await store.readHead(channel);
  if (!readBack || sha256Hex(readBack.bytes) !== sha256Hex(bytes))
    throw new BundleError('channel_forked', `${store.name} does not hold the head that was written`);
  return { ...predicate, file: { name, sha256 }, before: current.head };
}
