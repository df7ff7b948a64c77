import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Interval } from '../ir/document.ts';
import type { AllowLayer, BoundRule, ResolvedRule } from '../ir/resolved.ts';
import type { Located } from '../ir/source.ts';
import { globCovers } from '../glob/covers.ts';
import * as laws from '../laws/values.ts';
import type { Law } from '../laws/values.ts';
import { showInterval } from '../laws/show.ts';
import { joinChains, samePlace } from './chain.ts';
import { newest } from './versions.ts';
import type { Version, Writer } from './versions.ts';
import { joinWholePlan } from './whole-plan.ts';

type Kind = ResolvedRule['kind'];
type RuleOf<K extends Kind> = Extract<ResolvedRule, { readonly kind: K }>;

/** What a rule has besides its condition: both sides' demands hold. */
type Standing = Pick<ResolvedRule, 'weight' | 'severity' | 'enforcement' | 'final' | 'references' | 'chain'>;

/** One rule as several parents have it, and the versions of its condition that it is made of. */
export interface Joined {
  readonly rule: ResolvedRule;
  readonly versions: readonly Version<ResolvedRule>[];
}

/**
 * What a rule of several parents becomes: the condition that fires where that of any of its newest versions does, and
 * the highest standing that any parent gives it. Two different rules of one id, or bounds that leave no number, are
 * reported.
 */
export function joinParents(
  rules: readonly [ResolvedRule, ...ResolvedRule[]],
  versions: readonly Version<ResolvedRule>[],
  writer: Writer,
  diagnostics: Diagnostics,
): Joined {
  const latest = newest(versions);
  const [first, ...others] = latest.map(({ value }) => value);
  const condition = first ? joinConditions([first, ...others], diagnostics) : rules[0];
  const rule = { ...condition, ...rules.map(standingOf).reduce(joinStandings) };
  const domains = latest.map(({ value }) => domainOf(value));
  return { rule, versions: isClosed(domains, domainOf(rule)) ? [{ value: rule, writer }] : latest };
}

const domainOf = (rule: ResolvedRule): unknown => ('domain' in rule ? rule.domain : null);

/**
 * Whether a default has met what leaves nothing of its domain. It is a guardrail then, of the file where they meet: a
 * version of its own, which no file that sets the default anew has gone on from.
 */
export const isClosed = (domains: readonly unknown[], joined: unknown): boolean =>
  domains.length > 1 && joined === null && domains.some((domain) => domain !== null);

/** Two things that one file says of a rule: both hold. */
export function joinRules(held: ResolvedRule, next: ResolvedRule, diagnostics: Diagnostics): ResolvedRule {
  if (held === next) return held;
  return {
    ...joinConditions([held, next], diagnostics),
    ...joinStandings(standingOf(held), standingOf(next)),
  };
}

const standingOf = ({ weight, severity, enforcement, final, references, chain }: ResolvedRule): Standing => ({
  weight,
  severity,
  enforcement,
  final,
  references,
  chain,
});

const joinStandings = (a: Standing, b: Standing): Standing => ({
  weight: laws.weight.join(a.weight, b.weight),
  severity: laws.severity.join(a.severity, b.severity),
  enforcement: laws.enforcement.join(a.enforcement, b.enforcement),
  final: a.final || b.final,
  references: laws.references.join(a.references, b.references),
  chain: joinChains(a.chain, b.chain),
});

/** At least one. */
type Some<T> = readonly [T, ...T[]];

/** What a law makes of several values, of which there is at least one. */
export const joinAll = <T>(law: Law<T>, values: readonly T[]): T => values.reduce((a, b) => law.join(a, b));

type Join<K extends Kind> = (rules: Some<RuleOf<K>>, diagnostics: Diagnostics) => RuleOf<K>;

/** By kind, the rule that fires wherever one of them does; the standing is that of any of them. */
const CONDITIONS: { readonly [K in Kind]: Join<K> } = {
  pattern: joinPatterns,
  'whole-plan': (rules) => ({ ...rules[0], ...joinWholePlan(rules) }),
  // Two defaults become a guardrail: no list of domains says what both parents would let a child do.
  allow: (rules) => ({
    ...(rules.at(-1) ?? rules[0]),
    layers: withoutImplied(rules.flatMap(({ layers }) => layers)),
    domain: rules.length > 1 ? null : rules[0].domain,
  }),
  bound: joinBounds,
  'deny-token': (rules) => ({ ...rules[0], regex: joinRegexes(rules.map(({ regex }) => regex)) }),
  'max-steps': (rules) => {
    const limit = joinAll(
      laws.limit,
      rules.map((rule) => rule.limit),
    );
    const strictest = rules.find((rule) => rule.limit === limit) ?? rules[0];
    return { ...strictest, domain: joinDomains(rules.map(({ domain }) => domain)) };
  },
  'only-catalog': (rules) => rules[0],
  'validate-args': (rules) => rules[0],
  result: (rules) => {
    const action = joinAll(
      laws.resultAction,
      rules.map((rule) => rule.action),
    );
    return rules.find((rule) => rule.action === action) ?? rules[0];
  },
};

