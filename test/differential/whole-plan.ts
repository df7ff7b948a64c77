/** Random rules about the plan as a whole, and what makes a plan of random steps one that they can tell apart. */
import fc from 'fast-check';
import { disguisedAs } from './texts.ts';

/** Few tools and few values, so that steps meet in groups. */
const TOOLS = ['pay.send', 'pay.*', 'db.query', 'mail', '*'] as const;
const PATHS = ['amount', 'to', 'note', 'to.name', 'constructor'] as const;

const tool = fc.oneof(
  fc.constantFrom(...TOOLS),
  fc.uniqueArray(fc.constantFrom(...TOOLS), { minLength: 1, maxLength: 2 }),
);
const path = fc.constantFrom(...PATHS);
const per = fc.option(path, { nil: undefined });

/** Sessions alone heed it. */
const within = fc.constantFrom(undefined, undefined, '60s', '5m');
const maxCalls = fc.record({ max_calls: fc.record({ tool, limit: fc.nat({ max: 3 }), per, within }) });

const pair = fc.oneof(path, fc.record({ here: path, there: path }));
const pairing = {
  tool,
  same: fc.option(
    fc.uniqueArray(pair, { minLength: 1, maxLength: 2, selector: (one) => JSON.stringify(one) }),
    {
      nil: undefined,
    },
  ),
  order: fc.constantFrom('dependencies', 'listed', undefined),
};
const requireBefore = fc.record({ require_before: fc.record({ ...pairing, before: tool, within }) });
const requireAfter = fc.record({
  require_after: fc
    .record({
      ...pairing,
      after: tool,
      on_failure: fc.constantFrom(true, false, undefined),
      until: fc.constantFrom('only', undefined, undefined),
      allow_while_owed: fc.option(tool, { nil: undefined }),
    })
    .map(({ allow_while_owed, ...body }) => ({ ...body, ...(body.until && { allow_while_owed }) })),
});

const contextPath = fc.constantFrom(
  'role',
  'limits',
  'limits.daily',
  'names[*]',
  'names[*].last',
  'constructor',
);
const oneTool = fc.constantFrom(...TOOLS);
const intoArgument = fc.record({
  tool: oneTool,
  arg: fc.oneof(path, fc.constantFrom('items[*]', 'items[*].price')),
});
const flows = fc.record({
  flows: fc.record({
    from: tool,
    to: fc.oneof(
      { weight: 2, arbitrary: tool },
      { weight: 2, arbitrary: intoArgument },
      { weight: 1, arbitrary: fc.tuple(oneTool, intoArgument, intoArgument) },
    ),
    from_context: fc.option(fc.uniqueArray(contextPath, { minLength: 1, maxLength: 2 }), { nil: undefined }),
    through: fc.option(tool, { nil: undefined }),
    evidence: fc.constantFrom(undefined, undefined, 'value', 'order'),
  }),
});

const same = fc.option(fc.array(pair, { minLength: 1, maxLength: 2 }), { nil: undefined });
const limit = fc.constantFrom(0, 0.3, 7, 1e21, 1e308);
/** By tool: no tool is in two items. */
const of = fc
  .tuple(path, path, path)
  .map(([a, b, c]) => [
    { tool: ['pay.send', 'pay.list'], arg: a },
    { tool: 'db.*', arg: b },
    { tool: ['mail', 'pay.back'], arg: c },
  ])
  .chain((items) => fc.subarray(items, { minLength: 1 }));
const maxTotal = fc.oneof(
  { weight: 3, arbitrary: fc.record({ max_total: fc.record({ tool, arg: path, limit, per, within }) }) },
  { weight: 1, arbitrary: fc.record({ max_total: fc.record({ of, limit, per, within }) }) },
);
const separateDuty = fc.record({
  separate_duty: fc.record({ tool, other: tool, by: fc.option(pair, { nil: undefined }), same }),
});
const words = fc.uniqueArray(fc.constantFrom('abort', 'retry', 'continue'), { minLength: 1, maxLength: 2 });
const onFail = fc
  .oneof(
    fc.record({ tool, allow: words }),
    fc.record({ tool, handler: tool }),
    fc.record({ tool, allow: words, handler: tool }),
  )
  .map((body) => ({ on_fail: body }));

