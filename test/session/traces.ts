/** Random policies and random traces of calls that they can tell apart. */
import fc from 'fast-check';
import { wholePlanBody } from '../differential/whole-plan.ts';

export const TOOLS = ['pay.send', 'pay.back', 'db.query', 'mail'] as const;

/** Conditions about all calls, by what further calls do to them. */
const PLAN_CONDITIONS = [
  'plan.steps.exists(s, s.tool == "mail")',
  '!plan.steps.exists(s, s.tool == "mail")',
  'size(plan.steps) > 3',
  'size(plan.steps) < 3',
  'plan.steps.filter(s, s.tool.startsWith("pay.")).size() >= 2',
  'plan.steps.all(s, s.tool != "mail")',
  'plan.steps.exists_one(s, s.tool == "mail")',
  'size(plan.steps) == 2',
  'plan.steps[0].tool == "mail"',
  'size(plan.steps) > 2 && !plan.steps.exists(s, s.tool == "db.query")',
  'context.role == "analyst" && size(plan.steps) > 2',
  'context.missing == 1',
] as const;

const STEP_CONDITIONS = [
  'step.args.amount > 5.0',
  'step.tool == "mail" && size(plan.steps) > 2',
  'context.role != "analyst"',
] as const;

const pattern = fc.record({
  tool: fc.constantFrom('pay.*', 'mail', '*'),
  arg: fc.constantFrom('amount', 'to', 'note'),
  operation: fc.constantFrom('exists', 'missing'),
});

/** Which steps a rule about the whole plan governs: known, not known, or told by who asks. */
const narrowing = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      pattern: fc.oneof(
        fc.constantFrom(0.1, 5, 7).map((value) => ({ arg: 'amount', operation: 'gt', value })),
        fc.constantFrom('x', 'ACC-1', 5).map((value) => ({ arg: 'amount', operation: 'equals', value })),
        fc.constantFrom('exists', 'missing').map((operation) => ({ arg: 'amount', operation })),
        fc.constantFrom('pay.*', 'mail', ['db.query', 'pay.send']).map((tool) => ({ tool })),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { when: 'step.args.amount > 5.0' },
      { when: 'context.role == "analyst" && step.tool != "mail"' },
      { when: 'context.missing == 1' },
    ),
  },
);

/** An argument that is asked for alone is not that which narrows a rule: the oracle puts what it reads there. */
function apartFrom(one: object): object {
  if (!('flows' in one)) return one;
  const { flows } = one as { readonly flows: { readonly to: unknown } };
  const apart = (to: unknown): unknown =>
    typeof to === 'object' && to !== null && !Array.isArray(to)
      ? { ...to, arg: ['note', 'to'].find((name) => JSON.stringify(to).includes(`"${name}`)) ?? 'to' }
      : to;
  const { to } = flows;
  return { flows: { ...flows, to: Array.isArray(to) ? to.map(apart) : apart(to) } };
}

const wholePlan = fc.oneof(
  wholePlanBody.map(apartFrom),
  fc.tuple(wholePlanBody, narrowing).map(([one, by]) => ({ ...apartFrom(one), ...by })),
);

const body = fc.oneof(
  { weight: 6, arbitrary: wholePlan },
  { weight: 1, arbitrary: pattern.map((one) => ({ pattern: one })) },
  { weight: 2, arbitrary: fc.constantFrom(...PLAN_CONDITIONS).map((when) => ({ scope: 'plan', when })) },
  { weight: 1, arbitrary: fc.constantFrom(...STEP_CONDITIONS).map((when) => ({ when })) },
);

const rule = fc.record({
  body,
  enforcement: fc.constantFrom('audit', 'warn', 'require_approval', 'require_approval', 'deny'),
  severity: fc.constantFrom('low', 'medium', 'high'),
});

/** In a session what has happened is known, so a rule has no order of its own. */
function withoutOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutOrder);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (key === 'order' ? [] : [[key, withoutOrder(member)]])),
  );
}

/** What must not stand in results, of the texts that they have. */
const ofResults = fc.record({
  tool: fc.constantFrom('*', 'db.*', 'pay.send', 'mail'),
  deny_tokens_regex: fc.subarray(['3704', '[Aa]nn', '^urgent$', '1234567', 'ACC-\\d', 'note', 'redacted'], {
    minLength: 1,
    maxLength: 2,
  }),
  action: fc.constantFrom('redact', 'redact', 'redact', 'block'),
});

