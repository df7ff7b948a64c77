/** A bundle as one piece of bytes: a single file, or an archive, of which module and sidecars are taken. */
import { BundleError } from './errors.ts';
import { builtin } from './host.ts';
import { fromUtf8 } from './platform.ts';

const BLOCK = 512;
const MAX_BYTES = 64 * 1024 * 1024;

/** What `loadBundle` takes; `signatures` is left out for a single file. */
export interface Unpacked {
  readonly module: Uint8Array;
  readonly signatures: readonly Uint8Array[] | undefined;
}

const refuse = (why: string): never => {
  throw new BundleError('module_malformed', `the archive: ${why}`);
};

/** POSIX.1-2017 pax, ustar: text ends at a NUL, numbers are octal. */
const textAt = (block: Uint8Array, at: number, length: number): string =>
  fromUtf8(block.subarray(at, at + length)).replace(/\0[^]*$/, '');

function entriesOf(tar: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const entries = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + BLOCK);
    const octal = textAt(header, 124, 12).trim();
    const size = /^[0-7]+$/.test(octal) ? parseInt(octal, 8) : refuse('a size is none');
    // The type `0`, a regular file.
    if (header[156] !== 0x30) refuse('an entry is no regular file');
    const prefix = textAt(header, 345, 155);
    const path = (prefix && `${prefix}/`) + textAt(header, 0, 100);
    if (entries.has(path)) refuse('a path is there twice');
    const start = at + BLOCK;
    if (start + size > tar.length) refuse('it is cut short');
    entries.set(path, tar.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

/**
 * Takes a bundle apart that came as one piece. What else an archive holds (policies, tests) decides nothing, and is not
 * looked at: `plan-lint verify` does that.
 *
 * @throws BundleError `module_malformed` for an archive without exactly one module
 */
export function unpack(bytes: Uint8Array): Unpacked {
  // RFC 1952 §2.3.1: how a gzip file begins. No text of a module does.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { module: bytes, signatures: undefined };
  const { gunzipSync } = builtin('node:zlib') as {
    readonly gunzipSync: (data: Uint8Array, options: object) => Uint8Array;
  };
  let tar: Uint8Array;
  try {
    tar = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch {
    return refuse('it is no gzip file, or too large');
  }
  const entries = entriesOf(tar);
  const modules = [...entries].filter(([path]) => /^[^/]+\.mjs$/.test(path));
  const [name, module] = modules[0] ?? refuse('it holds no module');
  if (modules.length > 1) refuse('it holds more than one module');
  const isSidecar = (path: string): boolean =>
    path.startsWith(`${name}.`) && /^(?:\d+\.)?sigstore\.json$/.test(path.slice(name.length + 1));
  return {
    module: new Uint8Array(module),
    signatures: [...entries].flatMap(([path, content]) => (isSidecar(path) ? [new Uint8Array(content)] : [])),
  };
}
