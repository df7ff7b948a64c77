/** What became of the condition of a rule. */
import { changedValue } from './words.ts';
import { exampleOf } from '../examples/example.ts';
import { longerThan } from '../examples/of-rule.ts';
import type { MaxStepsRule, ResolvedRule, ResultRule, WholePlanRule } from '../ir/resolved.ts';
import { stillFires } from '../laws/condition.ts';
import type { Proved } from '../laws/condition.ts';
import { relationBy, relationOfProofs } from '../laws/relation.ts';
import type { Relation } from '../laws/relation.ts';
import * as laws from '../laws/values.ts';
import { relationOfWholePlan } from '../laws/whole-plan.ts';
import { showWholePlanRule } from '../ir/whole-plan-text.ts';
import type { Proof } from '../proof/implies.ts';
import type { Step } from './change.ts';

type Compare<R> = (old: R, now: R) => Step;

const SAME: Step = { direction: 'same', says: '' };

const COMPARE: {
  readonly [K in ResolvedRule['kind']]: Compare<Extract<ResolvedRule, { readonly kind: K }>>;
} = {
  pattern: ofProved,
  'deny-token': ofProved,
  allow: ofProved,
  bound: ofProved,
  'max-steps': ofMaxSteps,
  'whole-plan': ofWholePlan,
  // Either is there or not; what the catalog says is compared beside.
  'only-catalog': () => SAME,
  'validate-args': () => SAME,
  result: ofResult,
};

/** What became of what a rule fires on. */
export function ofCondition(old: ResolvedRule, now: ResolvedRule): Step {
  if (old.kind !== now.kind) return { direction: 'unknown', says: 'another kind of rule' };
  return { ...(COMPARE[old.kind] as Compare<ResolvedRule>)(old, now), condition: true };
}

function ofProved<R extends Proved>(old: R, now: R): Step {
  const [kept, added] = [stillFires(old, now), stillFires(now, old)];
  const direction = relationOfProofs(kept, added);
  return {
    direction,
    says: direction === 'unknown' ? unproved(kept, added) : inWords(old, now, direction),
    ...(added.kind === 'refuted' && { stopped: exampleOf(added.plan.steps) }),
    ...(kept.kind === 'refuted' && { passed: exampleOf(kept.plan.steps) }),
  };
}

function inWords(old: Proved, now: Proved, direction: Relation): string {
  const value = changedValue(old, now);
  if (value !== null) return value;
  const ofWhen = old.kind === 'pattern' && now.kind === 'pattern' && old.when?.value !== now.when?.value;
  if (!ofWhen || direction === 'incomparable') return 'fires on other plans';
  return direction === 'stricter' ? 'its `when` asks for less' : 'its `when` asks for more';
}

function unproved(...proofs: readonly Proof[]): string {
  const reasons = proofs.flatMap((proof) => (proof.kind === 'undecided' ? [proof.reason] : []));
  return [...new Set(reasons)].join('; ');
}

function ofMaxSteps({ limit: old }: MaxStepsRule, { limit: now }: MaxStepsRule): Step {
  const direction = relationBy(laws.limit, old, now);
  const step = { direction, says: `${old} → ${now}` };
  const plan = direction === 'same' ? undefined : longerThan(Math.min(old, now));
  if (!plan) return step;
  return { ...step, ...(direction === 'stricter' ? { stopped: plan } : { passed: plan }) };
}

function ofResult({ action: old }: ResultRule, { action: now }: ResultRule): Step {
  return { direction: relationBy(laws.resultAction, old, now), says: `${old} → ${now}` };
}

function ofWholePlan(old: WholePlanRule, now: WholePlanRule): Step {
  return {
    direction: relationOfWholePlan(old, now),
    says: `${showWholePlanRule(old)} → ${showWholePlanRule(now)}`,
  };
}
