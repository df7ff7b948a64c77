import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Interval, PatternDeclaration } from '../ir/document.ts';
import type { AllowLayer, BoundRule, ResolvedRule } from '../ir/resolved.ts';
import type { Located } from '../ir/source.ts';
import { globCovers } from '../glob/covers.ts';
import { joinChains, knows, samePlace } from './chain.ts';
import * as laws from '../laws/values.ts';
import { showInterval } from '../laws/show.ts';
import { joinBodies } from './whole-plan.ts';

/**
 * What two rules of the same id become together: the stricter of both, whichever came first. Two different
 * rules of one id, or bounds that leave no number, are reported.
 */
export function joinRules(held: ResolvedRule, next: ResolvedRule, diagnostics: Diagnostics): ResolvedRule {
  if (held === next) return held;
  const chain = joinChains(held.chain, next.chain);
  const head = {
    weight: laws.weight.join(held.weight, next.weight),
    severity: laws.severity.join(held.severity, next.severity),
    enforcement: laws.enforcement.join(held.enforcement, next.enforcement),
    final: held.final || next.final,
    chain,
  };
  // A default that one side has set anew, knowing the other side's value, is settled.
  if ('domain' in held && 'domain' in next && (held.domain ?? next.domain)) {
    if (knows(held.chain, next.chain)) return { ...held, ...head };
    if (knows(next.chain, held.chain)) return { ...next, ...head };
  }
  if (held.kind === 'max-steps' && next.kind === 'max-steps') {
    const limit = laws.limit.join(held.limit, next.limit);
    const domain = joinDomains(held.domain, next.domain);
    return { ...(limit === held.limit ? held : next), ...head, limit, domain };
  }
  if (held.kind === 'bound' && next.kind === 'bound') {
    const joined = laws.interval.join(held, next);
    if (laws.isEmpty(joined)) {
      const texts = [showInterval(held), showInterval(next)] as const;
      const related = [{ message: `the other bound is here: ${texts[0]}`, span: held.span }];
      diagnostics.report('PL2103', { key: held.key, first: texts[0], second: texts[1] }, next.span, related);
    }
    if (toolOf(held) !== toolOf(next)) {
      const params = { key: held.key, first: toolOf(held), second: toolOf(next) };
      const related = [{ message: `here of \`${params.first}\``, span: held.span }];
      diagnostics.report('PL2111', params, next.span, related);
    }
    const unchanged = joined.min === held.min && joined.max === held.max;
    return {
      ...(unchanged ? held : next),
      ...head,
      ...joined,
      domain: joinDomains(held.domain, next.domain),
    };
  }
  if (held.kind === 'allow' && next.kind === 'allow') {
    // Two defaults become a guardrail: no list of domains says what both parents would let a child do.
    return { ...next, ...head, layers: withoutImplied([...held.layers, ...next.layers]), domain: null };
  }
  if (held.kind === 'deny-token' && next.kind === 'deny-token' && held.regex !== next.regex) {
    const regex = knows(next.chain, held.chain)
      ? next.regex
      : knows(held.chain, next.chain)
        ? held.regex
        : `(?:${[held.regex, next.regex].sort().join(')|(?:')})`;
    return { ...held, ...head, regex };
  }
  if (isOfAuthor(held) && isOfAuthor(next) && !samePlace(held.span, next.span)) {
    const related = [{ message: 'first declared here', span: held.span }];
    diagnostics.report('PL2101', { id: next.id }, next.span, related);
  }
  if (held.kind === 'pattern' && next.kind === 'pattern') {
    return { ...held, ...head, pattern: joinPatterns(held, next) };
  }
  if (held.kind === 'whole-plan' && next.kind === 'whole-plan') {
    return { ...held, ...head, body: joinBodies(held, next) };
  }
  return { ...held, ...head };
}

/** Whether the rule is declared under `rules`, and not made by a setting. */
export const isOfAuthor = ({ kind }: ResolvedRule): boolean => kind === 'pattern' || kind === 'whole-plan';

type Refined = Extract<ResolvedRule, { kind: 'pattern' }>;

/** Two refinements of one rule fire where either does. */
function joinPatterns(held: Refined, next: Refined): PatternDeclaration {
  if (held.pattern === next.pattern || knows(held.chain, next.chain)) return held.pattern;
  if (knows(next.chain, held.chain)) return next.pattern;
  // By the place of the last word, so that the order of parents does not show.
  const place = ({ chain }: Refined): string => {
    const span = chain.at(-1)?.span;
    return span ? `${span.file.path} ${String(span.start).padStart(9, '0')}` : '';
  };
  const either = [held, next].sort((a, b) => (place(a) < place(b) ? -1 : 1)).map(({ pattern }) => pattern);
  return { span: held.pattern.span, tools: null, leaf: null, and: null, or: either, not: null };
}

/** Two defaults stay one within both domains; a guardrail on either side makes the other one too. */
function joinDomains(a: Located<Interval> | null, b: Located<Interval> | null): Located<Interval> | null {
  if (!a || !b) return null;
  const value = laws.interval.join(a.value, b.value);
  return laws.isEmpty(value) ? null : { value, span: a.span };
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

/** The tool a bound speaks of; of names that nobody mentions, what stands before the last dot. */
const toolOf = ({ key, tool }: BoundRule): string => tool ?? key.slice(0, Math.max(key.lastIndexOf('.'), 0));
