import { afterEach, describe, expect, it } from 'vitest';
import { bundleFrom } from '../support/decide.ts';
import { BundleError } from '../../runtime/errors.ts';
import { createBundle } from '../../runtime/evaluate.ts';
import type { Decider, Decision, PlanLimits, PredicateModule, Violation } from '../../runtime/contract.ts';
import { predicateOf } from '../support/signing.ts';

const identity = { name: 'test', version: '1', sequence: 1, digest: '' };
const step = (args: unknown, tool = 't'): object => ({ steps: [{ id: 's1', tool, args }] });
const loaded = await bundleFrom({
  'p.yaml': 'rules: [{rule: r, pattern: {tool: t, operation: amount_gt, value: 10}}]',
});
const policy = loaded.policy();

function moduleThat(evaluate: () => unknown): PredicateModule {
  return {
    format: 2,
    entries: ['e'],
    // What a module says is not believed to be what its type says.
    open: () => ({ evaluate: evaluate as Decider['evaluate'], allows: evaluate as Decider['allows'] }),
    facts: () => ({ policies: [], categories: [], files: [], rules: [], entries: [] }),
  };
}

describe('evaluate never throws and never passes what it cannot decide', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const sparse: unknown[] = [];
  sparse[1e9] = 1;
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', '{"steps": []}'],
    ['a cyclic object', step(cyclic)],
    ['an array of holes', step({ list: sparse })],
    ['a function', step({ f: () => 1 })],
    ['undefined', step({ amount: undefined })],
    ['a number that is not finite', step({ amount: 1, x: [JSON.parse('1e309')] })],
    ['not a number', step({ amount: Number.NaN })],
    ['not a number, further inside', step({ amount: 1, x: { y: [Number.NaN] } })],
    ['a hole between elements', step({ amount: 1, list: Object.assign([], { 0: 1, 2: 3 }) })],
    ['a symbol', step({ amount: Symbol('5') })],
    ['a tool with an invisible character', step({}, 't\u200b')],
    ['a tool with a space behind it', step({}, 't ')],
    ['a bigint', step({ amount: 5n })],
    ['a Map', step(new Map([['amount', 5]]))],
    ['an inherited argument', step(Object.create({ amount: 5 }) as object)],
    [
      'a getter that throws',
      {
        get steps(): never {
          throw new Error('no');
        },
      },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    ['a string that is too long', step({ s: 'x'.repeat(2_000_000) })],
    [
      'too many steps',
      { steps: Array.from({ length: 10_001 }, (_, i) => ({ id: `${i}`, tool: 't', args: {} })) },
    ],
    ['too many values', step({ list: new Array(200_001).fill(0) })],
  ])('%s', (_name, plan) => {
    const decision = policy.evaluate(plan);
    expect(decision).toMatchObject({ status: 'deny', valid: false, riskScore: 1 });
    expect(decision.violations.length).toBeGreaterThan(0);
  });

  it('a module that throws', () => {
    const bundle = createBundle(
      identity,
      predicateOf(),
      moduleThat(() => {
        throw new Error('no');
      }),
    );
    expect(bundle.policy().evaluate(step({}))).toMatchObject({
      status: 'deny',
      violations: [{ rule: 'runtime.error' }],
    });
  });

  it.each([
    undefined,
    true,
    {},
    { status: -1 },
    { status: Number.NaN },
    { status: 4, risk: 0 },
    { status: 'pass' },
  ])('a module that says %j', (verdict) => {
    const bundle = createBundle(
      identity,
      predicateOf(),
      moduleThat(() => verdict),
    );
    const decision = bundle.policy().evaluate(step({}));
    expect(decision).toMatchObject({ status: 'deny', valid: false });
    expect(decision.violations).toMatchObject([{ rule: 'runtime.error' }]);
    expect(bundle.policy().allows(step({}))).toBe(verdict === true);
  });

  it('a module that says a risk of its own making', () => {
    let asked = 0;
    const risk = { valueOf: (): number => (asked += 1) / 10 };
    const says = (what: unknown): Decision => {
      const module = moduleThat(() => ({ status: 0, risk: what, violations: () => [] }));
      return createBundle(identity, predicateOf(), module).policy().evaluate(step({}));
    };
    const decision = says(risk);
    expect([decision.riskScore, decision.riskScore]).toEqual([0.1, 0.1]);
    expect(says(Symbol('0'))).toMatchObject({ status: 'deny', violations: [{ rule: 'runtime.error' }] });
  });

  it('a module that raises the limits of its caller', () => {
    const planLimits = { maxSteps: 5 };
    const module: PredicateModule = {
      ...moduleThat(() => null),
      open: (_entries, limits) => {
        Object.assign(limits, { maxSteps: Infinity });
        return { evaluate: () => null, allows: () => true };
      },
    };
    createBundle(identity, predicateOf(), module, { planLimits }).policy();
    // Another bundle may be loaded with the same object.
    expect(planLimits).toEqual({ maxSteps: 5 });
  });

  it('a module that opens nothing', () => {
    const open = (): never => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- a module may throw anything
      throw {
        get message(): never {
          throw new Error('no');
        },
      };
    };
    const bundle = createBundle(identity, predicateOf(), { ...moduleThat(() => null), open });
    expect(() => bundle.policy()).toThrow(new BundleError('module_failed'));
  });

  it('a bundle without entries has no policy', () => {
    const bundle = createBundle(identity, predicateOf(), { ...moduleThat(() => null), entries: [] });
    expect(() => bundle.policy()).toThrow(RangeError);
  });

  it.each([
    ['texts', ['maxSteps', 'ten', 10_000]],
    ['NaN', ['maxSteps', Number.NaN, 10_000]],
    ['a number below 0', ['maxSteps', -1, 10_000]],
    ['undefined', ['maxSteps', undefined, 10_000]],
    ['0', ['maxSteps', 0, 0]],
  ] as const)('a limit that is %s', async (_name, [limit, value, most]) => {
    const planLimits = { [limit]: value } as Partial<PlanLimits>;
    const bundle = await bundleFrom({ 'p.yaml': 'max_steps: 100000' }, { planLimits });
    const plan = (steps: number): object => ({
      steps: Array.from({ length: steps }, (_, i) => ({ id: `${i}`, tool: 't', args: {} })),
    });
    expect(bundle.policy().allows(plan(most))).toBe(true);
    expect(bundle.policy().allows(plan(most + 1))).toBe(false);
  });
});

