/** `diff` and the laws of inheritance say the same, and neither says too little: of random pairs of policies of every kind. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayBeLooser } from '../../compiler/compare/change.ts';
import { comparePolicies } from '../../compiler/compare/policies.ts';
import { compile, memoryHost, resolvePolicies } from '../../compiler/index.ts';
import type { ResolvedPolicies } from '../../compiler/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { withExceptions } from '../differential/exceptions.ts';
import { policyFile, question } from '../differential/generate.ts';
import { decide } from '../oracle/oracle.ts';
import { changedPolicies } from './changed-policy.ts';
import { changes, told } from './compare.ts';

const interval = fc
  .tuple(fc.constantFrom(null, 0, 2), fc.constantFrom(4, 6, null))
  .map(([low, high]) => `[${low ?? 'null'}, ${high ?? 'null'}]`);
const someTools = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'b.*', 'b.c'), { minLength: 1 })
  .map((tools) => `[${tools.join(', ')}]`);

/** What a file says alone, and what a child writes to make the same of an inherited one. */
interface Says {
  readonly alone: string;
  readonly child: string;
}

const setting = (key: string, value: fc.Arbitrary<string>): fc.Arbitrary<Says> =>
  value.map((text) => ({ alone: `${key}: ${text}`, child: `${key}: ${text}` }));

/** A rule, whose refinement writes all of these. */
const rule = (
  head: string,
  refined: fc.Arbitrary<readonly [alone: string, child: string]>,
): fc.Arbitrary<Says> =>
  refined.map(([alone, child]) => ({
    alone: `rules: [{ rule: r, ${head}${alone} }]`,
    child: `refine: [{ rule: r, ${child} }]`,
  }));

const HEAD = 'severity: medium, enforcement: warn, weight: 0.4, ';
const whole = (text: string): readonly [string, string] => [`pattern: ${text}`, `pattern: ${text}`];
const amount = fc.constantFrom(4, 5, 5.5, 6);
const texts = fc
  .uniqueArray(fc.constantFrom('x', 'y', 'xy'), { minLength: 1 })
  .map((items) => `[${items.join(', ')}]`);

const KINDS: readonly fc.Arbitrary<Says>[] = [
  setting('max_steps', fc.integer({ min: 1, max: 4 }).map(String)),
  setting('fail_risk_threshold', fc.constantFrom('0.2', '0.5', '0.8')),
  setting('aggregate', fc.constantFrom('sum', 'max')),
  setting('max_exception', fc.constantFrom('12h', '30d', '90d')),
  setting(
    'bounds',
    interval.map((ends) => `{ pay.amount: ${ends} }`),
  ),
  setting('allow_tools', someTools),
  rule(
    '',
    fc
      .tuple(
        fc.constantFrom('low', 'medium', 'high'),
        fc.constantFrom('audit', 'warn', 'deny'),
        fc.constantFrom(0.2, 0.4, 0.6),
      )
      .map(([severity, enforcement, weight]) => {
        const head = `severity: ${severity}, enforcement: ${enforcement}, weight: ${weight}`;
        return [`${head}, pattern: { tool: a }`, head];
      }),
  ),
  rule(
    HEAD,
    fc
      .tuple(fc.constantFrom('gt', 'gte', 'lt', 'lte', 'equals', 'not_equals'), amount)
      .map(([operation, value]) => whole(`{ tool: a, operation: n_${operation}, value: ${value} }`)),
  ),
  rule(
    HEAD,
    fc
      .tuple(fc.constantFrom('in', 'not_in'), texts)
      .map(([operation, value]) => whole(`{ tool: a, operation: n_${operation}, value: ${value} }`)),
  ),
  rule(
    HEAD,
    fc
      .tuple(
        someTools,
        fc.constantFrom('contains', 'starts_with', 'ends_with', 'matches'),
        fc.constantFrom('x', 'xy'),
      )
      .map(([tool, operation, value]) =>
        whole(`{ tool: ${tool}, arg: n, operation: ${operation}, value: ${value} }`),
      ),
  ),
  rule(
    HEAD,
    fc
      .tuple(fc.constantFrom('and', 'or'), amount, amount)
      .map(([how, n, m]) =>
        whole(`{ tool: a, ${how}: [{ operation: n_gt, value: ${n} }, { operation: m_lt, value: ${m} }] }`),
      ),
  ),
  ...['max_calls: { tool: a', 'max_calls: { tool: [a, b], per: to', 'max_total: { tool: a, arg: n'].map(
    (body) =>
      rule(
        HEAD,
        fc.integer({ min: 1, max: 4 }).map((limit) => [`${body}, limit: ${limit} }`, `value: ${limit}`]),
      ),
  ),
  ...[
    ['{ tool: a, operation: n_gt, value: "${params.p}" }', 'lower'],
    ['{ tool: a, operation: n_lt, value: "${params.p}" }', 'higher'],
  ].map(([pattern = '', tighten = '']) =>
    amount.map((value) => ({
      alone: `params: { p: { type: number, value: ${value}, tighten: ${tighten} } }\nrules: [{ rule: r, pattern: ${pattern} }]`,
      child: `params: { p: ${value} }`,
    })),
  ),
  texts.map((value) => ({
    alone: `params: { p: { type: list, value: ${value}, tighten: add } }\nrules: [{ rule: r, when: step.args.n in params.p }]`,
    child: `params: { p: ${value} }`,
  })),
];

