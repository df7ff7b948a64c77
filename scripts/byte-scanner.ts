/**
 * The scanner of `engine/bytes/scanner/`, compiled by AssemblyScript: the same sources and compiler, the same bytes. It takes seconds,
 * so what the build has made of the same sources is taken as it is.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const SOURCES = 'engine/bytes/scanner/';
const ENTRY = `${SOURCES}plan.ts`;
const COMPILER = fileURLToPath(new URL('node_modules/assemblyscript/bin/asc.js', root));
const BUILT = new URL('dist/byte-scanner.js', root);

const FLAGS = [
  // `-O3` takes whole functions into their callers: a third more bytes for a tenth of the time.
  ...['-O2', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='],
  // All of its memory from the start, so that no view of it comes loose; what it names itself stands below `SPELLINGS`.
  ...['--initialMemory', '128', '--maximumMemory', '128', '--memoryBase', '1024', '--bindings', 'none'],
  // Places are 32 bits wide here.
  ...['--disableWarning', '201'],
];

const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** Of all that the bytes depend on. */
export function scannerDigest(): string {
  const hash = createHash('sha256');
  const sources = readdirSync(new URL(SOURCES, root)).filter((name) => name.endsWith('.ts'));
  for (const path of ['engine/bytes/format.ts', ...sources.sort().map((name) => SOURCES + name)])
    hash.update(`${path}\n${read(path)}\n`);
  hash.update(FLAGS.join(' ')).update(read('node_modules/assemblyscript/package.json'));
  return hash.digest('hex');
}

/** The text of the module that the compiler finds ready, for this digest of the sources. */
const moduleText = (digest: string, scanner: string): string =>
  `// ${digest}\nexport const SCANNER = '${scanner}';\n`;

function byteScannerText(): string {
  const digest = scannerDigest();
  const built = existsSync(BUILT) ? readFileSync(BUILT, 'utf8') : '';
  return built.startsWith(`// ${digest}\n`) ? built : moduleText(digest, compileScanner().toString('base64'));
}

/**
 * In a process of its own, for the compiler replaces `Array.prototype.sort`, and no bundle loads where a built-in has been replaced.
 *
 * @throws Error with what AssemblyScript says where the scanner does not compile
 */
export function compileScanner(): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'plan-lint-scanner-'));
  try {
    const output = join(directory, 'scanner.wasm');
    const { status, stderr } = spawnSync(process.execPath, [COMPILER, ENTRY, ...FLAGS, '--outFile', output], {
      cwd: fileURLToPath(root),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the scanner does not compile:\n${stderr}`);
    return readFileSync(output);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Made once a process. */
export const SCANNER_TEXT = byteScannerText();
export const SCANNER: string = /SCANNER = '([^']*)'/.exec(SCANNER_TEXT)?.[1] ?? '';
