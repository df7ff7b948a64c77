/** Random trees of policies: a base, two children that may or may not tighten it, a grandchild of both. */
import fc from 'fast-check';
import { policyFile } from '../differential/generate.ts';

type Json = Readonly<Record<string, unknown>>;

/** A child as pieces, each tried on its own: what the compiler refuses is left out. */
export interface Tree {
  readonly base: Json;
  readonly children: readonly (readonly Json[])[];
  /** Order in which the grandchild names its parents. */
  readonly swapped: boolean;
}

const TIGHTEN = ['lower', 'higher'] as const;
const NUMBERS = [-1, 0, 1, 5, 7, 10.5, 1000] as const;
const number = fc.constantFrom(...NUMBERS);
const tools = fc.uniqueArray(fc.constantFrom('pay.send', 'pay.*', 'db.query', 'db.*', '*', 'mail'), {
  minLength: 1,
  maxLength: 3,
});

/** The base: a few random rules, for a plan that everything stops shows nothing, and parameters that may lie. */
const base = fc
  .record({
    file: policyFile,
    keep: fc.nat({ max: 2 }),
    settings: fc.subarray(['allow_tools', 'bounds', 'deny_tokens_regex', 'max_steps']),
    p: number,
    q: number,
    when: fc.constantFrom(
      'step.args.amount > params.p',
      'params.p <= step.args.amount || step.tool == "mail"',
      '!(step.args.amount >= params.q) && step.tool != "mail"',
      'plan.steps.all(s, s.tool == "mail" || s.args.amount < params.q)',
      'step.args.amount - params.p > 0.0',
    ),
    up: fc.constantFrom(...TIGHTEN),
    down: fc.constantFrom(...TIGHTEN),
    enforcement: fc.constantFrom('audit', 'warn', 'deny'),
  })
  .map(({ file, keep, settings, p, q, when, up, down, enforcement }): Json => {
    const parsed = JSON.parse(file) as { readonly rules: readonly Json[]; readonly params?: Json };
    const over = { operation: 'amount_gt', value: '${params.p}' };
    const under = { tool: 'pay.*', not: { operation: 'amount_gte', value: '${params.q}' } };
    const calls = { tool: 'pay.*', limit: '${params.most}' };
    const total = { tool: ['pay.send', 'mail'], arg: 'amount', limit: Math.max(q, 0), per: 'to' };
    const kept = Object.entries(parsed).filter(
      ([key]) =>
        !['allow_tools', 'bounds', 'deny_tokens_regex', 'max_steps'].includes(key) || settings.includes(key),
    );
    return {
      ...Object.fromEntries(kept),
      ...(settings.includes('bounds') && { bounds: { 'pay.send.amount': [-1, Math.max(p, 0)] } }),
      params: {
        ...parsed.params,
        p: { type: 'number', value: p, tighten: up },
        q: { type: 'number', value: q, tighten: down },
        most: { type: 'integer', value: 2, tighten: down },
      },
      rules: [
        ...parsed.rules.slice(0, keep),
        { rule: 'over', pattern: over, enforcement, weight: 0.1 },
        { rule: 'under', pattern: under, severity: 'low' },
        { rule: 'few', max_calls: calls, severity: 'low' },
        { rule: 'little', max_total: total, severity: 'low' },
        { rule: 'asked', when, enforcement, weight: 0.1 },
      ],
    };
  });

/** One thing a child says. Much of it weakens: the compiler must refuse exactly that. */
function pieces(parent: Json, name: string): fc.Arbitrary<Json> {
  const rules = parent['rules'] as readonly { readonly rule: string; readonly pattern: unknown }[];
  const refine = fc.constantFrom(...rules).chain(({ rule, pattern }) =>
    fc
      .oneof(
        fc.record({ severity: fc.constantFrom('info', 'low', 'medium', 'high', 'critical') }),
        fc.record({ enforcement: fc.constantFrom('audit', 'warn', 'require_approval', 'deny') }),
        fc.record({ weight: fc.constantFrom(0, 0.1, 0.3, 0.5, 1) }),
        fc.record({ add_tools: tools }),
        fc.record({ add_args: fc.constantFrom(['to'], ['note', 'amount'], ['items[*]']) }),
        fc.record({ tool: tools }),
        fc.record({ value: fc.oneof(number, fc.constantFrom('x', 'DROP', '7', 'a1|x', [0, 7], ['x', 5])) }),
        ruleBody.map((body) => ({ pattern: { or: [pattern, body] } })),
        ruleBody.map((body) => ({ pattern: { and: [pattern, body] } })),
        ruleBody.map((body) => ({ pattern: body })),
      )
      .map((wanted): Json => ({ refine: [{ rule, ...wanted }] })),
  );
  const setting = policyFile.map((file): Json => {
    const { rules: own, ...settings } = JSON.parse(file) as { readonly rules: readonly Json[] };
    const renamed = own.slice(0, 1).map((rule) => ({ ...rule, rule: `${name}${String(rule['rule'])}` }));
    const keys = Object.entries(settings);
    const [one] = keys;
    return one && keys.length % 2 === 0 ? Object.fromEntries([one]) : { rules: renamed };
  });
  const weight = fc.record({
    risk_weights: fc.dictionary(fc.constantFrom('r0', 'r1', 'over'), fc.constantFrom(0, 0.2, 0.6), {
      minKeys: 1,
      maxKeys: 2,
    }),
  });
  const limits = fc.oneof(
    fc.record({ max_steps: fc.nat({ max: 4 }) }),
    fc.record({ fail_risk_threshold: fc.constantFrom(0.1, 0.3, 0.5, 0.8, 1) }),
    fc.record({ aggregate: fc.constantFrom('sum', 'max') }),
    fc.record({ allow_tools: tools }),
    fc.record({
      bounds: fc.record({ 'pay.send.amount': fc.constantFrom([0, 5], [1, null], [-1, 10], [null, 7]) }),
    }),
  );
  const binding = fc.record({
    params: fc.dictionary(fc.constantFrom('p', 'q', 'most'), number, { minKeys: 1, maxKeys: 1 }),
  });
  return fc.oneof({ weight: 6, arbitrary: refine }, limits, limits, setting, weight, binding);
}

const ruleBody = policyFile
  .map((file) => (JSON.parse(file) as { readonly rules: readonly { readonly pattern: unknown }[] }).rules[0])
  .map((rule) => rule?.pattern ?? { operation: 'contains', value: 'x' });

export const tree: fc.Arbitrary<Tree> = base.chain((parent) =>
  fc.record({
    base: fc.constant(parent),
    children: fc.tuple(
      ...['a', 'b', 'c'].map((name) => fc.array(pieces(parent, name), { minLength: 1, maxLength: 4 })),
    ),
    swapped: fc.boolean(),
  }),
);
