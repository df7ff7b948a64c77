/** Plans that show what one rule stops, and what it would let through if it were narrowed. */
import { conditionOf } from '../cel/condition-of.ts';
import { globMatches } from '../glob/covers.ts';
import { findName } from '../glob/search.ts';
import type { CelNode } from '../ir/cel.ts';
import type { Expr } from '../ir/program.ts';
import type { BoundRule, PatternRule, ResolvedRule, WholePlanRule } from '../ir/resolved.ts';
import type { Located } from '../ir/source.ts';
import { lastCutOf } from '../ir/tools.ts';
import { amountsOf } from '../ir/whole-plan.ts';
import { alternatives } from '../proof/cases.ts';
import { FALSE } from '../proof/cel-states.ts';
import { statesOn } from '../proof/cel-subject.ts';
import { fires } from '../proof/evaluate.ts';
import { buildArgs, examplePlan } from '../proof/example.ts';
import { implies } from '../proof/implies.ts';
import { conditionOfRule } from '../proof/rule.ts';
import { REFERENCE } from '../proof/unknown.ts';
import { exampleOf, toolOf, withValue } from './example.ts';
import type { Example } from './example.ts';
import { plansForConditions } from './of-condition.ts';

const NEVER: Expr = { kind: 'constant', value: false };

/** So many plans are tried for one example. */
const MOST_TRIED = 2_000;
/** Longer plans than this show nothing that the numbers do not. */
const LONGEST = 50;

/** A plan that the rule stops; `undefined` where none is found, or its tests are more than the prover knows. */
export function stoppedBy(rule: ResolvedRule): Example | undefined {
  if (rule.kind === 'max-steps') return longerThan(rule.limit);
  if (rule.kind === 'whole-plan') return beyond(rule);
  if (rule.kind === 'pattern' && rule.when) return firstOf([rule], (example) => stops(rule, example));
  const condition = conditionOfRule(rule);
  const proof = condition && implies(condition, NEVER);
  return proof?.kind === 'refuted' ? exampleOf(proof.plan.steps) : undefined;
}

/** A plan that the rule stops, and would not if it had this condition besides. */
export function letThroughBy(when: Located<string>, rule: ResolvedRule): Example | undefined {
  if (rule.kind !== 'pattern' || rule.scope !== 'step') return undefined;
  const root = conditionOf(when.value, 'step', rule.params ?? []);
  if (!root) return undefined;
  const narrowed = { ...rule, when };
  return firstOf([rule, narrowed], (example) => {
    return example.plan.steps.length === 1 && stops(rule, example) && isFalseOn(root, example);
  });
}

/** A plan of one step more than a limit. */
export function longerThan(limit: number): Example | undefined {
  return limit < LONGEST ? exampleOf(repeated('any_tool', Math.max(limit, 0) + 1)) : undefined;
}

/** A plan beyond the limit of a rule about the whole plan, and not beyond a higher one. */
export function beyond({ body, narrowing }: WholePlanRule, higher = Infinity): Example | undefined {
  const [tool] = body.tools;
  if (!tool || narrowing || !('limit' in body) || !body.limit.value || body.per) return undefined;
  const limit = body.limit.value.value;
  const name = toolOf(tool.value);
  if (body.kind === 'max_calls') {
    const count = Math.floor(limit) + 1;
    return count <= LONGEST && count <= higher ? exampleOf(repeated(name, count)) : undefined;
  }
  const amount = higher === Infinity ? limit + 1 : (limit + higher) / 2;
  const [first] = amountsOf(body);
  const args = first && withValue({}, first.arg.value.split('.'), amount);
  return args && !first.arg.value.includes('[') ? exampleOf([{ id: 's1', tool: name, args }]) : undefined;
}

/** A plan that a rule about the whole plan stops where it governs the step, and does not where it governs none. */
export function beyondNarrowing(
  { body }: WholePlanRule,
  [step]: Example['plan']['steps'],
): Example | undefined {
  if (!step) return undefined;
  if (body.kind === 'require_before' || body.kind === 'require_after') {
    const others = body.kind === 'require_before' ? body.before : body.after;
    return others.some(({ value }) => globMatches(value, step.tool)) ? undefined : exampleOf([step]);
  }
  const limit = body.kind === 'max_calls' && !body.per ? body.limit.value?.value : undefined;
  if (limit === undefined || limit >= LONGEST) return undefined;
  return exampleOf(Array.from({ length: limit + 1 }, (_, i) => ({ ...step, id: `s${i + 1}` })));
}

/** A plan of which the rule cannot tell while a value is not known, and that a run would decide. */
export function openTo(rule: ResolvedRule): Example | undefined {
  const condition = rule.kind === 'pattern' && rule.when ? null : conditionOfRule(rule);
  const cubes = condition && alternatives(condition, 'or');
  const [cube, ...others] = cubes ?? [];
  if (!condition || !cube || others.length > 0) return undefined;
  const [test, ...more] = cube.filter((atom) => atom.kind === 'arg');
  if (!test || more.length > 0) return undefined;
  const tool = findName(
    cube.flatMap((atom) => (atom.kind === 'tool' ? [{ globs: atom.globs, matches: !atom.negated }] : [])),
  );
  const args = buildArgs([{ path: test.path, value: REFERENCE }]);
  if (!tool || !args) return undefined;
  const mayHold = fires(test, tool, args);
  const mayFail = fires({ ...test, negated: !test.negated }, tool, args);
  return mayHold && mayFail ? exampleOf(examplePlan(tool, args).steps) : undefined;
}

/** A plan that calls the tool of a bound without its argument. */
export function withoutArgument({ key, tool }: BoundRule): Example {
  const cut = tool?.length ?? lastCutOf(key) ?? key.length;
  return exampleOf([{ id: 's1', tool: key.slice(0, cut), args: {} }]);
}

const repeated = (tool: string, count: number): Example['plan']['steps'] =>
  Array.from({ length: count }, (_, i) => ({ id: `s${i + 1}`, tool, args: {} }));

function firstOf(rules: readonly PatternRule[], shows: (example: Example) => boolean): Example | undefined {
  let tried = 0;
  for (const example of plansForConditions(rules)) {
    if ((tried += 1) > MOST_TRIED) return undefined;
    if (shows(example)) return example;
  }
  return undefined;
}

/** Whether a rule is known to fire on the first step of an example. */
export function stops(rule: ResolvedRule, example: Example): boolean {
  const [step] = example.plan.steps;
  const condition = conditionOfRule(rule);
  if (!step || !condition || !fires(condition, step.tool, step.args)) return false;
  if (rule.kind !== 'pattern' || !rule.when) return true;
  const root = conditionOf(rule.when.value, rule.scope, rule.params ?? []);
  return root !== null && (statesOn(root, subjectOf(example)) & FALSE) === 0;
}

const isFalseOn = (root: CelNode, example: Example): boolean => statesOn(root, subjectOf(example)) === FALSE;

function subjectOf({ plan, context = {} }: Example): Readonly<Record<string, unknown>> {
  const [step] = plan.steps;
  return { step, plan, context };
}