function joinConditions(rules: Some<ResolvedRule>, diagnostics: Diagnostics): ResolvedRule {
  const [first, ...others] = rules;
  const distinct = others.filter((rule, i) => rule !== first && others.indexOf(rule) === i);
  if (distinct.length === 0) return first;
  for (const rule of distinct) {
    if (rule.kind === first.kind && (!isOfAuthor(rule) || samePlace(rule.span, first.span))) continue;
    const related = [{ message: 'first declared here', span: first.span }];
    diagnostics.report('PL2101', { id: rule.id }, rule.span, related);
    if (rule.kind !== first.kind) return first;
  }
  // The kinds are the same, which the table's type cannot see.
  const join = CONDITIONS[first.kind] as Join<Kind>;
  return join([first, ...distinct], diagnostics);
}

/** Whether the rule is declared under `rules`, and not made by a setting. */
export const isOfAuthor = ({ kind }: ResolvedRule): boolean => kind === 'pattern' || kind === 'whole-plan';

/** Refinements of one rule together fire where any of them does. */
function joinPatterns(rules: Some<RuleOf<'pattern'>>): RuleOf<'pattern'> {
  const [first] = rules;
  const patterns = [...new Set(rules.map(({ pattern }) => pattern))];
  if (patterns.length === 1) return first;
  const either = { span: first.pattern.span, tools: null, leaf: null, and: null, or: patterns, not: null };
  return { ...first, pattern: either };
}

function joinBounds(rules: Some<RuleOf<'bound'>>, diagnostics: Diagnostics): RuleOf<'bound'> {
  const [first, ...others] = rules;
  const joined = joinAll<Interval>(
    laws.interval,
    rules.map(({ min, max }) => ({ min, max })),
  );
  for (const next of others) {
    if (toolOf(first) !== toolOf(next)) {
      const params = { key: first.key, first: toolOf(first), second: toolOf(next) };
      const related = [{ message: `here of \`${params.first}\``, span: first.span }];
      diagnostics.report('PL2111', params, next.span, related);
    }
  }
  if (laws.isEmpty(joined)) {
    const ends = rules.filter(({ min, max }) => min === joined.min || max === joined.max);
    const [one = first, other = first] = ends;
    const related = [{ message: `the other bound is here: ${showInterval(one)}`, span: one.span }];
    const texts = { first: showInterval(one), second: showInterval(other) };
    diagnostics.report('PL2103', { key: first.key, ...texts }, other.span, related);
  }
  const whole = rules.find(({ min, max }) => min === joined.min && max === joined.max);
  const optional = joinAll(
    laws.optional,
    rules.map((rule) => rule.optional),
  );
  return { ...(whole ?? first), ...joined, optional, domain: joinDomains(rules.map(({ domain }) => domain)) };
}

/** Defaults stay one within all of their domains; a guardrail on any side makes the others one too. */
export function joinDomains<D extends Interval>(
  domains: readonly (Located<D> | null)[],
): Located<Interval> | null {
  const [first, ...others] = domains;
  let joined: Located<Interval> | null = first ?? null;
  for (const next of others) {
    const value = joined && next && laws.interval.join(joined.value, next.value);
    joined = joined && value && !laws.isEmpty(value) ? { value, span: joined.span } : null;
  }
  return joined;
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

/** A regular expression for the texts of any of them; flags at the start of one hold for that one. */
function joinRegexes(regexes: readonly string[]): string {
  const distinct = [...new Set(regexes)].sort();
  const [only] = distinct;
  if (only !== undefined && distinct.length === 1) return only;
  return distinct
    .map((regex) => {
      const [flags = '', letters = ''] = /^\(\?([ims]+)\)/.exec(regex) ?? [];
      return `(?${letters}:${regex.slice(flags.length)})`;
    })
    .join('|');
}

/** The tool a bound speaks of; of names that nobody mentions, what stands before the last dot. */
const toolOf = ({ key, tool }: BoundRule): string => tool ?? key.slice(0, Math.max(key.lastIndexOf('.'), 0));
