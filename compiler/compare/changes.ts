/** What became of rules and settings between two resolved policies, proved where it can be. */
import { ENFORCEMENTS } from '@plan-lint/runtime/contract';
import { rulesIn } from '../ir/layer.ts';
import type { Expr } from '../ir/program.ts';
import type { BoundParam, ResolvedException, ResolvedPolicy, ResolvedRule } from '../ir/resolved.ts';
import { implies } from '../proof/implies.ts';
import type { Proof } from '../proof/implies.ts';
import { conditionOfRule } from '../proof/rule.ts';
import { exampleOf } from '../examples/example.ts';
import type { Example } from '../examples/example.ts';
import { relationOf } from './when.ts';
import type { WhenRelation } from './when.ts';
import { wholePlanChange } from './whole-plan.ts';

/** `incomparable`: stricter on some plans and looser on others; `unknown`: cannot be proved either way. */
export type Direction = 'same' | 'stricter' | 'looser' | 'incomparable' | 'unknown';

export interface Change {
  readonly entry: string;
  readonly what: string;
  readonly direction: Exclude<Direction, 'same'>;
  readonly says: string;
  /** Whether it is about what the rule fires on, so that a plan can show it. */
  readonly condition?: boolean;
  /** A plan that the rule stops only now. */
  readonly stopped?: Example;
  /** A plan that the rule stops no longer. */
  readonly passed?: Example;
}

/** A change of one kind: its direction, in words, with plans that show it. */
type Step = Omit<Change, 'entry' | 'what' | 'direction'> & { readonly direction: Direction };

const NEVER: Expr = { kind: 'constant', value: false };

export function changesOf(before: ResolvedPolicy, after: ResolvedPolicy): readonly Change[] {
  const [old, now] = [byId(before), byId(after)];
  const rules = [...new Set([...old.keys(), ...now.keys()])].flatMap((id) =>
    ruleSteps(old.get(id), now.get(id)).map((step) => ({ what: id, step })),
  );
  const steps = [
    ...rules,
    { what: 'fail_risk_threshold', step: lower(before.threshold, after.threshold, '') },
    { what: 'aggregate', step: aggregate(before.aggregate, after.aggregate) },
    ...exceptionSteps(before.exceptions, after.exceptions),
  ];
  return steps.flatMap(({ what, step }): Change[] => {
    const { direction, ...rest } = step;
    return direction === 'same' ? [] : [{ entry: after.name, what, direction, ...rest }];
  });
}

const byId = ({ layer }: ResolvedPolicy): ReadonlyMap<string, ResolvedRule> =>
  new Map(rulesIn(layer).map((rule) => [rule.id, rule]));

function ruleSteps(old: ResolvedRule | undefined, now: ResolvedRule | undefined): readonly Step[] {
  if (!old || !now) {
    const rule = old ?? now;
    const when = rule ? conditionOfRule(rule) : null;
    const proof = when && implies(when, NEVER);
    const plan = proof?.kind === 'refuted' ? exampleOf(proof.plan.steps) : null;
    if (!old)
      return [{ direction: 'stricter', says: 'added', condition: true, ...(plan && { stopped: plan }) }];
    return [{ direction: 'looser', says: 'removed', condition: true, ...(plan && { passed: plan }) }];
  }
  const strength = (rule: ResolvedRule): number => ENFORCEMENTS.indexOf(rule.enforcement);
  return [
    { ...condition(old, now), condition: true },
    higher(strength(old), strength(now), `enforcement ${old.enforcement} → ${now.enforcement}`),
    higher(old.weight, now.weight, `weight ${old.weight} → ${now.weight}`),
    higher(Number(old.final), Number(now.final), now.final ? 'final now' : 'final no longer'),
  ];
}

