/** Plans that two versions of the policies decide differently by one rule, each tried on both before it is shown. */
import { loadBundle } from '@plan-lint/runtime';
import type { Bundle, Decision } from '@plan-lint/runtime';
import type { Compiled } from '../../compiler/index.ts';
import { findRule } from '../../compiler/ir/layer.ts';
import type { ResolvedRule } from '../../compiler/ir/resolved.ts';
import { signedSource } from '../compiled-source.ts';
import type { Change } from '../report/changes.ts';
import type { Example } from './example.ts';
import { plansForConditions } from './of-condition.ts';
import { plansForWholePlan } from './of-whole-plan.ts';

/** So many plans are tried for a rule. */
const MOST_TRIED = 20_000;

/**
 * Gives changes of conditions the examples that a search finds, and takes those away that the two sides do not bear
 * out. What was `unknown` and has an example each way is `incomparable`.
 *
 * @param now - when the plans are decided, milliseconds since the epoch
 */
export async function withExamples(
  changes: readonly Change[],
  before: Compiled,
  after: Compiled,
  now: number,
): Promise<readonly Change[]> {
  if (!changes.some(({ condition }) => condition)) return changes;
  const sides = [await load(before, now), await load(after, now)] as const;
  return changes.map((change) =>
    change.condition ? illustrated(change, before, after, sides, now) : change,
  );
}

async function load({ module }: Compiled, now: number): Promise<Bundle> {
  const source = await signedSource(module, 'compared', now, undefined);
  return loadBundle(source.module, source.sidecars, source.trust, source.load);
}

function illustrated(
  change: Change,
  before: Compiled,
  after: Compiled,
  [old, current]: readonly [Bundle, Bundle],
  now: number,
): Change {
  const { entry, what, stopped, passed, ...rest } = change;
  const fires = (bundle: Bundle, { plan, context = {} }: Example): boolean => {
    const decision: Decision = bundle.policy(entry).evaluate(plan, { context, now });
    return decision.violations.some(({ rule }) => rule === what);
  };
  const known = [stopped, passed].flatMap((example) => example ?? []);
  const rules = [before, after].flatMap((side) => ruleOf(side, entry, what) ?? []);
  const found: { stopped?: Example; passed?: Example } = {};
  let tried = 0;
  for (const example of candidates(known, rules)) {
    if ((tried += 1) > MOST_TRIED) break;
    const [was, is] = [fires(old, example), fires(current, example)];
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

function ruleOf({ policies }: Compiled, entry: string, id: string): ResolvedRule | undefined {
  const policy = policies.entries.find(({ name }) => name === entry);
  return policy && findRule(policy.layer, (rule) => rule.id === id);
}

function* candidates(known: readonly Example[], rules: readonly ResolvedRule[]): Generator<Example> {
  yield* known;
  yield* plansForWholePlan(rules.flatMap((rule) => (rule.kind === 'whole-plan' ? [rule.body] : [])));
  const conditions = rules.filter((rule) => rule.kind === 'pattern');
  if (conditions.some(({ when }) => when)) yield* plansForConditions(conditions);
}
