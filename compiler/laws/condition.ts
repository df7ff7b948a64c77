import { conditionOf } from '../cel/condition-of.ts';
import type { Illustration } from '../diagnostics/diagnostic.ts';
import { findName } from '../glob/search.ts';
import type { GlobDemand } from '../glob/search.ts';
import type { CelNode } from '../ir/cel.ts';
import type { OperandValue } from '../ir/document.ts';
import type { BoundParam, DenyTokenRule, PatternRule, ResolvedRule } from '../ir/resolved.ts';
import { includesLanguage } from '../patterns/index.ts';
import { celImplies } from '../proof/cel.ts';
import { conditionOf as patternCondition } from '../proof/condition.ts';
import { examplePlan } from '../proof/example.ts';
import { implies } from '../proof/implies.ts';
import type { Proof } from '../proof/implies.ts';
import { isNoWeaker } from '../proof/monotone.ts';
import { conditionOfRule } from '../proof/rule.ts';
import { sameOperand } from './substitute.ts';

const PROVED: Proof = { kind: 'proved' };
const undecided = (reason: string): Proof => ({ kind: 'undecided', reason });

/** Rules of which a proof can say something; the others are compared by their values. */
export type Proved = Extract<ResolvedRule, { readonly kind: 'pattern' | 'deny-token' | 'allow' | 'bound' }>;

type Prover<R> = (before: R, after: R, allowed: readonly GlobDemand[]) => Proof;

const PROVERS: { readonly [K in Proved['kind']]: Prover<Extract<Proved, { readonly kind: K }>> } = {
  pattern: patternStillFires,
  'deny-token': tokenStillFires,
  allow: conditionStillFires,
  bound: conditionStillFires,
};

/**
 * The law of conditions: a rule still fires wherever it fired. Both rules have the values of their parameters. What a
 * child changes is held to it, and `diff` asks it both ways.
 *
 * @param allowed - demands on the tool that an example should meet too, so that no other rule stops it
 */
export function stillFires<R extends Proved>(
  before: R,
  after: R,
  allowed: readonly GlobDemand[] = [],
): Proof {
  return before === after ? PROVED : (PROVERS[before.kind] as Prover<R>)(before, after, allowed);
}

/** A plan on which one rule fires and the other does not, where a proof finds one. */
export function slipsThrough<R extends Proved>(before: R, after: R): Illustration | undefined {
  const proof = stillFires(before, after);
  return proof.kind === 'refuted' ? { plan: proof.plan } : undefined;
}

function conditionStillFires(before: Proved, after: Proved, allowed: readonly GlobDemand[]): Proof {
  const [was, is] = [conditionOfRule(before), conditionOfRule(after)];
  return was && is ? implies(was, is, allowed) : undecided('another kind of rule');
}

function tokenStillFires(before: DenyTokenRule, after: DenyTokenRule, allowed: readonly GlobDemand[]): Proof {
  const answer = includesLanguage(after.regex, before.regex);
  if ('undecided' in answer) return undecided(answer.undecided);
  if (answer.included) return PROVED;
  return {
    kind: 'refuted',
    plan: examplePlan(findName(allowed) ?? 'any_tool', { note: answer.witness }),
  };
}

const UNREAD = 'the rule has a `when` besides, which the prover does not read';

/** Pattern and `when` must both hold, so each is proved alone. */
function patternStillFires(before: PatternRule, after: PatternRule, allowed: readonly GlobDemand[]): Proof {
  if (before.scope !== after.scope) return undecided('one is asked of each step, the other of the plan');
  const when = whenStillHolds(before, after);
  if (when.kind !== 'proved' || before.pattern === after.pattern) return when;
  const proof = implies(patternCondition(before.pattern), patternCondition(after.pattern), allowed);
  // What `when` says of the example is not known here.
  return before.when && proof.kind === 'refuted' ? undecided(UNREAD) : proof;
}

/** That the `when` of a rule is false nowhere where the one before was not. */
function whenStillHolds(before: PatternRule, after: PatternRule): Proof {
  // Without a condition the rule fires on whatever it fired on with one.
  if (!after.when) return PROVED;
  if (!before.when) return undecided('it has a `when` that it did not have');
  const changes = changesOf(before.params ?? [], after.params ?? []);
  const sameText = before.when.value === after.when.value;
  if (sameText && changes.size === 0) return PROVED;
  const [was, is] = [rootOf(before), rootOf(after)];
  // What does not compile is reported where it is compiled.
  if (!was || !is) return sameText ? PROVED : undecided('its `when` does not compile');
  if (sameText) return isNoWeaker(is, changes) ? PROVED : undecided(otherValues(changes));
  if (changes.size > 0) return undecided('another `when`, and other values of its parameters');
  return celImplies(was, is) ? PROVED : undecided('another `when`, which cannot be compared');
}

function rootOf({ when, scope, params = [] }: PatternRule): CelNode | null {
  return when && conditionOf(when.value, scope, params);
}

type Changes = ReadonlyMap<string, readonly [before: OperandValue, after: OperandValue]>;

function changesOf(before: readonly BoundParam[], after: readonly BoundParam[]): Changes {
  const changes = new Map<string, readonly [OperandValue, OperandValue]>();
  for (const { name, value } of after) {
    const was = before.find((param) => param.name === name);
    if (was && !sameOperand(was.value, value)) changes.set(name, [was.value, value]);
  }
  return changes;
}

function otherValues(changes: Changes): string {
  const names = [...changes.keys()].map((name) => `\`params.${name}\``).join(', ');
  return `its \`when\` does not show by its form that this value of ${names} is stricter, as one side of a comparison or the list of an \`in\` would`;
}