describe('what a module says of a plan', () => {
  const whole: Violation = {
    rule: 'r',
    policy: 'p',
    severity: 'high',
    enforcement: 'deny',
    category: 'c',
    message: 'm',
    stepIndex: -1,
    stepId: null,
    argPath: '',
    origin: null,
    waiver: null,
  };
  const said = (violations: () => unknown): Decision => {
    const module = moduleThat(() => ({ status: 3, risk: 1, violations }));
    return createBundle(identity, predicateOf(), module).policy().evaluate(step({}));
  };
  it('is copied out and frozen', () => {
    const origin = { file: 'p.yaml', line: 1, column: 2 };
    const shared = [{ ...whole, origin }];
    const { violations } = said(() => shared);
    expect(violations).toEqual([{ ...whole, origin }]);
    expect(violations).not.toBe(shared);
    for (const each of [violations, violations[0], violations[0]?.origin])
      expect(Object.isFrozen(each)).toBe(true);
    origin.file = 'q.yaml';
    expect(violations[0]?.origin?.file).toBe('p.yaml');
  });
  it('gives nothing a prototype', () => {
    const text = JSON.stringify(whole).replace('{', '{"toJSON": 1, "__proto__": {"more": 1},');
    const [violation] = said(() => [JSON.parse(text)] as unknown).violations;
    expect(violation).toEqual(whole);
    expect(Object.getPrototypeOf(violation)).toBe(Object.prototype);
  });
  it.each<readonly [string, () => unknown]>([
    ['a function', () => [{ ...whole, rule: (): string => 'r' }]],
    ['no list', () => 5],
    ['nothing', () => undefined],
    ['a list-like object', () => ({ length: 1, 0: whole })],
    ['a number without JSON', () => [{ ...whole, stepIndex: 1n }]],
    ['a violation that lacks something', () => [{ rule: 'r' }]],
    ['a name of the prototype', () => [JSON.parse('{"__proto__": {"rule": "r"}}') as unknown]],
    [
      'a getter that throws',
      () => [
        {
          ...whole,
          get rule(): string {
            throw new Error('no');
          },
        },
      ],
    ],
    [
      'an error',
      () => {
        throw new Error('no');
      },
    ],
  ])('and %s ends there', (_name, violations) => {
    expect(said(violations)).toMatchObject({ status: 'deny', violations: [{ rule: 'runtime.error' }] });
  });
});

