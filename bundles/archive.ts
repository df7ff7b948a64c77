/** A bundle as one file: module, sidecars, sources, tests and statement in a reproducible `.tar.gz`. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { BundleError, parsePlan } from '@plan-lint/runtime';
import type { BundlePredicate, Statement } from '@plan-lint/runtime/contract';
import { sha256Hex } from '../compiler/6-sign/index.ts';
import { UsageError } from './failure.ts';
import { isPlainPath } from './plain-path.ts';

/** Where things are in an archive; `tar -xzf` then gives a directory `policies/` to work with. */
export const ARCHIVE = {
  sources: 'policies/',
  tests: 'tests/',
  testReport: 'test-report.json',
  statement: 'statement.json',
} as const;

const BLOCK = 512;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 10_000;
const SIDECAR = /\.mjs(\.\d+)?\.sigstore\.json$/;

/** Path of the source map in an archive. */
const mapOf = (module: string): string => `${module}.map`;

export type Entries = ReadonlyMap<string, Uint8Array>;

/** The same entries, the same bytes: sorted, without owners, and from the beginning of time. */
export function writeArchive(entries: Entries): Uint8Array {
  const zipped = gzipSync(tarOf(entries), { level: 9 });
  // RFC 1952 §2.3.1: the operating system that made the file; 255 is "unknown", on all of them.
  zipped[9] = 255;
  return zipped;
}

