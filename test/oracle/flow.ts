/** `flows`, naively: from each step back through everything it reads. */
import { FLOW_LIMITS } from './limits.ts';
import type { FlowLimits } from './limits.ts';
import type { OracleStep } from './shape.ts';
import { once } from './once.ts';
import { uses } from './order.ts';
import { plainOf, readAs } from './spelling.ts';
import { NaivePlan } from './plan.ts';
import { laterIn, Later } from './references.ts';
import { segmentsOf } from './patterns.ts';
import { textsOf } from './texts.ts';
import type { StepNumber } from './plan.ts';

export interface FlowRule {
  readonly sinks: readonly string[];
  /** Sinks of which one argument alone counts. */
  readonly into?: readonly { readonly tools: readonly string[]; readonly arg: string }[];
  readonly from: readonly string[];
  readonly through: readonly string[];
  /** Paths into both contexts. */
  readonly fromContext: readonly string[];
}

/** Everything a path leads to; where it leads through something that is no object, that. */
function below(value: unknown, path: readonly string[]): readonly unknown[] {
  const [first, ...rest] = path;
  if (first === undefined || typeof value !== 'object' || value === null || value instanceof Later)
    return [value];
  if (first === '[*]') return Array.isArray(value) ? value.flatMap((item) => below(item, rest)) : [value];
  if (Array.isArray(value)) return [value];
  return Object.hasOwn(value, first) ? below((value as Record<string, unknown>)[first], rest) : [];
}

/** A text and all it may be read as, whatever the case. */
const formsOf = once((text: string): readonly string[] =>
  [...new Set([plainOf(text), ...readAs(text)].map((form) => form.toLowerCase()))].filter(
    (form) => form !== '',
  ),
);

function isCopy(text: string, value: string, { longestPart, shortestPart }: FlowLimits): boolean {
  return formsOf(value.slice(0, longestPart)).some((form) =>
    formsOf(text).some((one) => (form.length < shortestPart ? one === form : one.includes(form))),
  );
}

/** A context holds no references. */
const textsIn = (value: unknown): readonly string[] =>
  textsOf(value).map((text) => (text instanceof Later ? text.text : text));

/** The steps on which a `flows` fires. */
export function tainted(
  steps: readonly OracleStep[],
  contexts: readonly unknown[],
  rule: FlowRule,
  limits: FlowLimits = FLOW_LIMITS,
): readonly StepNumber[] {
  const plan = new NaivePlan(steps);
  const values = new Set(
    rule.fromContext.flatMap((path) => {
      return contexts.flatMap((context) => below(context, segmentsOf(path))).flatMap(textsIn);
    }),
  );
  values.delete('');
  const written = (i: StepNumber): readonly string[] =>
    textsOf(steps[i]?.args).map((text) => (text instanceof Later ? text.text : text));
  const copies = plan.all.map((i) =>
    written(i).some((text) => [...values].some((value) => isCopy(text, value, limits))),
  );
  // A text that nobody understands may hold the result of any other step, so it takes as many rounds as it takes.
  let givers: readonly StepNumber[] = [];
  const takesIn = (i: StepNumber): boolean =>
    plan.reads(i).some((other) => givers.includes(other)) ||
    (plan.readsAnything(i) && givers.some((other) => other !== i)) ||
    copies[i] === true;
  for (;;) {
    const next = plan.all.filter(
      (i) => uses(steps[i], rule.from) || (!uses(steps[i], rule.through) && takesIn(i)),
    );
    if (next.length === givers.length) break;
    givers = next;
  }
  /** What one argument takes in: as if the step had no others. */
  const takesInto = (i: StepNumber, arg: string): boolean => {
    const held = below(steps[i]?.args, segmentsOf(arg)).filter((value) => value !== undefined);
    if (values.size > limits.values) return held.length > 0;
    const later = held.flatMap(laterIn);
    const ids = later.flatMap(({ ids: all }) => all).map((id) => plan.numberOf(id));
    return (
      ids.some((other) => other !== undefined && givers.includes(other)) ||
      (later.some(({ known }) => known === null) && givers.some((other) => other !== i)) ||
      held.flatMap(textsIn).some((text) => [...values].some((value) => isCopy(text, value, limits)))
    );
  };
  return plan.all.filter(
    (i) =>
      (uses(steps[i], rule.sinks) && (values.size > limits.values || takesIn(i))) ||
      (rule.into ?? []).some(({ tools, arg }) => uses(steps[i], tools) && takesInto(i, arg)),
  );
}
