/** Runs `load.ts` in a process of its own, and reads what it says. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { AuditReader, BEGINNING } from '../../../service/audit/reader.ts';
import type { Load } from './load.ts';

export interface Driven {
  readonly process: ChildProcess;
  /** Ids that were answered for. */
  readonly answered: ReadonlySet<string>;
  /** Codes of refusals, and how often. */
  readonly refused: ReadonlyMap<string, number>;
  /** Milliseconds that opening the log took. */
  readonly ready: Promise<number>;
  /** What it says at its end; `null` when it was killed. */
  readonly ended: Promise<Readonly<Record<string, unknown>> | null>;
  /** What it wrote to standard error. */
  complaints(): string;
}

/** @param wrapper - a program that runs it, and its arguments */
export function drive(load: Load, wrapper: readonly string[] = []): Driven {
  const hooks = pathToFileURL(join(import.meta.dirname, '../../../scripts/typescript.mjs')).href;
  const script = join(import.meta.dirname, 'load.ts');
  const node = [
    process.execPath,
    '--conditions=@plan-lint/source',
    '--import',
    hooks,
    script,
    JSON.stringify(load),
  ];
  const [program = '', ...args] = [...wrapper, ...node];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const answered = new Set<string>();
  const refused = new Map<string, number>();
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const lines = createInterface({ input: child.stdout });
  let end: Readonly<Record<string, unknown>> | null = null;
  const ready = new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const [word = '', ...more] = line.split(' ');
      const text = more.join(' ');
      if (word === 'ok') answered.add(text);
      else if (word === 'no') refused.set(text, (refused.get(text) ?? 0) + 1);
      else if (word === 'ready') resolve(Number(text));
      else if (word === 'end') end = JSON.parse(text) as Readonly<Record<string, unknown>>;
    });
    child.on('exit', () => reject(new Error(`it ended before it was ready: ${said}`)));
  });
  ready.catch(() => undefined);
  // `close`, not `exit`: what was said before the end has been read then.
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]).then(() => end);
  return { process: child, answered, refused, ready, ended, complaints: () => said };
}

/** Ids of the decisions in a log. */
export async function idsIn(path: string): Promise<ReadonlySet<string>> {
  const reader = new AuditReader({ path, from: BEGINNING });
  const ids = new Set<string>();
  for (;;) {
    const { lines } = await reader.next();
    if (lines.length === 0) break;
    for (const { event } of lines) if (event.decision_id !== undefined) ids.add(event.decision_id);
  }
  await reader.close();
  return ids;
}
