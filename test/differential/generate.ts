/** Random policies as YAML, and random plans that are likely to touch them. */
import fc from 'fast-check';
import { stepCondition } from './conditions.ts';
import { disguised, text } from './texts.ts';
import { holding, ofHost, viewed } from './views.ts';
import { claimed, linked, links, wholePlanBody } from './whole-plan.ts';

export const TOOLS = ['pay.send', 'pay.list', 'db.query', 'db.query.raw', 'mail', 'pay'] as const;
const GLOBS = ['pay.*', '*.query', 'db.*', '*', '*a*', 'pay.*d', 'nothing.*'] as const;
const ARGS = ['amount', 'to', 'note', 'items', 'constructor', '__proto__', 'self'] as const;
const PATHS = [...ARGS, 'to.name', 'items[*]', 'items[*].price', 'to.constructor', 'a.b.c'] as const;
const NUMBERS = [0, 1, -1, 5, 7, 10.5, 1000, 10_000, -0.25] as const;
const REGEXES = [
  '^a',
  'P$',
  '\\bDROP\\b',
  '(?=D)DR',
  'DROP|--',
  '^a\\d$',
  '[0-9]+',
  'x',
  '(?:ab|a1)',
  '\u{1f600}',
  '\\.',
] as const;

const scalar = fc.oneof(text, fc.constantFrom(...NUMBERS), fc.boolean(), fc.constant(null));
const interval = fc
  .tuple(fc.constantFrom(...NUMBERS), fc.constantFrom(...NUMBERS))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
const count = fc.nat({ max: 4 });
const sizes = fc.tuple(count, count).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);

const OPERANDS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  equals: scalar,
  not_equals: scalar,
  in: fc.array(scalar, { minLength: 1, maxLength: 3 }),
  not_in: fc.array(scalar, { minLength: 1, maxLength: 3 }),
  contains: text,
  not_contains: text,
  starts_with: text,
  ends_with: text,
  matches: fc.constantFrom(...REGEXES),
  not_matches: fc.constantFrom(...REGEXES),
  gt: fc.constantFrom(...NUMBERS),
  gte: fc.constantFrom(...NUMBERS),
  lt: fc.constantFrom(...NUMBERS),
  lte: fc.constantFrom(...NUMBERS),
  between: interval,
  not_between: interval,
  exists: fc.constant(undefined),
  missing: fc.constant(undefined),
  type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', 'object', 'null'),
  length_equals: count,
  length_gt: count,
  length_gte: count,
  length_lt: count,
  length_lte: count,
  length_between: sizes,
  named_in: fc.constant(undefined),
  not_named_in: fc.constant(undefined),
  private_network: fc.constant(undefined),
};
/** What the caller may say in place of a value: some of it is there in some contexts, of the right type or not. */
const FROM = fc.constantFrom(
  'context.payees',
  'context.word',
  'context.limits.daily',
  'context.role',
  'context.nothing.here',
  'context.__proto__',
);
const FRAMED = fc.oneof(FROM, fc.record({ path: FROM, prefix: fc.constantFrom('a', 'DR', '@') }));
const OF_CALLER: Readonly<Record<string, fc.Arbitrary<unknown>>> = Object.fromEntries([
  ...['equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'ends_with'].map(
    (name) => [name, FRAMED] as const,
  ),
  ...['gt', 'gte', 'lt', 'lte', 'named_in', 'not_named_in'].map((name) => [name, FROM] as const),
]);
const ANYWHERE = ['contains', 'starts_with', 'ends_with', 'matches'];

const SPELLING = ['equals', 'not_equals', 'in', 'not_in', 'not_contains', 'not_matches', ...ANYWHERE];

/** Mostly left out; `normalize` never said of a text of which nothing is left, which does not compile. */
const option = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.boolean() },
);