/** The body of a rule. */
export const wholePlanBody = fc.oneof(
  maxCalls,
  maxTotal,
  separateDuty,
  onFail,
  requireBefore,
  requireAfter,
  flows,
);

/** What a plan claims to know. */
export const claimed = fc.constantFrom<unknown>(
  undefined,
  { role: 'x' },
  { limits: { daily: 7, DROP: 'a1' } },
  { names: [{ last: 'caf\u00e9' }, 'see ', { last: 'ACC-1' }] },
  { names: Array.from({ length: 66 }, (_, i) => ({ last: i })) },
  // Around the figures by which copies are told.
  { names: [{ last: 'abc' }, { last: 'wxyz' }], limits: { daily: 'abc'.repeat(400) } },
  { names: Array.from({ length: 64 }, (_, i) => ({ last: `n${i}` })) },
  { names: Array.from({ length: 65 }, (_, i) => ({ last: `n${i}` })) },
);

/** Values that some rule takes for the same, or cannot tell. */
const plainValue = fc.constantFrom<unknown>(
  5,
  '5',
  '5.0',
  ' 5 ',
  '0x5',
  'ACC-1',
  'acc-1 ',
  '\uff21cc-1',
  'a\u200bcc-1',
  '',
  true,
  1,
  null,
  '${s0.result.x}',
  '{{s1.result}}',
  '${other}',
  [5],
  'L'.repeat(257),
  0.1,
  0.2,
  1e21,
  1e308,
  5e-324,
  -1,
  -0,
  'xabcx',
  'xwxyzx',
  'abc'.repeat(400).slice(0, 999),
  `x${'abc'.repeat(400).slice(0, 1000)}x`,
);

export const groupValue = fc.oneof(
  { weight: 3, arbitrary: plainValue },
  { weight: 1, arbitrary: disguisedAs(fc.constantFrom('ACC-1', '5', 'wxyz', 'DE89 3704')) },
);

interface Step {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** How a step hangs together with the others: numbers that stand for some of them. */
const link = fc.record({
  rank: fc.nat({ max: 9 }),
  after: fc.array(fc.nat({ max: 9 }), { maxLength: 2 }),
  refers: fc.option(fc.nat({ max: 9 }), { nil: undefined, freq: 2 }),
  onFail: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.constantFrom('abort', 'retry', 'continue', null, 'nowhere', 7, []) },
    { weight: 2, arbitrary: fc.nat({ max: 9 }).map((n) => `s${n}`) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.nat({ max: 9 }).map((n) => `s${n}`),
        { maxLength: 2 },
      ),
    },
  ),
  values: fc.array(fc.tuple(path, groupValue), { maxLength: 2 }),
});

export type Link = typeof link extends fc.Arbitrary<infer T> ? T : never;
export const links = fc.array(link, { minLength: 5, maxLength: 5 });

/**
 * Steps with dependencies, references and `on_fail`. A step depends on steps of a lower rank only, so that there is
 * an order; steps of equal rank are ordered by their place.
 */
export function linked(steps: readonly Step[], all: readonly Link[]): readonly Step[] {
  const rankOf = (i: number): number => (all[i]?.rank ?? 0) * 10 + i;
  return steps.map((step, i) => {
    const found = all[i];
    if (!found) return step;
    const earlier = steps.flatMap((other, j) => (rankOf(j) < rankOf(i) ? [other.id] : []));
    const pick = (n: number): readonly string[] => {
      const id = earlier[n % Math.max(earlier.length, 1)];
      return id === undefined ? [] : [id];
    };
    const depends = found.after.flatMap(pick);
    const refers = found.refers === undefined ? [] : pick(found.refers);
    const args = Object.fromEntries([
      ...Object.entries(step.args),
      ...found.values
        .filter(([key]) => !key.includes('.'))
        .map(([key, value]): [string, unknown] => {
          // What looks like a reference must lead to a step that is there and comes before.
          const isReference = typeof value === 'string' && /\.result/.test(value);
          if (!isReference) return [key, value];
          return [key, refers[0] === undefined ? 'x' : `\${${refers[0]}.result.x}`];
        }),
      ...refers.map((id): [string, string] => ['note', `see {{${id}.result}}`]),
    ]);
    return {
      ...step,
      args,
      ...(depends.length > 0 && { depends_on: depends }),
      ...(found.onFail !== undefined && { on_fail: found.onFail }),
    };
  });
}
