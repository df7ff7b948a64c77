/** A directory of its own and captured output, for running commands as functions. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../cli/io.ts';

export interface Workplace {
  readonly io: Io;
  readonly directory: string;
  /** What was printed since the last call. */
  out(): string;
  err(): string;
  path(name: string): string;
  read(name: string): string;
  write(name: string, content: Uint8Array | string): void;
  remove(): void;
}

export function workplace(env: Readonly<Record<string, string>> = {}): Workplace {
  const directory = mkdtempSync(join(tmpdir(), 'plan-lint-'));
  const printed = { out: '', err: '' };
  const take = (stream: 'out' | 'err'): string => {
    const text = printed[stream];
    printed[stream] = '';
    return text;
  };
  return {
    directory,
    io: {
      stdout: (text) => (printed.out += text),
      stderr: (text) => (printed.err += text),
      stdin: () => Promise.resolve(new Uint8Array()),
      now: () => Date.now(),
      env,
      cwd: directory,
    },
    out: () => take('out'),
    err: () => take('err'),
    path: (name) => join(directory, name),
    read: (name) => readFileSync(join(directory, name), 'utf8'),
    write: (name, content) => writeFileSync(join(directory, name), content),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