const leaf = fc.constantFrom(...Object.keys(OPERANDS)).chain((operation) =>
  fc
    .record({
      operation: fc.constant(operation),
      arg: ANYWHERE.includes(operation)
        ? fc.option(fc.constantFrom(...PATHS), { nil: undefined })
        : fc.constantFrom(...PATHS),
      value: OPERANDS[operation] ?? fc.constant(undefined),
      // Now and then the caller gives the operand.
      value_from: fc.oneof(
        { weight: operation.endsWith('named_in') ? 0 : 5, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: OF_CALLER[operation] ?? fc.constant(undefined) },
      ),
      min_length: operation.endsWith('named_in') ? fc.constantFrom(undefined, 1, 2) : fc.constant(undefined),
      ignore_case: SPELLING.includes(operation) ? option : fc.constant(undefined),
      normalize: SPELLING.includes(operation) ? option : fc.constant(undefined),
      optional: operation === 'exists' || operation === 'missing' ? fc.constant(undefined) : option,
    })
    .map((one) => (one.arg === undefined ? { ...one, optional: undefined } : one))
    .map((one) => (one.value_from === undefined ? one : { ...one, value: undefined }))
    .map((one) =>
      one.normalize && [one.value].flat().includes('\u200b') ? { ...one, normalize: false } : one,
    )
    .chain((one): fc.Arbitrary<typeof one> => {
      if (operation === 'private_network') return ofHost.map((view) => ({ ...one, ...view }));
      return one.arg === undefined
        ? fc.constant(one)
        : fc.oneof(
            { weight: 4, arbitrary: fc.constant(one) },
            // What is normalised to nothing, or to something else, does not compile.
            { weight: 1, arbitrary: viewed({ ...one, normalize: undefined }) },
          );
    }),
);

const someTools = fc.oneof(
  fc.constantFrom(...TOOLS, ...GLOBS),
  fc.uniqueArray(fc.constantFrom(...TOOLS, ...GLOBS), { minLength: 1, maxLength: 3 }),
);
// Rarely, for every further tool makes it less likely that a step reaches the test below it.
const tool = fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: someTools });

const TOOL_ALONE = {};

interface Pattern {
  readonly [key: string]: unknown;
}

const { pattern } = fc.letrec<{ pattern: Pattern; some: Pattern[] }>((tie) => ({
  some: fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }),
  pattern: fc
    .tuple(
      tool,
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.constant(TOOL_ALONE),
        fc.record({ and: tie('some') }),
        fc.record({ or: tie('some') }),
        fc.record({ not: tie('pattern') }),
      ),
    )
    .map(([tools, test]): Pattern => ({
      tool: tools ?? (test === TOOL_ALONE ? 'mail' : undefined),
      ...test,
    })),
}));

/** Conditions over everything a rule may look at; each is true, false or in error for some plans. */
const WHENS = [
  'step.args.amount > 5',
  'step.args.amount > 5 && step.tool.startsWith("pay")',
  '!(step.args.amount <= 1000.0) || context.role == "admin"',
  // No `has` and no `in` on a map: for the oracle's interpreter a key whose value is null is absent, for the
  // specification it is there.
  'step.args.to.name == "x" || step.tool == "mail"',
  'step.args.items.exists(i, i.price >= 7)',
  'step.args.items.all(i, i != "DROP")',
  'step.args.note.matches("^a[0-9]$|DROP")',
  'size(step.args) > 2',
  'step.args["constructor"] != 1.0',
  'step.args["__proto__"] == 5',
  'plan.steps.size() > 2 && step.id != "s0"',
  'context.limits.daily < step.args.amount',
  'now < timestamp("2026-06-01T00:00:00Z")',
  'type(step.args.amount) == string',
  'step.args.amount == 7 ? true : step.args.note.contains("x")',
  'step.args.amount > params.limit',
  'params.count < size(step.args) || step.args.amount <= params.limit',
  '!(step.args.note in params.names)',
  'step.args.note.contains(params.word) && step.args.amount != params.count',
] as const;
const PLAN_WHENS = [
  'plan.steps.exists(s, s.tool == "mail") && !plan.steps.exists(s, s.tool == "pay.list")',
  'plan.steps.filter(s, s.tool.startsWith("pay")).size() > 1',
  'plan.steps.map(s, s.args.amount).exists(a, a > 100)',
  'context.role != "admin"',
  'plan.steps.size() > params.count',
  'plan.steps.exists(s, s.args.amount >= params.limit && s.tool in params.names)',
] as const;

