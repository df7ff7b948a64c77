/** A channel of a registry as a source: its head says which file is current, and that file is fetched by its digest. */
import { filePath, headPath, isChannelName, noteHead, verifyChannel } from '../channel.ts';
import { BundleError } from '../errors.ts';
import type { LoaderGuard } from '../options.ts';
import { sha256 } from '../platform.ts';
import { splitSingleFile } from '../sidecar.ts';
import type { TrustRoot } from '../trust.ts';
import { unpack } from '../unpack.ts';
import { sourceOf, type Bounds, type Source } from './source.ts';

/** Of the head of a channel. */
const MAX_HEAD = 0x40000;

export interface ChannelPlace {
  /** Its directory, or its address. */
  readonly registry: string;
  readonly channel: string;
  /** The name that the bundle must have. */
  readonly bundle: string;
}

export interface ChannelDeps {
  readonly bounds: Bounds;
  readonly heads: LoaderGuard;
  /** The trust root in use. */
  readonly trust: () => TrustRoot;
  readonly now: () => number;
}

/** Below a directory or an address; what an address asks for (`?token=`) stays behind. */
function within(registry: string, path: string): string {
  const [base = '', query] = /^[a-z]+:/.test(registry) ? registry.split('?') : [registry];
  return `${base.replace(/\/+$/, '')}/${path}${query === undefined ? '' : `?${query}`}`;
}

/** @throws BundleError `digest_mismatch` unless these are the bytes of the file and its module is the one that was named */
async function requireNamed(
  bytes: Uint8Array,
  { file, digest }: { readonly file: { readonly sha256: string }; readonly digest: string },
): Promise<void> {
  if ((await sha256(bytes)) !== file.sha256)
    throw new BundleError('digest_mismatch', 'the file is not the one that the channel names');
  const { module, signatures } = unpack(bytes);
  const own = signatures ? module : splitSingleFile(module).module;
  if ((await sha256(own)) !== digest)
    throw new BundleError('digest_mismatch', 'the channel names another module');
}

/** @throws BundleError `input_invalid` for a name that no channel has */
export function channelSource(
  { registry, channel, bundle }: ChannelPlace,
  { bounds, heads, trust, now }: ChannelDeps,
): Source {
  if (!isChannelName(channel)) throw new BundleError('input_invalid', 'the name of the channel');
  const head = sourceOf(within(registry, headPath(channel)), { ...bounds, size: MAX_HEAD });
  let headInUse: Uint8Array | undefined;
  let accepted: string | undefined;
  let last: string | undefined;
  return {
    name: `channel ${channel}`,
    async read() {
      const found = await head.read();
      if (found === null)
        throw new BundleError('source_unreachable', `${head.name}: there is no such channel`);
      const content = found ?? headInUse;
      if (!content) throw new BundleError('source_unreachable', head.name);
      const root = trust();
      const at = now();
      // One that has not changed, too: it may have expired, or its key may have been revoked.
      const verified = await verifyChannel(content, root, channel, at);
      await noteHead(verified, heads, { now: at, trustVersion: root.version });
      head.accept();
      headInUse = content;
      if (verified.bundle !== bundle) throw new BundleError('name_mismatch', verified.bundle);
      last = verified.file.sha256;
      if (last === accepted) return undefined;
      const file = sourceOf(within(registry, filePath(last)), bounds);
      const bytes = await file.read();
      if (!bytes) throw new BundleError('source_unreachable', `${file.name}: there is nothing`);
      await requireNamed(bytes, verified);
      return bytes;
    },
    accept() {
      accepted = last;
    },
    ...(head.watch && { watch: (changed) => head.watch?.(changed) ?? ((): void => undefined) }),
  };
}
