/** Which rules, and which parts of rules, the tests have seen fire. */
import { governedBy, layerOf, narrowingRule, originOf, rulesIn } from '../../compiler/inspect.ts';
import type { PatternDeclaration, ResolvedPolicies, ResolvedRule, Span } from '../../compiler/inspect.ts';
import type { TestCase } from './case.ts';
import { loadPolicies } from './load.ts';
import { decide } from './run.ts';
import type { Outcome } from './run.ts';

export interface Covered {
  readonly label: string;
  readonly file: string;
  readonly line: number;
  readonly hits: number;
}

/** One operation of a pattern: tests should see it hold and not hold. */
export interface CoveredAtom extends Covered {
  readonly rule: string;
  readonly missed: number;
}

export interface Coverage {
  readonly rules: readonly Covered[];
  readonly atoms: readonly CoveredAtom[];
}

export const ruleCoverage = ({ rules }: Coverage): number =>
  rules.length === 0 ? 100 : (100 * rules.filter(({ hits }) => hits > 0).length) / rules.length;

/** Rules of all entries; one that several entries inherit from the same place counts once. */
export function distinctRules(policies: ResolvedPolicies): readonly ResolvedRule[] {
  const found = new Map<string, ResolvedRule>();
  for (const rule of policies.entries.flatMap(({ layer }) => rulesIn(layer))) found.set(keyOf(rule), rule);
  return [...found.values()];
}

export function keyOf({ id, span }: ResolvedRule): string {
  const { file, line, column } = originOf(span);
  return `${id} ${file}:${line}:${column}`;
}

export async function coverageOf(
  policies: ResolvedPolicies,
  tests: readonly TestCase[],
  outcomes: readonly Outcome[],
  now: number,
): Promise<Coverage> {
  const hits = new Map<string, number>();
  for (const { rule, origin } of outcomes.flatMap(({ decision }) => decision?.violations ?? [])) {
    const key = `${rule} ${origin ? `${origin.file}:${origin.line}:${origin.column}` : ''}`;
    hits.set(key, (hits.get(key) ?? 0) + 1);
  }
  const rules = distinctRules(policies).map((rule) => ({
    label: rule.id,
    ...lineOf(rule.span),
    hits: hits.get(keyOf(rule)) ?? 0,
  }));
  return { rules, atoms: await coverAtoms(policies, tests, now) };
}

const lineOf = (span: Span): { file: string; line: number } => {
  const { file, line } = originOf(span);
  return { file, line };
};

/**
 * Asks each operation alone of every plan of the tests: as rules of a policy of their own, so
 * that the code that decides is the code that measures.
 */
async function coverAtoms(
  policies: ResolvedPolicies,
  tests: readonly TestCase[],
  now: number,
): Promise<readonly CoveredAtom[]> {
  const [entry] = policies.entries;
  const atoms = distinctRules(policies).flatMap((declared) => {
    const rule = declared.kind === 'whole-plan' ? narrowingRule(declared) : declared;
    if (rule?.kind !== 'pattern') return [];
    // Of what narrows a rule about the whole plan its own tools are asked.
    const outer = declared.kind === 'whole-plan' ? governedBy(declared.body) : null;
    return leavesOf(rule.pattern, outer).map((pattern) => ({ rule, pattern }));
  });
  if (!entry || atoms.length === 0) return [];
  const rules = atoms.flatMap(({ rule, pattern }, i): ResolvedRule[] => {
    const head = { ...rule, when: null, scope: 'step' as const, enforcement: 'audit' as const, weight: 0 };
    // Every step it is asked of; a negation would not do, for "every text" has none.
    const asked: PatternDeclaration = { ...pattern, leaf: null };
    return [
      { ...head, id: `holds ${i}`, pattern },
      { ...head, id: `asked ${i}`, pattern: asked },
    ];
  });
  const alone = { ...policies, defaultEntry: null, entries: [{ ...entry, layer: layerOf(rules) }] };
  const policy = (await loadPolicies(alone, now))?.policy();
  if (!policy) return [];
  const counts = new Map<string, number>();
  for (const test of tests) {
    for (const { rule } of decide(policy, test, now).violations)
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return atoms.map(({ rule, pattern }, i) => ({
    rule: rule.id,
    label: atomLabel(pattern),
    ...lineOf(pattern.leaf?.operation.span ?? pattern.span),
    hits: counts.get(`holds ${i}`) ?? 0,
    missed: (counts.get(`asked ${i}`) ?? 0) - (counts.get(`holds ${i}`) ?? 0),
  }));
}

/** The operations of a pattern, each with the tools it is asked of. */
function leavesOf(
  pattern: PatternDeclaration,
  outer: PatternDeclaration['tools'],
): readonly PatternDeclaration[] {
  const tools = pattern.tools ?? outer;
  const inner = [...(pattern.and ?? []), ...(pattern.or ?? []), ...(pattern.not ? [pattern.not] : [])];
  const own: PatternDeclaration[] = pattern.leaf
    ? [{ ...pattern, tools, and: null, or: null, not: null }]
    : [];
  return [...own, ...inner.flatMap((each) => leavesOf(each, tools))];
}

function atomLabel({ leaf, tools }: PatternDeclaration): string {
  const tool = tools?.map(({ value }) => value).join(', ') ?? 'any tool';
  if (!leaf) return tool;
  const value = leaf.value === null ? '' : ` ${JSON.stringify(leaf.value.value)}`;
  return `${tool}: ${leaf.arg?.value ?? 'any text'} ${leaf.operation.value}${value}`;
}