/** Declared where a condition names one. */
const params = fc.record({
  limit: fc.record({ type: fc.constant('number'), value: fc.constantFrom(...NUMBERS) }),
  count: fc.record({ type: fc.constant('integer'), value: fc.nat({ max: 5 }) }),
  names: fc.record({
    type: fc.constant('list'),
    value: fc.array(fc.oneof(text, fc.constantFrom(...NUMBERS, 'mail', 'pay')), { maxLength: 3 }),
  }),
  word: fc.record({ type: fc.constant('text'), value: text }),
});

const when = fc.oneof(fc.constantFrom(...WHENS), stepCondition);

/** What narrows a rule about the whole plan asks of the step alone. */
const whenOfStep = when.filter((written) => !/\b(?:plan|now)\b/.test(written));

const cleaned = pattern.map((one) => withoutManyUnderNot(one));

const body = fc.oneof(
  { weight: 6, arbitrary: fc.record({ pattern: cleaned }) },
  { weight: 2, arbitrary: fc.record({ when }) },
  { weight: 1, arbitrary: fc.record({ pattern: cleaned, when }) },
  { weight: 1, arbitrary: fc.record({ when: fc.constantFrom(...PLAN_WHENS), scope: fc.constant('plan') }) },
  { weight: 3, arbitrary: wholePlanBody },
  // The same of some steps only.
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        wholePlanBody,
        fc.oneof(
          { weight: 3, arbitrary: fc.record({ pattern: cleaned }) },
          { weight: 1, arbitrary: fc.record({ when: whenOfStep }) },
          { weight: 1, arbitrary: fc.record({ pattern: cleaned, when: whenOfStep }) },
        ),
      )
      .map(([one, narrowing]) => ({ ...one, ...narrowing })),
  },
);

const head = fc.record({
  severity: fc.constantFrom('info', 'low', 'medium', 'high', 'critical', undefined),
  enforcement: fc.constantFrom('audit', 'warn', 'require_approval', 'deny', undefined),
  weight: fc.constantFrom(0, 0.1, 0.3, 1, undefined),
});
const references = fc.constantFrom('allow', 'check', undefined, undefined);
/** Rules about the plan as a whole leave nothing to a run. */
const isOverStep = (test: object): boolean =>
  Object.keys(test).every((key) => key === 'pattern' || key === 'when');
const rule = fc
  .tuple(head, body, references)
  .map(([about, test, said]) => ({ ...about, ...test, ...(isOverStep(test) && { references: said }) }));

/** Under `not` a test of several values does not compile: such paths lose their `[*]`, such tests get an argument. */
function withoutManyUnderNot(one: unknown, negated = false): unknown {
  if (typeof one !== 'object' || one === null) return one;
  const found = one as Pattern;
  const inner = (key: string, flip: boolean): Pattern => {
    const value = found[key];
    if (value === undefined) return {};
    const clean = (item: unknown): unknown => withoutManyUnderNot(item, negated !== flip);
    return { [key]: Array.isArray(value) ? value.map(clean) : clean(value) };
  };
  const arg = typeof found['arg'] === 'string' ? found['arg'].replaceAll('[*]', '') : 'note';
  const inside = typeof found['path'] === 'string' && found['path'].includes('[*]') ? { path: 'a' } : {};
  const named = negated && found['operation'] !== undefined ? { arg, ...inside } : {};
  return { ...found, ...named, ...inner('and', false), ...inner('or', false), ...inner('not', true) };
}

