/**
 * A registry of containers as a registry of bundles (OCI distribution specification 1.1). A channel is a tag; its manifest is an
 * artifact of two layers: the head, and the file that the head names, so that the registry keeps both.
 */
import { BundleError } from '@plan-lint/runtime';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import { UsageError } from '../failure.ts';
import { ask, bodyOf, isLocal, refusedBy } from './http.ts';
import { MAX_FILE, MAX_HEAD, type HeadFile, type RegistryStore } from './store.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const ARTIFACT = 'application/vnd.plan-lint.channel.v1+json';
const HEAD = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const FILE = 'application/vnd.plan-lint.bundle.v1';
/** image-spec: the content of a config that says nothing. */
const EMPTY = Buffer.from('{}');
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const TIMEOUT = 30_000;

interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Tags have no `/`, and names of channels no two dots. */
const tagOf = (channel: string): string => channel.replaceAll('/', '..');
const digestOf = (bytes: Uint8Array): string => `sha256:${sha256Hex(bytes)}`;

const layer = (mediaType: string, digest: string, size: number): Layer => ({ mediaType, digest, size });

function manifestOf({ bytes, file }: HeadFile): Uint8Array {
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: ARTIFACT,
    config: layer(EMPTY_TYPE, digestOf(EMPTY), EMPTY.length),
    layers: [layer(HEAD, digestOf(bytes), bytes.length), layer(FILE, `sha256:${file.sha256}`, file.size)],
  };
  return Buffer.from(JSON.stringify(manifest));
}

/** Digest of the head in a manifest that nobody has to believe: the head itself is signed. */
function headIn(manifest: Uint8Array, where: string): string {
  try {
    const { artifactType, layers } = parseJson(Buffer.from(manifest).toString()) as {
      readonly artifactType?: unknown;
      readonly layers?: readonly Partial<Layer>[];
    };
    const digest = layers?.[0]?.mediaType === HEAD ? layers[0].digest : undefined;
    if (artifactType === ARTIFACT && typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest))
      return digest;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
  }
  throw new BundleError('source_unreachable', `${where} is no channel`);
}

/**
 * @param where - `oci://host/repository`; plain HTTP on loopback
 * @throws UsageError for an address without a repository
 */
export function ociStore(where: string, token?: string): RegistryStore {
  const [, host = '', repository = ''] =
    /^oci:\/\/([\w.-]+(?::\d+)?)\/([a-z0-9][a-z0-9._/-]*)$/.exec(where) ?? [];
  if (host === '' || repository === '')
    throw new UsageError(`\`${where}\` names no repository`, 'write oci://registry.example/team/policies');
  const protocol = isLocal(host.replace(/:\d+$/, '')) ? 'http' : 'https';
  const base = `${protocol}://${host}/v2/${repository}`;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function get(path: string, limit: number): Promise<Uint8Array | null> {
    const url = new URL(`${base}${path}`);
    const reply = await ask(url, { headers: { ...authorization, accept: `${MANIFEST}, */*` } }, TIMEOUT);
    if (reply.ok) return bodyOf(reply, limit);
    await reply.body?.cancel();
    if (reply.status === 404) return null;
    throw refusedBy(url, reply.status);
  }

  async function send(method: string, url: URL, type: string, body?: Uint8Array): Promise<Response> {
    const headers = { ...authorization, 'content-type': type };
    const reply = await ask(url, { method, headers, ...(body && { body }) }, TIMEOUT);
    await reply.body?.cancel();
    if (!reply.ok) throw refusedBy(url, reply.status);
    return reply;
  }

  /** distribution-spec, "Pushing a blob monolithically": POST, then PUT where it says. */
  async function pushBlob(content: Uint8Array): Promise<void> {
    const start = new URL(`${base}/blobs/uploads/`);
    const { headers } = await send('POST', start, 'application/octet-stream');
    const upload = new URL(headers.get('location') ?? '', start);
    // What is published is for this registry, and so is the token.
    if (upload.host !== start.host)
      throw new BundleError('source_unreachable', `${host} wants the file to be sent to ${upload.host}`);
    upload.searchParams.set('digest', digestOf(content));
    await send('PUT', upload, 'application/octet-stream', content);
  }

  const manifest = (channel: string): Promise<Uint8Array | null> =>
    get(`/manifests/${tagOf(channel)}`, MAX_HEAD);

  return {
    name: `${host}/${repository}`,
    async readHead(channel) {
      const found = await manifest(channel);
      if (!found) return null;
      const bytes = await get(`/blobs/${headIn(found, `${host}/${repository}:${tagOf(channel)}`)}`, MAX_HEAD);
      return bytes && { bytes, tag: sha256Hex(found) };
    },
    readFile: (sha256) => get(`/blobs/sha256:${sha256}`, MAX_FILE),
    addFile: (_, content) => pushBlob(content),
    async replaceHead(channel, head, tag) {
      for (const blob of [EMPTY, head.bytes]) await pushBlob(blob);
      // The specification has no conditional PUT: who publishes between this look and the next line is written over, and
      // followers who saw that head refuse this one (`channel_forked`).
      const there = await manifest(channel);
      if ((there === null ? null : sha256Hex(there)) !== tag) return false;
      await send('PUT', new URL(`${base}/manifests/${tagOf(channel)}`), MANIFEST, manifestOf(head));
      return true;
    },
  };
}