function condition(old: ResolvedRule, now: ResolvedRule): Step {
  if (old.kind === 'max-steps' && now.kind === 'max-steps') return fewer(old.limit, now.limit);
  if (old.kind === 'whole-plan' && now.kind === 'whole-plan') return wholePlanChange(old.body, now.body);
  const [was, is] = [conditionOfRule(old), conditionOfRule(now)];
  const [before, after] = [whenOf(old), whenOf(now)];
  if (paramsOf(old) !== paramsOf(now))
    return { direction: 'unknown', says: 'other parameters in its `when`, which are not compared' };
  const relation = (): WhenRelation => relationOf(before, after, scopeOf(old), boundIn(old));
  if (!was && !is && old.kind === now.kind && scopeOf(old) === scopeOf(now)) return ofWhen(relation());
  if (!was || !is) return { direction: 'unknown', says: 'another kind of rule' };
  const [kept, added] = [implies(was, is), implies(is, was)];
  if (before !== after) {
    if (kept.kind !== 'proved' || added.kind !== 'proved')
      return { direction: 'unknown', says: 'another pattern and another `when`, which cannot be compared' };
    return ofWhen(relation());
  }
  // An example for the pattern alone need not satisfy the `when` besides.
  if (before !== undefined && (kept.kind !== 'proved' || added.kind !== 'proved')) {
    return { direction: 'unknown', says: 'another pattern beside a `when`, which is not read' };
  }
  const direction = directionOf(kept, added);
  return {
    direction,
    says: direction === 'unknown' ? unproved(kept, added) : 'fires on other plans',
    ...(added.kind === 'refuted' && { stopped: exampleOf(added.plan.steps) }),
    ...(kept.kind === 'refuted' && { passed: exampleOf(kept.plan.steps) }),
  };
}

function ofWhen({ kept, added }: WhenRelation): Step {
  if (kept && added) return { direction: 'same', says: '' };
  if (kept) return { direction: 'stricter', says: 'its `when` asks for less' };
  if (added) return { direction: 'looser', says: 'its `when` asks for more' };
  return { direction: 'unknown', says: 'another `when`, which cannot be compared' };
}

const scopeOf = (rule: ResolvedRule): 'step' | 'plan' => (rule.kind === 'pattern' ? rule.scope : 'step');

/** Values of the parameters that the condition in CEL names. */
const paramsOf = (rule: ResolvedRule): string =>
  JSON.stringify(boundIn(rule).map(({ name, value }) => [name, value]));

const boundIn = (rule: ResolvedRule): readonly BoundParam[] =>
  rule.kind === 'pattern' ? (rule.params ?? []) : [];

const whenOf = (rule: ResolvedRule): string | undefined =>
  rule.kind === 'pattern' ? rule.when?.value : undefined;

/** `kept`: the new one fires wherever the old one did; `added`: the other way round. */
function directionOf(kept: Proof, added: Proof): Direction {
  if (kept.kind === 'refuted') return added.kind === 'proved' ? 'looser' : 'incomparable';
  if (kept.kind === 'undecided') return 'unknown';
  if (added.kind === 'proved') return 'same';
  return 'stricter';
}

function unproved(...proofs: readonly Proof[]): string {
  return proofs.flatMap((proof) => (proof.kind === 'undecided' ? [proof.reason] : [])).join('; ');
}

function higher(old: number, now: number, says: string): Step {
  return { direction: now === old ? 'same' : now > old ? 'stricter' : 'looser', says };
}

function lower(old: number, now: number, says: string): Step {
  return higher(-old, -now, says || `${old} → ${now}`);
}

/** Longer examples than this show nothing that the numbers do not. */
const LONGEST = 50;

function fewer(old: number, now: number): Step {
  const steps = Array.from({ length: Math.min(old, now) + 1 }, (_, i) => ({
    id: `s${i + 1}`,
    tool: 'any_tool',
    args: {},
  }));
  const step = lower(old, now, '');
  if (steps.length > LONGEST || step.direction === 'same') return step;
  const plan = exampleOf(steps);
  return { ...step, ...(step.direction === 'stricter' ? { stopped: plan } : { passed: plan }) };
}

const aggregate = (old: string, now: string): Step =>
  higher(Number(old === 'sum'), Number(now === 'sum'), `${old} → ${now}`);

function exceptionSteps(
  before: readonly ResolvedException[],
  after: readonly ResolvedException[],
): readonly { readonly what: string; readonly step: Step }[] {
  const key = ({ rule, scope, notBefore, expires }: ResolvedException): string =>
    JSON.stringify([rule, scope, notBefore?.value, expires.value]);
  const has = (list: readonly ResolvedException[], one: ResolvedException): boolean =>
    list.some((other) => key(other) === key(one));
  const step = (
    direction: Direction,
    word: string,
    { rule, ticket }: ResolvedException,
  ): { what: string; step: Step } => ({
    what: rule,
    step: { direction, says: `exception ${ticket} ${word}` },
  });
  return [
    ...after.filter((one) => !has(before, one)).map((one) => step('looser', 'added', one)),
    ...before.filter((one) => !has(after, one)).map((one) => step('stricter', 'removed', one)),
  ];
}