/** A policy file. YAML is a superset of JSON, so JSON text is written. */
export const policyFile = fc
  .record(
    {
      // Small policies are most of those that people write, and what stands alone in a module hides nothing.
      rules: fc
        .oneof(fc.tuple(rule), fc.array(rule, { maxLength: 8, size: 'max' }))
        .map((rules) => rules.map((declared, i) => ({ rule: `r${i}`, ...declared }))),
      allow_tools: fc.uniqueArray(fc.constantFrom(...TOOLS, ...GLOBS), { maxLength: 4 }),
      bounds: fc.dictionary(
        fc
          .tuple(
            fc.constantFrom(...TOOLS, 'pay.*'),
            fc.constantFrom('amount', 'to.name', 'items[*]', 'items[*].price'),
          )
          .map((key) => key.join('.')),
        fc
          .tuple(fc.oneof(interval, fc.constantFrom([null, 5], [1, null], [null, null])), references, option)
          .map(([value, said, optional]) =>
            said === undefined && optional === undefined ? value : { value, references: said, optional },
          ),
        { maxKeys: 2 },
      ),
      deny_tokens_regex: fc.uniqueArray(fc.constantFrom(...REGEXES), { maxLength: 2 }),
      max_steps: fc.nat({ max: 4 }),
      fail_risk_threshold: fc.constantFrom(0.1, 0.3, 0.5, 0.8, 1),
      aggregate: fc.constantFrom('sum', 'max'),
      order: fc.constantFrom('listed', 'dependencies'),
      params,
    },
    { requiredKeys: ['rules', 'params'] },
  )
  .map(({ params: declared, ...file }) => {
    const written = JSON.stringify(file);
    return written.includes('params.') ? JSON.stringify({ ...file, params: declared }) : written;
  });

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: scalar, weight: 6 },
    { arbitrary: disguised, weight: 3 },
    { arbitrary: holding, weight: 3 },
    fc.constantFrom('\ud800', '', '"', '\\'),
    fc.array(tie('value'), { maxLength: 3 }),
    // Lists beside each other: what one of them says is not to be taken for what the next says.
    fc.array(fc.array(scalar, { maxLength: 2 }), { minLength: 2, maxLength: 3 }),
    fc
      .dictionary(fc.constantFrom(...ARGS, 'name', 'price', 'b', 'DROP', 'D\u200bRO\u03a1'), tie('value'), {
        maxKeys: 3,
      })
      // As `JSON.parse` makes them: `__proto__` is a key like any other, and objects inherit from Object.
      .map((object) => Object.fromEntries(Object.entries(object))),
  ),
})).value;

const args = fc
  .array(fc.tuple(fc.constantFrom(...ARGS), value), { maxLength: 6, size: 'max' })
  .map((entries) => Object.fromEntries(entries));

const step = fc.record({ tool: fc.constantFrom(...TOOLS, 'nothing.x', 'zz'), args });

const steps = fc
  .array(step, { maxLength: 5, size: 'max' })
  .map((all) => all.map((each, i) => ({ id: `s${i}`, ...each })));

/** Half of the plans are steps beside each other, half hang together. */
export const plan = fc.oneof(
  steps.map((all) => ({ steps: all })),
  fc.tuple(steps, links, claimed).map(([all, found, says]) => ({
    steps: linked(all, found),
    ...(says !== undefined && { context: says }),
  })),
);

const context = fc.constantFrom(
  undefined,
  {},
  { role: 'admin' },
  { role: 5, limits: { daily: 100 } },
  { limits: 7 },
  { payees: ['a1', 'DROP', 5, true, 'x'], word: 'DROP', role: 'a1' },
  { payees: [], word: 'Pay a1, x and drop 1000; (7) to see@a.b', limits: { daily: 7 } },
  { payees: ['Kiss', null], word: '\uff44\uff52op it, \u0440\u0430\u0443!', limits: { daily: '7' } },
);
const now = fc.constantFrom(Date.parse('2026-01-01T00:00:00Z'), Date.parse('2026-07-01T00:00:00.5Z'));

/** A plan, who asks, and when. */
export const question = fc.record({ plan, context, now });

const one = <T>(all: readonly [T, ...T[]], i: number): T => all[i % all.length] ?? all[0];

/** Plans around the figure from which on `max_steps` answers alone. */
const longPlan = fc
  .tuple(fc.constantFrom(255, 256, 257, 300), fc.tuple(step, step, step))
  .map(([length, some]) => ({
    steps: Array.from({ length }, (_, i) => ({ id: `s${i}`, ...one(some, i) })),
  }));
export const longQuestion = fc.record({ plan: longPlan, context, now });