describe('time', () => {
  const at = (now: number): unknown => {
    const limits = { not_before: '2026-01-01T00:00:00Z', expires: '2026-02-01T00:00:00Z' };
    const bundle = createBundle(
      identity,
      predicateOf(limits),
      moduleThat(() => null),
    );
    const { status, violations } = bundle.policy().evaluate(step({}), { now });
    return violations[0]?.rule ?? status;
  };
  it('decides from not_before on, until before expires', () => {
    expect(at(Date.parse('2026-01-01T00:00:00Z'))).toBe('pass');
    expect(at(Date.parse('2026-02-01T00:00:00Z') - 1)).toBe('pass');
  });
  it('denies outside, and where the clock is no number', () => {
    expect(at(Date.parse('2026-01-01T00:00:00Z') - 1)).toBe('bundle.not_yet_valid');
    expect(at(Date.parse('2026-02-01T00:00:00Z'))).toBe('bundle.expired');
    for (const clock of [Number.NaN, Infinity, '2030', [5], 5n])
      expect(at(clock as number)).toBe('runtime.error');
  });
});

describe('a polluted prototype', () => {
  afterEach(() => {
    delete (Object.prototype as Record<string, unknown>)['amount'];
  });
  it('denies: a missing argument would be found on every object', () => {
    (Object.prototype as Record<string, unknown>)['amount'] = 5;
    expect(policy.evaluate(step({}))).toMatchObject({
      status: 'deny',
      violations: [{ rule: 'runtime.polluted' }],
    });
  });
});

describe('decisions', () => {
  it('of plans that pass are one frozen object', () => {
    const [a, b] = [policy.evaluate(step({ amount: 1 })), policy.evaluate(step({ amount: 2 }))];
    expect(a).toBe(b);
    expect(Object.isFrozen(a)).toBe(true);
    expect(a).toEqual({
      status: 'pass',
      valid: true,
      riskScore: 0,
      violations: [],
      pending: [],
      complete: true,
      entry: 'p',
      bundle: loaded.identity,
    });
  });

  it('hold more findings than fit into the first buffer', async () => {
    const bundle = await bundleFrom({ 'p.yaml': 'deny_tokens_regex: [x]' });
    const plan = {
      steps: Array.from({ length: 1000 }, (_, i) => ({ id: `${i}`, tool: 't', args: { a: 'x' } })),
    };
    expect(bundle.policy().evaluate(plan).violations).toHaveLength(1000);
  });

  it('sum decimal weights without a rounding that misses the threshold', async () => {
    const rules = Array.from({ length: 8 }, (_, i) => ({
      rule: `r${i}`,
      severity: 'low',
      pattern: { tool: 't' },
    }));
    const bundle = await bundleFrom({ 'p.yaml': JSON.stringify({ rules, fail_risk_threshold: 0.8 }) });
    expect(bundle.policy().evaluate(step({}))).toMatchObject({ status: 'deny', riskScore: 0.8 });
  });

  it('survive as JSON, violations included, and say so when the plan has changed since', () => {
    const plan = { steps: [{ id: 's1', tool: 't', args: { amount: 50 } }] };
    const decision = policy.evaluate(plan);
    const other = policy.evaluate(plan);
    expect(JSON.parse(JSON.stringify(decision))).toMatchObject({
      is_valid: false,
      status: 'deny',
      violations: [{ rule: 'r', step_index: 0, step_id: 's1', arg_path: 'amount' }],
    });
    // A thread can be sent one: what makes it JSON is inherited.
    expect(structuredClone(decision)).toMatchObject({ valid: false, violations: [{ stepIndex: 0 }] });
    plan.steps = [];
    expect(other).toMatchObject({ status: 'deny', violations: [{ rule: 'r', stepId: null }] });
  });

  it('never show a text that matched', async () => {
    const bundle = await bundleFrom({
      'p.yaml':
        'deny_tokens_regex: ["AKIA[0-9A-Z]{16}"]\nrules: [{rule: r, pattern: {operation: matches, value: "^A"}}]\nallow_tools: [t]',
    });
    const secret = 'AKIAABCDEFGHIJKLMNOP';
    for (const args of [
      { a: secret },
      { [secret]: 1 },
      { a: [{ [secret]: 'x' }] },
      { [secret]: { u: secret } },
    ]) {
      const decision = bundle.policy().evaluate({ steps: [{ id: secret, tool: secret, args }] });
      expect(decision.valid).toBe(false);
      expect(JSON.stringify(decision)).not.toContain(secret);
    }
  });
});
