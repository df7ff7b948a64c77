import type { OptimizedProgram } from '../ir/optimized.ts';
import type { Program, ProgramRule } from '../ir/program.ts';
import { byNumber } from './by-number.ts';
import { byText } from './by-text.ts';
import { byTextAnywhere } from './by-text-anywhere.ts';
import { dropNever } from './drop-never.ts';
import { fold } from './fold.ts';
import { buildGuard } from './guard.ts';
import { liftTools } from './lift-tools.ts';
import { order } from './order.ts';
import type { Pass, RulePass } from './pass.ts';

export type { Pass } from './pass.ts';

/** The passes, in the order in which they run. Each keeps the meaning on its own; tests switch them off. */
export const PASSES: readonly Pass[] = [
  fold,
  liftTools,
  fold,
  order,
  dropNever,
  byNumber,
  byText,
  byTextAnywhere,
];

/** Phase 4: same program, cheaper. `passes` is for tests. */
export function optimize(program: Program, passes: readonly Pass[] = PASSES): OptimizedProgram {
  const rewriting = passes.filter((pass) => 'run' in pass);
  const narrowing = passes.filter((pass) => 'triggers' in pass);
  const memo = new Map<ProgramRule, ProgramRule | null>();
  const entries = program.entries.map((entry) => {
    const rules = entry.rules.flatMap((rule): ProgramRule[] => {
      let done = memo.get(rule);
      if (done === undefined) {
        done = runAll(rule, rewriting);
        memo.set(rule, done);
      }
      return done ? [done] : [];
    });
    return { ...entry, rules, guard: buildGuard(rules, narrowing) };
  });
  return { ...program, entries, optimized: true };
}

function runAll(rule: ProgramRule, passes: readonly RulePass[]): ProgramRule | null {
  if (rule.scope !== 'step') return rule;
  return passes.reduce<ProgramRule | null>(
    (now, pass) => (now?.scope === 'step' ? pass.run(now) : now),
    rule,
  );
}
