/** Plans that two versions of the policies decide differently by one rule, each tried on both before it is shown. */
import { plansForConditions } from '../examples/of-condition.ts';
import { plansForWholePlan } from '../examples/of-whole-plan.ts';
import type { Example } from '../examples/example.ts';
import { findRule } from '../ir/layer.ts';
import type { ResolvedPolicies, ResolvedRule } from '../ir/resolved.ts';
import type { Change } from './change.ts';

/** So many plans are tried for a rule. */
const MOST_TRIED = 20_000;

/** One side: what its policies mean, and how it decides. */
export interface Illustrator {
  readonly policies: ResolvedPolicies;
  /** Whether the entry's rule fires on the example. */
  readonly fires: (entry: string, rule: string, example: Example) => boolean;
}

/**
 * Gives changes of conditions the examples that a search finds, and takes those away that the two sides do not bear
 * out. What was `unknown` and has an example each way is `incomparable`.
 */
export function illustrated(
  changes: readonly Change[],
  before: Illustrator,
  after: Illustrator,
): readonly Change[] {
  return changes.map((change) => (change.condition ? illustrate(change, before, after) : change));
}

function illustrate(change: Change, before: Illustrator, after: Illustrator): Change {
  const { entry, what, stopped, passed, ...rest } = change;
  const known = [stopped, passed].flatMap((example) => example ?? []);
  const rules = [before, after].flatMap(({ policies }) => ruleOf(policies, entry, what) ?? []);
  const found: { stopped?: Example; passed?: Example } = {};
  let tried = 0;
  for (const example of candidates(known, rules)) {
    if ((tried += 1) > MOST_TRIED) break;
    const [was, is] = [before.fires(entry, what, example), after.fires(entry, what, example)];
    if (is && !was) found.stopped ??= example;
    if (was && !is) found.passed ??= example;
    if (enough(change, found)) break;
  }
  const both = found.stopped && found.passed;
  const direction = change.direction === 'unknown' && both ? 'incomparable' : change.direction;
  return { ...rest, entry, what, direction, ...found };
}

/** Nothing more is to be found once there is an example of each way in which the rule may have changed. */
function enough(
  { direction }: Change,
  { stopped, passed }: { readonly stopped?: Example; readonly passed?: Example },
): boolean {
  if (direction === 'stricter') return stopped !== undefined;
  if (direction === 'looser') return passed !== undefined;
  return stopped !== undefined && passed !== undefined;
}

function ruleOf({ entries }: ResolvedPolicies, entry: string, id: string): ResolvedRule | undefined {
  const policy = entries.find(({ name }) => name === entry);
  return policy && findRule(policy.layer, (rule) => rule.id === id);
}

function* candidates(known: readonly Example[], rules: readonly ResolvedRule[]): Generator<Example> {
  yield* known;
  yield* plansForWholePlan(rules.flatMap((rule) => (rule.kind === 'whole-plan' ? [rule.body] : [])));
  const conditions = rules.filter((rule) => rule.kind === 'pattern');
  if (conditions.some(({ when }) => when)) yield* plansForConditions(conditions);
}