function tarOf(entries: Entries): Buffer {
  const blocks: Buffer[] = [];
  for (const [path, content] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const header = Buffer.alloc(BLOCK);
    const fields = { path, size: content.length, type: 'File', mode: 0o644, mtime: new Date(0) } as const;
    // A name beyond ASCII asks for an extended header too, and needs none where its UTF-8 stands here whole.
    if (new Header(fields).encode(header, 0) && new Header(header, 0).path !== path) {
      throw new UsageError(`the path \`${path}\` is too long for an archive`, 'shorten it to 100 bytes');
    }
    blocks.push(header, Buffer.from(content), Buffer.alloc(-content.length & (BLOCK - 1)));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/**
 * Reads what `writeArchive` writes and nothing else, block by block: programs differ in what they make of extended
 * headers, sparse files or what follows the end, so `tar -xzf` could unpack something else than was verified.
 *
 * @throws BundleError `module_malformed` for anything else: links, paths that leave, doubles, another order
 */
export function readArchive(bytes: Uint8Array): Entries {
  let tar: Buffer;
  try {
    tar = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch {
    throw refused('it is not a gzip file, or too large');
  }
  const entries = new Map<string, Uint8Array>();
  for (let at = 0; at + 2 * BLOCK < tar.length;) {
    const { path = '', type, size = 0 } = headerAt(tar, at);
    if (type !== 'File') throw refused(`${path} is no regular file`);
    if (!isPlainPath(path)) throw refused(`${path} is no path inside the archive`);
    if (entries.has(path)) throw refused(`${path} is there twice`);
    if (entries.size >= MAX_ENTRIES) throw refused('it has too many entries');
    const start = at + BLOCK;
    entries.set(path, tar.subarray(start, start + size));
    at = start + size + (-size & (BLOCK - 1));
  }
  if (!isTarOf(entries, tar)) throw refused('it is not as plan-lint writes it');
  return entries;
}

function headerAt(tar: Buffer, at: number): Header {
  try {
    const header = new Header(tar, at);
    if (header.cksumValid) return header;
  } catch {
    // A number that is none.
  }
  throw refused('it is not a tar file');
}

function isTarOf(entries: Entries, tar: Buffer): boolean {
  try {
    return tarOf(entries).equals(tar);
  } catch {
    // A path that would not have been written.
    return false;
  }
}

const refused = (why: string): BundleError => new BundleError('module_malformed', `the archive: ${why}`);

/** The bundle in an archive. */
export interface ArchivedBundle {
  /** Name of the module. */
  readonly name: string;
  readonly module: Uint8Array;
  /** Empty where nobody has signed yet. */
  readonly sidecars: readonly Uint8Array[];
  /** The bytes that were signed, or are to be. */
  readonly statement: Uint8Array;
  /** The source map, if there is one. */
  readonly map: Uint8Array | undefined;
  /** The policies by path. */
  readonly sources: Entries;
}

/**
 * Module, statement and sidecars of an archive, after a look at everything else in it: each entry's digest must be
 * in the statement of every sidecar. The statements are verified by whoever loads the module with these same
 * sidecars.
 *
 * @throws BundleError `module_malformed` where an entry is not covered, or there is no module or no statement
 */
export function archivedBundle(entries: Entries): ArchivedBundle {
  const modules = [...entries.keys()].filter((path) => path.endsWith('.mjs'));
  const [name = ''] = modules;
  const module = entries.get(name);
  if (!module || modules.length > 1) throw refused('it does not hold exactly one module');
  const isSidecar = (path: string): boolean => SIDECAR.test(path) && path.startsWith(`${name}.`);
  const sidecars = [...entries].flatMap(([path, content]) => (isSidecar(path) ? [content] : []));
  const statement = entries.get(ARCHIVE.statement) ?? (sidecars[0] && payloadOf(sidecars[0]));
  if (!statement) throw refused('it holds neither a statement nor a signature');
  for (const payload of [statement, ...sidecars.map(payloadOf)]) {
    const covered = digestsOf(payload, name, entries);
    for (const [path, content] of entries) {
      if (path === name || isSidecar(path)) continue;
      const signed = path === ARCHIVE.statement ? sha256Hex(payload) : covered.get(path);
      if (signed !== sha256Hex(content)) throw refused(`${path} is not covered by the signature`);
    }
  }
  const sources = [...entries].flatMap(([path, content]) =>
    path.startsWith(ARCHIVE.sources) ? [[path.slice(ARCHIVE.sources.length), content] as const] : [],
  );
  return { name, module, sidecars, statement, map: entries.get(mapOf(name)), sources: new Map(sources) };
}

function payloadOf(sidecar: Uint8Array): Uint8Array {
  try {
    const { dsseEnvelope } = parsePlan(Buffer.from(sidecar).toString('utf8')) as {
      readonly dsseEnvelope: { readonly payload: string };
    };
    return Buffer.from(dsseEnvelope.payload, 'base64');
  } catch {
    throw refused('a signature in it cannot be read');
  }
}

/** Digests that a statement vouches for, by path in the archive; those of the tests by way of their report. */
function digestsOf(payload: Uint8Array, module: string, entries: Entries): ReadonlyMap<string, string> {
  const covered = new Map<string, string>();
  try {
    const {
      predicate,
      subject: [, map],
    } = parsePlan(Buffer.from(payload).toString('utf8')) as Pick<Statement, 'subject'> & {
      readonly predicate: Pick<BundlePredicate, 'sources' | 'catalog' | 'tests'>;
    };
    // That the second subject is a source map and nothing else is for the loader to check.
    if (map) covered.set(mapOf(module), map.digest.sha256);
    const { sources, catalog } = predicate;
    for (const { name, sha256 } of catalog ? [...sources, catalog] : sources)
      covered.set(ARCHIVE.sources + name, sha256);
    const report = entries.get(ARCHIVE.testReport);
    if (predicate.tests && report && sha256Hex(report) === predicate.tests.sha256) {
      covered.set(ARCHIVE.testReport, predicate.tests.sha256);
      const { files } = parsePlan(Buffer.from(report).toString('utf8')) as {
        readonly files: BundlePredicate['sources'];
      };
      for (const { name, sha256 } of files) covered.set(ARCHIVE.tests + name, sha256);
    }
  } catch {
    throw refused('its statement cannot be read');
  }
  return covered;
}
