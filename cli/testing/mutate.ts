/** Mutation testing: every small fault of the resolved policy should make a test fail. */
import { parseYaml } from '../../compiler/index.ts';
import { Diagnostics, lineText, originOf } from '../../compiler/inspect.ts';
import type { ResolvedPolicies } from '../../compiler/inspect.ts';
import { inOrder, openThreads } from '../../workers/threads.ts';
import type { Mutation } from './mutations.ts';
import type { Outcome } from './run.ts';
import { faultsOf, openTrials } from './trial.ts';
import type { TrialSetup } from './trial.ts';

export interface Mutant {
  readonly rule: string;
  readonly what: string;
  readonly file: string;
  readonly line: number;
  readonly killed: boolean;
  /** The mutant as a change of its source. */
  readonly diff: string;
}

export const mutationScore = (mutants: readonly Mutant[]): number =>
  mutants.length === 0 ? 100 : (100 * mutants.filter(({ killed }) => killed).length) / mutants.length;

/**
 * Tries all mutants; the tests must pass on the policies as they are. A mutant that does not compile is none.
 *
 * @param outcomes - of all tests, on the policies as they are
 */
export async function* mutantsOf(
  policies: ResolvedPolicies,
  outcomes: readonly Outcome[],
  now: number,
  jobs: number,
): AsyncGenerator<Mutant> {
  const setup: TrialSetup = {
    policies,
    tests: outcomes.map(({ test }) => test),
    fired: outcomes.map(({ decision }) => decision?.violations.map(({ rule }) => rule) ?? []),
    now,
  };
  const faults = faultsOf(policies);
  const here = await openTrials(setup);
  const threads = openThreads(jobs, new URL('./trial-worker.js', import.meta.url), setup, here);
  try {
    for await (const [number, killed] of inOrder(faults.keys(), threads)) {
      const fault = faults[number];
      if (!fault || killed === null) continue;
      const { rule, mutation } = fault;
      const { file, line } = originOf(mutation.span);
      yield { rule: rule.id, what: mutation.what, file, line, killed, diff: diffOf(mutation) };
    }
  } finally {
    await threads.close();
  }
}

function diffOf({ span, text, what }: Mutation): string {
  const { file, line, column } = originOf(span);
  const head = `--- ${file}\n+++ ${file} (${what})\n@@ line ${line} @@\n`;
  const last = originOf({ ...span, start: Math.max(span.start, span.end - 1) }).line;
  const before = Array.from({ length: last - line + 1 }, (_, i) => lineText(span.file, line + i));
  const removed = before.map((each) => `-${each}\n`).join('');
  if (text === null) return head + removed;
  const first = before[0] ?? '';
  // A change that has no single place in the source is shown beside it.
  if (last > line) return `${head} ${first}\n+${' '.repeat(column - 1)}${text}\n`;
  const end = column - 1 + (span.end - span.start);
  const changed = `${first.slice(0, column - 1)}${text}${first.slice(end)}`;
  return isYaml({ span, text }) ? `${head}${removed}+${changed}\n` : `${head} ${first}\n+# ${what}\n`;
}

/** Whether the source with this written in its place can be read: of a setting in one line, a part has no place of its own. */
function isYaml({ span: { file, start, end }, text }: Pick<Mutation, 'span' | 'text'>): boolean {
  // A comment would swallow the rest of its line.
  if (text === null || text.startsWith('#')) return false;
  const changed = `${file.text.slice(0, start)}${text}${file.text.slice(end)}`;
  return parseYaml({ ...file, text: changed }, new Diagnostics()) !== null;
}
