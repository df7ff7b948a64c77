/** The compiler's memory on disk: parsed files and compiled patterns between runs. See docs/performance-details.md. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompileOptions, CompilerCache } from '../compiler/index.ts';
import type { Surroundings } from './surroundings.ts';

const sha256 = (key: string, bytes: Uint8Array): string =>
  createHash('sha256').update(`${key}\n`).update(bytes).digest('hex');

/** This build of the compiler, and the host's Unicode version, which character sets are read from. */
const BUILD = JSON.stringify([
  statSync(fileURLToPath(import.meta.url)).mtimeMs,
  process.versions['unicode'] ?? null,
]);

/** The digest and the end of its line. */
const HEAD = 65;

/**
 * A cache in a directory, one file a record: the digest of what follows on the first line. A record whose digest is
 * wrong is none. What cannot be read or written is left: a cache only ever saves time.
 */
export function diskCache(directory: string): CompilerCache {
  const pathOf = (name: string, key: string): string => join(directory, `${name}-${key}`);
  let broken = false;
  return {
    keyOf: (parts, text = '') =>
      createHash('sha256').update(BUILD).update(JSON.stringify(parts)).update(text).digest('hex'),
    read(name, key) {
      try {
        const record = readFileSync(pathOf(name, key));
        const [head, body] = [record.toString('latin1', 0, HEAD), record.subarray(HEAD)];
        return head === `${sha256(key, body)}\n` ? body.toString('utf8') : undefined;
      } catch {
        return undefined;
      }
    },
    write(name, key, text) {
      if (broken) return;
      // Under a name of its own first: nobody ever reads half a record.
      const draft = join(directory, `.${randomBytes(9).toString('hex')}`);
      try {
        mkdirSync(directory, { recursive: true });
        const body = Buffer.from(text);
        writeFileSync(draft, Buffer.concat([Buffer.from(`${sha256(key, body)}\n`), body]), { flag: 'wx' });
        renameSync(draft, pathOf(name, key));
      } catch {
        broken = true;
      }
    },
  };
}

/** Where the cache is when nobody says: beside the packages of the project, if it has any. */
export function defaultCacheDirectory(from: string): string | null {
  // A compiler that is being worked on changes without a new version.
  if (import.meta.url.endsWith('.ts')) return null;
  for (let at = resolve(from); ; at = dirname(at)) {
    const modules = join(at, 'node_modules');
    if (existsSync(modules)) return join(modules, '.cache', 'plan-lint');
    if (dirname(at) === at) return null;
  }
}

/**
 * The compiler's cache. For what will be signed there is none unless the command line names it: whoever can write to a
 * project's `node_modules` should not thereby write policies.
 */
export function cacheFor(
  policies: string,
  use: 'authoring' | 'signing',
  io: Surroundings,
): Pick<CompileOptions, 'cache'> {
  if (io.cache === false) return {};
  const named = io.cache === undefined ? null : resolve(io.cwd, io.cache);
  const directory = named ?? (use === 'authoring' ? defaultCacheDirectory(policies) : null);
  return directory === null ? {} : { cache: diskCache(directory) };
}