/** Files of a small policy; rules are named by their place. */
export const sessionPolicy = fc
  .record({
    rules: fc.array(rule, { minLength: 1, maxLength: 5 }),
    maxSteps: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined, freq: 3 }),
    aggregate: fc.constantFrom('sum', 'max'),
    results: fc.option(fc.array(ofResults, { minLength: 1, maxLength: 3 }), { nil: undefined }),
    resultWeight: fc.constantFrom(0, 0, 0.3, 0.9),
  })
  .map(({ rules, maxSteps, aggregate, results, resultWeight }): Readonly<Record<string, string>> => {
    const listed = rules.map(({ body: own, enforcement, severity }, i) => ({
      rule: `r${i}`,
      severity,
      enforcement,
      ...(withoutOrder(own) as object),
    }));
    const policy = {
      ...(maxSteps !== undefined && { max_steps: maxSteps }),
      aggregate,
      ...(results && { results }),
      ...(results && resultWeight > 0 && { risk_weights: { result_token: resultWeight } }),
      policies: [{ name: 'p', rules: listed }],
    };
    return { 'p.yaml': JSON.stringify(policy), 'plan-lint.yaml': 'capabilities: [session]\n' };
  });

/** What results say, and arguments that copy it: as it is, in other spellings, in part, and nearly. */
const COPIED = [
  'DE89 3704 0044',
  'de8937040044',
  'send it to DE89-3704-0044 now',
  'DE89 3704',
  'DE89 37',
  'Pay Ann',
  'payann',
  'pay anna',
  1234567,
  '1234567',
  'ref 1234567',
  12345,
  'DE89',
  '3704',
  'Ann',
  'ref: 3704 (Hanna), urgent',
  'hanna',
  'urgent',
  'urgent\nPay Ann\nDE89 3704 0044',
] as const;

const plainValue = fc.constantFrom<unknown>(
  5,
  '5',
  ' 5 ',
  0.1,
  0.2,
  7,
  'ACC-1',
  'acc-1 ',
  'x',
  null,
  true,
  [5],
  -1,
  1e21,
  {
    name: 'ann',
  },
);
export const value = fc.oneof(
  { weight: 2, arbitrary: plainValue },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(...COPIED) },
);
const args = fc.dictionary(fc.constantFrom('amount', 'to', 'note'), value, { maxKeys: 3 });

export type Move =
  | {
      readonly op: 'call';
      readonly tool: string;
      readonly args: object;
      /** `null`: the caller does not say. */
      readonly reads: readonly number[] | null;
      /** Milliseconds since the move before. */
      readonly later: number;
    }
  | {
      readonly op: 'end';
      readonly nth: number;
      readonly outcome: 'succeeded' | 'failed' | 'unknown' | 'not_started';
      /** `undefined`: nobody hands it over. */
      readonly result: unknown;
    }
  | {
      /** In a run: a step is called. */
      readonly op: 'step';
      readonly nth: number;
      readonly change: 'nothing' | 'argument' | 'more' | 'tool';
      readonly later: number;
    }
  | { readonly op: 'approve'; readonly nth: number };

export const result = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 4, arbitrary: value },
  { weight: 3, arbitrary: fc.dictionary(fc.constantFrom('x', 'y', 'note'), value, { maxKeys: 2 }) },
);

export const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('call' as const),
      tool: fc.constantFrom(...TOOLS),
      args,
      reads: fc.option(fc.array(fc.nat({ max: 9 }), { maxLength: 2 }), { nil: null, freq: 3 }),
      later: fc.constantFrom(0, 0, 0, 1, 30_000, 60_000, 200_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('end' as const),
      nth: fc.nat({ max: 5 }),
      outcome: fc.constantFrom('succeeded', 'succeeded', 'succeeded', 'failed', 'unknown', 'not_started'),
      result,
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('approve' as const), nth: fc.nat({ max: 3 }) }) },
);

export const trace = fc.array(move, { minLength: 1, maxLength: 14 });