test('what the compiler refuses a child, and nothing else, is looser: settings and rules of every kind', async () => {
  for (const [i, kind] of KINDS.entries()) {
    const seen = new Set<boolean>();
    for (const [parent, child] of fc.sample(fc.tuple(kind, kind), { seed: 14 + i, numRuns: 18 })) {
      const files = { 'base.yaml': parent.alone, 'p.yaml': `extends: base.yaml\n${child.child}` };
      const { result } = await compile(memoryHost(files));
      const said = await changes(parent.alone, child.alone);
      const looser = said.some(mayBeLooser);
      expect([parent, child, told(said), looser]).toEqual([parent, child, told(said), result === null]);
      seen.add(looser);
    }
    expect([i, seen.size]).toEqual([i, 2]);
  }
});

async function meaning(policy: unknown): Promise<ResolvedPolicies | null> {
  return resolvePolicies(memoryHost({ 'p.yaml': JSON.stringify(policy) }), {}, new Diagnostics());
}

test('where nothing is said no plan is decided otherwise, and where nothing is looser none more weakly', async () => {
  const STATUSES = ['pass', 'warn', 'approval', 'deny'];
  const files = fc.sample(withExceptions(policyFile), { seed: 21, numRuns: 40 });
  const questions = fc.sample(question, { seed: 21, numRuns: 15 });
  const picks = fc.sample(fc.nat(), { seed: 21, numRuns: 5_000 });
  let picked = 0;
  const pick = (below: number): number => (picks[(picked += 1) % picks.length] ?? 0) % below;
  const counts = { silent: 0, stricter: 0, looser: 0, refused: 0 };
  for (const file of files) {
    const policy = JSON.parse(file) as unknown;
    const before = await meaning(policy);
    if (!before) continue;
    for (const changed of changedPolicies(policy, 12, pick)) {
      const after = await meaning(changed);
      const [old, next] = [before.entries[0], after?.entries[0]];
      if (!after || !old || !next) {
        counts.refused += 1;
        continue;
      }
      const said = comparePolicies(before, after);
      if (said.some(mayBeLooser)) {
        counts.looser += 1;
        continue;
      }
      const silent = said.every(({ direction }) => direction === 'changed');
      counts[silent ? 'silent' : 'stricter'] += 1;
      for (const { plan, context, now } of questions) {
        const [was, is] = [decide(old, plan, context, now), decide(next, plan, context, now)];
        const weaker =
          STATUSES.indexOf(is.status) < STATUSES.indexOf(was.status) || is.risk < was.risk - 1e-9;
        const other = is.status !== was.status || Math.abs(is.risk - was.risk) > 1e-9;
        const wrong = silent ? other : weaker;
        expect({ file, changed, said: told(said), plan, wrong }).toMatchObject({ wrong: false });
      }
    }
  }
  expect(counts.silent).toBeGreaterThan(30);
  expect(counts.stricter).toBeGreaterThan(60);
  expect(counts.looser).toBeGreaterThan(60);
  expect(counts.refused).toBeLessThan(200);
});
