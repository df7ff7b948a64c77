/** Policies as they are written: compiled in a thread at the start and when they change, and marked as not signed. */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleError } from '@plan-lint/runtime';
import { reasonOf } from '../../failure.ts';
import type { CompileAnswer, CompileQuestion } from '../compile-worker.ts';
import { inWorker } from '../in-worker.ts';
import { lookingAt } from './looking.ts';
import type { Source, SourceOptions } from './source.ts';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const SCRIPT = new URL(`../compile-worker.${EXTENSION}`, import.meta.url);
/** Of a compilation, milliseconds: large directories take seconds. */
const DEADLINE = 120_000;
/** Of two looks, where whoever writes the policies waits for the answer. */
const MOST_OFTEN = 1_000;

/** What the files look like from outside: nothing is compiled anew where this is as before. */
async function outlineOf(where: string): Promise<string> {
  const hash = createHash('sha256');
  const note = async (path: string): Promise<void> => {
    // Through links, which is how mounts are swapped.
    const { size, mtimeMs, ino } = await stat(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\0${ino}\0`);
  };
  if (!(await stat(where)).isDirectory()) await note(where);
  else
    for (const name of (await readdir(where, { recursive: true })).sort())
      await note(join(where, name)).catch(() => void hash.update(`${name}\0gone\0`));
  return hash.digest('hex');
}

export function yamlSource(options: SourceOptions): Source {
  const { where, poll, capabilities, registry, activation, now, tell } = options;
  let outline = '';

  async function look(): Promise<void> {
    try {
      const current = await outlineOf(where);
      if (current === outline) {
        for (const [, status] of registry.statuses)
          if (status.slot && status.failures === 0) status.heard(now());
        return;
      }
      outline = current;
      const question: CompileQuestion = { path: where, capabilities };
      const answer = await inWorker<CompileQuestion, CompileAnswer>(SCRIPT, question, DEADLINE);
      if (answer.told !== '') tell(answer.told);
      if ('problem' in answer) throw new BundleError('module_failed', answer.problem);
      const { module, sidecars, trust } = answer;
      await activation.activate({ module, sidecars, trust, load: {}, isSigned: false, origin: where });
    } catch (error) {
      if (error instanceof BundleError && error.code !== 'module_failed') return;
      await activation.refuse(
        error instanceof BundleError ? error : new BundleError('source_unreachable', reasonOf(error)),
        where,
      );
    }
  }

  return { ...lookingAt(where, Math.min(poll, MOST_OFTEN), look), trust: () => Promise.resolve(null) };
}
