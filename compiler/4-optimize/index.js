import { dropNever } from './drop-never.js';
import { fold } from './fold.js';
import { liftTools } from './lift-tools.js';
import { order } from './order.js';
/** The passes, in the order in which they run. Each keeps the meaning on its own; tests switch them off. */
export const PASSES = [fold, liftTools, fold, order, dropNever];
/** Phase 4: same program, cheaper. `passes` is for tests. */
export function optimize(program, passes = PASSES) {
  const memo = new Map();
  const entries = program.entries.map((entry) => ({
    ...entry,
    rules: entry.rules.flatMap((rule) => {
      let done = memo.get(rule);
      if (done === undefined) {
        done = runAll(rule, passes);
        memo.set(rule, done);
      }
      return done ? [done] : [];
    }),
  }));
  return { ...program, entries, optimized: true };
}
function runAll(rule, passes) {
  if (rule.scope !== 'step') return rule;
  return passes.reduce((now, pass) => (now?.scope === 'step' ? pass.run(now) : now), rule);
}
