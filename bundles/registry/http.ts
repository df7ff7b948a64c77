/** A registry behind an address: files are read by GET and written by conditional PUT (RFC 9110 §13.1). */
import { BundleError } from '@plan-lint/runtime';
import { filePath, headPath } from '@plan-lint/runtime/tools';
import { UsageError } from '../failure.ts';
import { MAX_FILE, MAX_HEAD, type RegistryStore } from './store.ts';

export interface HttpOptions {
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** Milliseconds until a reply must be complete; default 30,000. */
  readonly timeout?: number;
}

/** Loopback: what is sent there stays on this machine. */
export const isLocal = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** A reply's body, no further than `limit`. @throws BundleError `module_too_large` */
export async function bodyOf(reply: Response, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > limit) throw new BundleError('module_too_large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Asks a server. What went wrong is told with its address and without its query. @throws BundleError `source_unreachable` */
export async function ask(url: URL, init: RequestInit, timeout: number): Promise<Response> {
  const name = url.host + url.pathname;
  try {
    // Nothing is followed elsewhere: a token, or what is published, is for this server.
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeout) });
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `, ${cause.message}` : '';
    throw new BundleError('source_unreachable', `${name}: ${message}${reason}`);
  }
}

/** What a server answers beside what was hoped for, as an error. */
export function refusedBy({ host, pathname }: URL, status: number): Error {
  if (status === 401 || status === 403)
    return new UsageError(
      `${host} lets nobody do that without a permission (${status})`,
      'give the token in a variable: --token-env REGISTRY_TOKEN',
    );
  return new BundleError('source_unreachable', `${host}${pathname}: the server answers ${status}`);
}

/** @throws UsageError where a token would go over the wire in the clear */
export function httpStore(address: string, { token, timeout = 30_000 }: HttpOptions = {}): RegistryStore {
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  if (token !== undefined && base.protocol !== 'https:' && !isLocal(base.hostname))
    throw new UsageError(`the token would go to ${base.host} in the clear`, 'write https://');
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const at = (path: string): URL => {
    const url = new URL(path, base);
    url.search = base.search;
    return url;
  };

  async function get(path: string, limit: number): Promise<{ bytes: Uint8Array; tag: string | null } | null> {
    const url = at(path);
    const reply = await ask(url, { headers: authorization }, timeout);
    if (reply.ok) return { bytes: await bodyOf(reply, limit), tag: reply.headers.get('etag') };
    await reply.body?.cancel();
    if (reply.status === 404 || reply.status === 410) return null;
    throw refusedBy(url, reply.status);
  }

  /** @returns whether the condition held */
  async function put(path: string, body: Uint8Array, condition: Record<string, string>): Promise<boolean> {
    const url = at(path);
    const headers = { ...authorization, ...condition, 'content-type': 'application/octet-stream' };
    const reply = await ask(url, { method: 'PUT', headers, body }, timeout);
    await reply.body?.cancel();
    if (reply.status === 412 || reply.status === 409) return false;
    if (!reply.ok) throw refusedBy(url, reply.status);
    return true;
  }

  return {
    name: base.host + base.pathname,
    async readHead(channel) {
      const found = await get(headPath(channel), MAX_HEAD);
      // Weak tags tell no bytes apart (RFC 9110 §8.8.1).
      return found && { bytes: found.bytes, tag: found.tag?.startsWith('"') ? found.tag : '' };
    },
    readFile: async (sha256) => (await get(filePath(sha256), MAX_FILE))?.bytes ?? null,
    async addFile(sha256, content) {
      await put(filePath(sha256), content, { 'if-none-match': '*' });
    },
    async replaceHead(channel, { bytes }, tag) {
      if (tag === '')
        throw new UsageError(
          `${base.host} gives no strong \`ETag\`: a head could replace another one that nobody has seen`,
          'publish to the directory or bucket behind it, or to a server that honours `If-Match`',
        );
      return put(headPath(channel), bytes, tag === null ? { 'if-none-match': '*' } : { 'if-match': tag });
    },
  };
}
