/** Mutation testing: every small fault of the resolved policy should make a test fail. */
import { lineText, originOf } from '../../compiler/diagnostics/position.ts';
import { layering } from '../../compiler/ir/layer.ts';
import type { ResolvedPolicies, ResolvedRule } from '../../compiler/ir/resolved.ts';
import type { TestCase } from './case.ts';
import { distinctRules, keyOf } from './coverage.ts';
import { loadPolicies } from './load.ts';
import { mutationsOf } from './mutations.ts';
import type { Mutation } from './mutations.ts';
import { allPass } from './run.ts';

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

/** Tries all mutants; the tests must pass on the policies as they are. A mutant that does not compile is none. */
export async function* mutantsOf(
  policies: ResolvedPolicies,
  tests: readonly TestCase[],
  now: number,
): AsyncGenerator<Mutant> {
  const threshold = Math.min(...policies.entries.map((entry) => entry.threshold));
  for (const rule of distinctRules(policies)) {
    for (const mutation of mutationsOf(rule, threshold)) {
      const bundle = await loadPolicies(withMutation(policies, rule, mutation.rule), now);
      if (!bundle) continue;
      const { file, line } = originOf(mutation.span);
      const diff = diffOf(mutation);
      yield { rule: rule.id, what: mutation.what, file, line, killed: !allPass(bundle, tests, now), diff };
    }
  }
}

/** The fault is in the source, so it is in every entry that inherits the rule. */
function withMutation(
  policies: ResolvedPolicies,
  rule: ResolvedRule,
  mutant: ResolvedRule | null,
): ResolvedPolicies {
  const key = keyOf(rule);
  const mutated = layering((each: ResolvedRule) => (keyOf(each) === key ? mutant : each));
  const entries = policies.entries.map((entry) => ({ ...entry, layer: mutated(entry.layer) }));
  return { ...policies, entries };
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
  return `${head}${removed}+${first.slice(0, column - 1)}${text}${first.slice(end)}\n`;
}
