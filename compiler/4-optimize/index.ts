import { layering } from '../ir/layer.ts';
import type { Layer } from '../ir/layer.ts';
import type { OptimizedLayer, OptimizedProgram } from '../ir/optimized.ts';
import type { Program, ProgramRule } from '../ir/program.ts';
import { byNumber } from './by-number.ts';
import { byText } from './by-text.ts';
import { byTextAnywhere } from './by-text-anywhere.ts';
import { dropNever } from './drop-never.ts';
import { fold } from './fold.ts';
import { buildGuard } from './guard.ts';
import { joinSmall, SHARE_FROM } from './layers.ts';
import { liftTools } from './lift-tools.ts';
import { order } from './order.ts';
import type { NarrowPass, Pass, RulePass } from './pass.ts';

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

/** Phase 4: same program, cheaper. `passes` and `shareFrom` (see `layers.ts`) are for tests. */
export function optimize(
  program: Program,
  passes: readonly Pass[] = PASSES,
  shareFrom = SHARE_FROM,
): OptimizedProgram {
  const rewriting = passes.filter((pass) => 'run' in pass);
  const narrowing = passes.filter((pass) => 'triggers' in pass);
  const rewritten = layering((rule: ProgramRule) => runAll(rule, rewriting));
  const tops = program.entries.map(({ layer }) => rewritten(layer));
  const joined = joinSmall(tops, shareFrom);
  const guarded = guarding(narrowing);
  const entries = program.entries.map((entry) => ({
    ...entry,
    layer: guarded(joined(rewritten(entry.layer))),
  }));
  return { ...program, entries, optimized: true };
}

/** Gives each layer the guard of the rules that it adds. */
function guarding(passes: readonly NarrowPass[]): (layer: Layer<ProgramRule>) => OptimizedLayer {
  const memo = new Map<Layer<ProgramRule>, OptimizedLayer>();
  const guarded = (layer: Layer<ProgramRule>): OptimizedLayer => {
    let made = memo.get(layer);
    if (!made) {
      const base = layer.base && guarded(layer.base);
      made = { ...layer, base, guard: buildGuard(layer.added, passes) };
      memo.set(layer, made);
    }
    return made;
  };
  return guarded;
}

function runAll(rule: ProgramRule, passes: readonly RulePass[]): ProgramRule | null {
  if (rule.scope !== 'step') return rule;
  return passes.reduce<ProgramRule | null>(
    (now, pass) => (now?.scope === 'step' ? pass.run(now) : now),
    rule,
  );
}
