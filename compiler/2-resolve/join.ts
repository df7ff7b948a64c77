import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { AllowLayer, ResolvedRule } from '../ir/resolved.ts';
import type { Span } from '../ir/source.ts';
import { globCovers } from '../glob/covers.ts';
import * as laws from './laws.ts';

/**
 * What two rules of the same id become together: the stricter of both, whichever came first. Two different
 * rules of one id, or bounds that leave no number, are reported.
 */
export function joinRules(held: ResolvedRule, next: ResolvedRule, diagnostics: Diagnostics): ResolvedRule {
  if (held === next) return held;
  const weight = laws.weight.join(held.weight, next.weight);
  if (held.kind === 'max-steps' && next.kind === 'max-steps') {
    const limit = laws.limit.join(held.limit, next.limit);
    return { ...(limit === held.limit ? held : next), limit, weight };
  }
  if (held.kind === 'bound' && next.kind === 'bound') {
    const joined = laws.interval.join(held, next);
    if (laws.isEmpty(joined)) {
      const texts = [laws.showInterval(held), laws.showInterval(next)] as const;
      const related = [{ message: `the other bound is here: ${texts[0]}`, span: held.span }];
      diagnostics.report('PL2103', { key: held.key, first: texts[0], second: texts[1] }, next.span, related);
    }
    const unchanged = joined.min === held.min && joined.max === held.max;
    return { ...(unchanged ? held : next), ...joined, weight };
  }
  if (held.kind === 'allow' && next.kind === 'allow') {
    return { ...next, layers: withoutImplied([...held.layers, ...next.layers]), weight };
  }
  if (held.kind === 'pattern' && !samePlace(held.span, next.span)) {
    diagnostics.report('PL2101', { id: next.id }, next.span, [
      { message: 'first declared here', span: held.span },
    ]);
  }
  return { ...held, weight };
}

function samePlace(a: Span, b: Span): boolean {
  return a.file === b.file && a.start === b.start;
}

/** Layers that another layer narrows say nothing of their own; of equal layers the first stays. */
function withoutImplied(layers: readonly AllowLayer[]): readonly AllowLayer[] {
  const covers = (outer: AllowLayer, inner: AllowLayer): boolean =>
    inner.globs.every((glob) => outer.globs.some((other) => globCovers(other, glob)));
  return layers.filter(
    (layer, i) =>
      !layers.some((other, j) => i !== j && covers(layer, other) && (!covers(other, layer) || j < i)),
  );
}
