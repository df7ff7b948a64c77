/** Where a followed bundle comes from: a file, or an address (http, https). Nothing that is read here is trusted yet. */
import { BundleError, coded } from '../errors.ts';
import { codeOf } from '../file-turn.ts';
import { builtin } from '../host.ts';
import type { Timers } from './timers.ts';

interface Reply {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}
declare const fetch: (url: string, options: object) => Promise<Reply>;
declare const AbortController: new () => { readonly signal: unknown; abort(why: Error): void };
declare const URL: new (text: string) => {
  readonly href: string;
  readonly host: string;
  readonly pathname: string;
};

/** Bounds of one fetch. */
export interface Bounds {
  /** Milliseconds until a reply must be complete. */
  readonly timeout: number;
  readonly after: Timers['after'];
  /** Bytes. */
  readonly size: number;
}

/** What a source has: `null` where there is nothing, `undefined` where nothing has changed since `accept`. */
export type Found = Uint8Array | null | undefined;

export interface Source {
  /** For messages: where it is, without what may be a secret. */
  readonly name: string;
  /** @throws BundleError `source_unreachable`, `module_too_large` */
  read(): Promise<Found>;
  /** What was read last is in use: from now on only what differs is of interest. */
  accept(): void;
  /** Calls back when something may have changed; nothing for sources that have to be asked. */
  watch?(changed: () => void): () => void;
}

const isAddress = (where: string): boolean => /^https?:/.test(where);

/** Of a file: or of any other text, as a path. */
function pathOf(where: string): string {
  if (!where.startsWith('file:')) return where;
  return (builtin('node:url') as { fileURLToPath(url: string): string }).fileURLToPath(where);
}

async function collect(reply: Reply, size: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of reply.body ?? []) {
    length += part.length;
    // Before it is all there: a server may send for ever.
    if (length > size) throw new BundleError('module_too_large');
    parts.push(part);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** An address is asked with the `ETag` of what is in use (RFC 9110 §13.1.2), so that what has not changed is not sent. */
/** What went wrong, where: `fetch failed` alone says neither. */
function unreachable(name: string, error: unknown): BundleError {
  if (error instanceof BundleError) return error;
  const { message, cause } = error as Error & { readonly cause?: unknown };
  const reason = (cause as Error | undefined)?.message;
  return coded('source_unreachable', new Error(`${name}: ${message}${reason ? `, ${reason}` : ''}`));
}

function addressSource(where: string, { timeout, after, size }: Bounds): Source {
  const { href, host, pathname } = new URL(where);
  const name = host + pathname;
  let accepted: string | null = null;
  let last: string | null = null;
  return {
    name,
    async read() {
      const headers = accepted === null ? {} : { 'if-none-match': accepted };
      const controller = new AbortController();
      const endWait = after(timeout, () => controller.abort(new Error(`no reply within ${timeout} ms`)));
      try {
        const reply = await fetch(href, { headers, signal: controller.signal });
        if (reply.ok) {
          last = reply.headers.get('etag');
          return await collect(reply, size);
        }
        await reply.body?.cancel();
        if (reply.status === 304 && accepted !== null) return undefined;
        if (reply.status === 404 || reply.status === 410) return null;
        throw new Error(`the server answers ${reply.status}`);
      } catch (error) {
        throw unreachable(name, error);
      } finally {
        endWait();
      }
    },
    accept() {
      accepted = last;
    },
  };
}

interface Files {
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly stat: (path: string) => Promise<{ readonly size: number }>;
}

function fileSource(path: string, { size }: Bounds): Source {
  const fs = builtin('node:fs/promises') as Files;
  const { dirname } = builtin('node:path') as { readonly dirname: (path: string) => string };
  const { watch } = builtin('node:fs') as {
    readonly watch: (
      path: string,
      options: object,
      changed: () => void,
    ) => { close(): void; on(event: 'error', then: () => void): void };
  };
  let accepted: Uint8Array | undefined;
  let last: Uint8Array | undefined;
  const same = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
    b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
  return {
    name: path,
    async read() {
      try {
        const { size: length } = await fs.stat(path);
        if (!(length <= size)) throw new BundleError('module_too_large');
        last = new Uint8Array(await fs.readFile(path));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw unreachable(path, error);
      }
      return same(last, accepted) ? undefined : last;
    },
    accept() {
      accepted = last;
    },
    watch(changed) {
      try {
        // The directory, not the file: what replaces it is another file, and Kubernetes swaps the link `..data` beside it.
        const watcher = watch(dirname(path), { persistent: false }, changed);
        watcher.on('error', () => watcher.close());
        return () => watcher.close();
      } catch {
        // No watches are left, or the file system has none: it is asked from time to time all the same.
        return () => undefined;
      }
    },
  };
}

/** @param where - a path, or a URL with `file:`, `http:` or `https:` */
export function sourceOf(where: string, bounds: Bounds): Source {
  return isAddress(where) ? addressSource(where, bounds) : fileSource(pathOf(where), bounds);
}
