/** `require_before` and `require_after`, naively: one governed step after the other, one set after the other. */
import { matchesGlob } from './tools.ts';
import type { OracleStep } from './shape.ts';
import { NaivePlan } from './plan.ts';
import { valueAt } from './value-at.ts';
import type { StepNumber } from './plan.ts';
import { laterIn, Later } from './references.ts';

export interface OrderRule {
  readonly tools: readonly string[];
  readonly others: readonly string[];
  readonly same: readonly { readonly here: string; readonly there: string }[];
  readonly listed: boolean;
  /** Which steps of its tools it governs; all of them where it is not said. */
  readonly governs?: (step: OracleStep) => boolean;
}

export const uses = (step: OracleStep | undefined, globs: readonly string[]): boolean =>
  step !== undefined && globs.some((glob) => matchesGlob(glob, step.tool));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    item instanceof Later
      ? { reference: item.text }
      : isObject(item)
        ? { pairs: Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)) }
        : item,
  );

/** An integer that a double does not tell from its neighbour is not known exactly, nor is a text that is not understood: they equal nothing. */
const isThere = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  laterIn(value).every(({ known }) => known !== null) &&
  !(Number.isInteger(value) && !Number.isSafeInteger(value));

/** Whether the other step holds the same values; what is missing or null equals nothing. */
function alike(here: OracleStep, there: OracleStep, { same }: OrderRule): boolean {
  return same.every((pair) => {
    const value = valueAt(here, pair.here);
    const other = valueAt(there, pair.there);
    return isThere(value) && isThere(other) && canonical(value) === canonical(other);
  });
}

/** The governed steps of a plan, each with the other steps that go with it. */
function* pairs(
  plan: NaivePlan,
  rule: OrderRule,
): Generator<readonly [step: StepNumber, others: readonly StepNumber[]]> {
  for (const i of plan.all) {
    const step = plan.steps[i];
    if (!step || !uses(step, rule.tools) || rule.governs?.(step) === false) continue;
    yield [
      i,
      plan.all.filter((j) => uses(plan.steps[j], rule.others) && alike(step, plan.steps[j] ?? step, rule)),
    ];
  }
}

/** The steps on which a `require_before` fires. */
export function withoutFirst(steps: readonly OracleStep[], rule: OrderRule): readonly StepNumber[] {
  const written = new NaivePlan(steps);
  const plan = rule.listed ? written.inListOrder() : written;
  return [...pairs(plan, rule)].flatMap(([i, others]) => {
    const first = others.filter((other) => plan.effect(other) === 'stops');
    return plan.startsWithout(first).has(i) ? [i] : [];
  });
}

/** The steps on which a `require_after` fires. */
export function withoutLast(
  steps: readonly OracleStep[],
  rule: OrderRule & { readonly onFailure: boolean },
): readonly StepNumber[] {
  const written = new NaivePlan(steps);
  const plan = rule.listed ? written.inListOrder() : written;
  return [...pairs(plan, rule)].flatMap(([i, others]) => {
    const last = others.filter((other) => plan.effect(other) === 'stops' && other !== i);
    const followed = last.some((other) => {
      const awaited = plan.ancestors(other);
      const harmless = (step: StepNumber): boolean =>
        step === i || plan.effect(step) === 'continues' || plan.settled(i).has(step);
      return !plan.isOpaque(other) && awaited.has(i) && [...awaited].every(harmless);
    });
    const onFailure =
      !rule.onFailure ||
      plan.effect(i) === 'continues' ||
      (plan.effect(i) === 'handled' && last.some((other) => plan.handlers(i).includes(other)));
    return followed && onFailure ? [] : [i];
  });
}

/**
 * Whether the values that a governed step is to share with another one may turn out to be those of a step that they
 * are not known to be those of.
 */
export function mayPair(steps: readonly OracleStep[], i: StepNumber, rule: OrderRule): boolean {
  const plan = new NaivePlan(steps);
  const step = steps[i];
  return steps.some((other, j) => {
    if (!step || i === j || !uses(other, rule.others) || plan.effect(j) !== 'stops') return false;
    return (
      !alike(step, other, rule) &&
      rule.same.every(({ here, there }) => mayBeAlike(valueAt(step, here), valueAt(other, there)))
    );
  });
}

function mayBeAlike(value: unknown, other: unknown): boolean {
  if (!isThere(value) || !isThere(other)) return false;
  const open = [value, other].flatMap(laterIn);
  return (
    canonical(value) === canonical(other) || (open.length > 0 && open.every(({ known }) => known !== null))
  );
}
