/** Pulling: the head of a channel, held against the trust root and against what was seen, then the file that it names. */
import { BundleError, parseTrustRoot, verifyBundle } from '@plan-lint/runtime';
import type { LoaderGuard, VerifiedBundle, VerifyOptions } from '@plan-lint/runtime';
import { noteHead, unpack, verifyChannel, type VerifiedChannel } from '@plan-lint/runtime/tools';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import type { RegistryStore } from './store.ts';

export interface PullInput {
  readonly channel: string;
  readonly trust: Uint8Array;
  /** What the bundle must satisfy. */
  readonly load: VerifyOptions;
  /** Remembers heads; `null`: nobody does. */
  readonly heads: LoaderGuard | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Pulled {
  readonly head: VerifiedChannel;
  readonly content: Uint8Array;
  readonly bundle: VerifiedBundle;
}

/** The file that a head names, byte for byte. @throws BundleError `source_unreachable`, `digest_mismatch` */
export async function fetchFile(store: RegistryStore, { file }: VerifiedChannel): Promise<Uint8Array> {
  const content = await store.readFile(file.sha256);
  if (!content)
    throw new BundleError(
      'source_unreachable',
      `${store.name} has no file ${file.name}, sha256 ${file.sha256}`,
    );
  if (sha256Hex(content) !== file.sha256)
    throw new BundleError('digest_mismatch', `${store.name} has another file under ${file.sha256}`);
  return content;
}

/** @throws BundleError with the code of the first check that fails */
export async function pull(store: RegistryStore, input: PullInput): Promise<Pulled> {
  const { channel, trust, load, heads, now } = input;
  const root = parseTrustRoot(trust);
  const stored = await store.readHead(channel);
  if (!stored) throw new BundleError('source_unreachable', `${store.name} has no channel ${channel}`);
  const head = await verifyChannel(stored.bytes, root, channel, now);
  if (heads) await noteHead(head, heads, { now, trustVersion: root.version });
  const content = await fetchFile(store, head);
  const { module, signatures } = unpack(content);
  const bundle = await verifyBundle(module, signatures, trust, { name: head.bundle, ...load, now });
  if (bundle.digest !== head.digest)
    throw new BundleError('digest_mismatch', 'the channel names another module');
  if (bundle.statement.predicate.name !== head.bundle)
    throw new BundleError('name_mismatch', bundle.statement.predicate.name);
  return { head, content, bundle };
}
