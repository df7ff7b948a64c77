/** What the files of a random family say: roots declare, children tighten, or try to weaken. */
import fc from 'fast-check';
import { policyFile } from '../differential/generate.ts';

export type Json = Readonly<Record<string, unknown>>;

const TIGHTEN = ['lower', 'higher'] as const;
const number = fc.constantFrom(-1, 0, 1, 5, 7, 10.5, 1000);
const tools = fc.uniqueArray(fc.constantFrom('pay.send', 'pay.*', 'db.query', 'db.*', '*', 'mail'), {
  minLength: 1,
  maxLength: 3,
});
const over = (value: unknown): Json => ({ operation: 'amount_gt', value });

/** A rule of the base whose number children replace, by one of their own or by a parameter. */
const BIG = { rule: 'big', pattern: { tool: 'pay.*', ...over(7) }, severity: 'low', weight: 0.3 } as const;
const LISTED = {
  rule: 'listed',
  pattern: { tool: ['pay.send', 'mail'], or: [{ operation: 'to_in', value: ['x', 'a1'] }, over(1000)] },
  enforcement: 'warn',
  weight: 0.2,
} as const;

/** Bodies of rules about the whole plan that are narrowed. */
const BEFORE = { tool: 'pay.*', before: 'db.query' };
const INTO = { from: 'db.*', to: ['pay.send', { tool: 'mail', arg: 'note' }] };
const AMOUNTS = [
  { tool: 'pay.*', arg: 'amount' },
  { tool: 'mail', arg: 'to' },
];

/** The base: a few random rules, for a plan that everything stops shows nothing, and parameters that may lie. */
export const base = fc
  .record({
    file: policyFile,
    keep: fc.nat({ max: 1 }),
    settings: fc.subarray(['allow_tools', 'bounds', 'deny_tokens_regex', 'max_steps']),
    scalars: fc.subarray(['fail_risk_threshold', 'aggregate']),
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
    weights: fc.option(
      fc.dictionary(fc.constantFrom('spend', 'raw_secret', 'tool_deny', 'bound_violation'), weightValue(), {
        minKeys: 1,
        maxKeys: 2,
      }),
      { nil: undefined },
    ),
  })
  .map(({ file, keep, settings, scalars, p, q, when, up, down, enforcement, weights }): Json => {
    const parsed = JSON.parse(file) as { readonly rules: readonly Json[]; readonly params?: Json };
    const under = { tool: 'pay.*', not: { operation: 'amount_gte', value: '${params.q}' } };
    const calls = { tool: 'pay.*', limit: '${params.most}' };
    const total = { tool: ['pay.send', 'mail'], arg: 'amount', limit: Math.max(q, 0), per: 'to' };
    const optional = [
      'allow_tools',
      'bounds',
      'deny_tokens_regex',
      'max_steps',
      'fail_risk_threshold',
      'aggregate',
    ];
    const kept = Object.entries(parsed).filter(
      ([key]) => !optional.includes(key) || settings.includes(key) || scalars.includes(key),
    );
    return {
      ...Object.fromEntries(kept),
      ...(settings.includes('bounds') && { bounds: { 'pay.send.amount': [-1, Math.max(p, 0)] } }),
      ...(weights && { risk_weights: weights }),
      params: {
        ...parsed.params,
        p: { type: 'number', value: p, tighten: up },
        q: { type: 'number', value: q, tighten: down },
        most: { type: 'integer', value: 2, tighten: down },
      },
      rules: [
        ...parsed.rules.slice(0, keep),
        { rule: 'over', pattern: over('${params.p}'), enforcement, weight: 0.1 },
        { rule: 'under', pattern: under, severity: 'low' },
        { rule: 'few', max_calls: calls, severity: 'low' },
        { rule: 'little', max_total: total, severity: 'low' },
        { rule: 'asked', when, enforcement, weight: 0.1 },
        { rule: 'fewbig', max_calls: { ...calls, limit: 1 }, pattern: over('${params.p}'), severity: 'low' },
        { rule: 'after', require_before: BEFORE, pattern: BIG.pattern, severity: 'low' },
        { rule: 'into', flows: INTO, when: 'step.args.amount > params.q', severity: 'low' },
        { rule: 'sum', max_total: { of: AMOUNTS, limit: 7 }, pattern: LISTED.pattern, severity: 'low' },
        { rule: 'spent', category: 'SPEND', pattern: { tool: 'zz' }, severity: 'low' },
        BIG,
        LISTED,
      ],
    };
  });

function weightValue(): fc.Arbitrary<number> {
  return fc.constantFrom(0, 0.1, 0.3, 0.6);
}

/** Rules of a library that children refine, by the end of their names; `spend` is a category the base may weigh. */
const LIBRARY_RULES: readonly Json[] = [
  { rule: 'calls', max_calls: { tool: 'pay.*', limit: 3 } },
  { rule: 'total', max_total: { tool: ['pay.send', 'mail'], arg: 'amount', limit: 1000 } },
  { rule: 'before', require_before: { tool: 'pay.send', before: 'db.query' } },
  { rule: 'flow', flows: { from: ['db.*'], to: ['mail'] } },
  { rule: 'large', pattern: { tool: ['pay.send', 'pay.list'], ...over(7) } },
];
const LIBRARY_NAMES = LIBRARY_RULES.map(({ rule }) => String(rule));

const domain = { 'pay.send.amount': { value: [0, 7], mode: 'default', domain: [-1, 1000] } };

/** What must not stand in results; much of it is said again with another action. */
const ofResults = fc
  .record({
    tool: fc.constantFrom('pay.*', 'mail'),
    deny_tokens_regex: fc.subarray(['x', 'a1'], { minLength: 1 }),
    action: fc.constantFrom('redact', 'block'),
  })
  .map((one): Json => ({ results: [one] }));

/** One thing that a file without parents says: rules of a category, defaults, promises looser than the language's. */
export function library(name: string): fc.Arbitrary<Json> {
  const rule = fc
    .record({ body: fc.constantFrom(...LIBRARY_RULES), severity: fc.constantFrom('info', 'low', 'medium') })
    .map(({ body, severity }) => ({
      rules: [{ category: 'SPEND', severity, ...body, rule: `${name}${String(body['rule'])}` }],
    }));
  return fc.oneof(
    { weight: 4, arbitrary: rule },
    {
      weight: 3,
      arbitrary: fc.constantFrom<Json>(
        { max_steps: { value: 3, mode: 'default', domain: [1, 4] } },
        { max_steps: 3 },
        { allow_tools: { value: ['pay.*'], mode: 'default', domain: ['*'] } },
        { bounds: domain },
        { bounds: { 'pay.send.amount': [-1, 10.5] } },
        { deny_tokens_regex: ['x'] },
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Json>(
        { fail_risk_threshold: 1 },
        { fail_risk_threshold: { value: 0.5, mode: 'default', domain: [0.1, 1] } },
        { fail_risk_threshold: 0.3 },
        { aggregate: 'max' },
      ),
    },
    { weight: 1, arbitrary: ownRule(name) },
    { weight: 2, arbitrary: ofResults },
    // A rule that lacks its number until a child declares the parameter.
    { weight: 1, arbitrary: fc.constant({ rules: [templateRule(name)] }) },
  );
}

const templateRule = (name: string): Json => ({
  rule: `${name}template`,
  severity: 'low',
  category: 'SPEND',
  pattern: {
    tool: 'pay.*',
    or: [over(`\${params.${name}t}`), { and: [{ operation: 'to_equals', value: 'x' }] }],
  },
});

/** A rule with a parameter that children may bind anew. */
function ownRule(name: string): fc.Arbitrary<Json> {
  return number.map((value) => ({
    params: { [`${name}d`]: { type: 'number', value, mode: 'default', domain: [-1, 1000] } },
    rules: [
      { rule: `${name}own`, severity: 'low', pattern: { tool: 'pay.*', ...over(`\${params.${name}d}`) } },
    ],
  }));
}

/** A rule of an ancestor refined by a parameter of one's own, which one's children may bind anew. */
function ownParameter(name: string, libraries: readonly string[]): fc.Arbitrary<Json> {
  const reference = `\${params.${name}d}`;
  const list = `\${params.${name}l}`;
  const number_ = (value: number): Json => ({
    [`${name}d`]: { type: 'number', value, mode: 'default', domain: [-1, 1000] },
  });
  const large = libraries.map((library_) => ({
    rule: `${library_}large`,
    pattern: { tool: ['pay.send', 'pay.list'], ...over(reference) },
  }));
  const refined = fc.constantFrom<Json>(
    ...large,
    { rule: 'big', pattern: { tool: 'pay.*', ...over(reference) } },
    {
      rule: 'listed',
      pattern: { ...LISTED.pattern, or: [{ operation: 'to_in', value: ['x', 'a1'] }, over(reference)] },
    },
  );
  return fc.oneof(
    fc
      .record({ refinement: refined, value: fc.constantFrom(-1, 1, 7) })
      .map(({ refinement, value }) => ({ params: number_(value), refine: [refinement] })),
    fc.constantFrom(['x', 'a1'], ['x', 'a1', '7']).map((value) => ({
      params: { [`${name}l`]: { type: 'list', value, mode: 'default', domain: ['x', 'a1', '7'] } },
      refine: [
        {
          rule: 'listed',
          pattern: { ...LISTED.pattern, or: [{ operation: 'to_in', value: list }, over(1000)] },
        },
      ],
    })),
  );
}

/** Values for the parameters of ancestors, and declarations of those that their templates lack. */
function binding(ancestors: readonly string[]): fc.Arbitrary<Json> {
  const bound = fc
    .record({ of: fc.constantFrom(...ancestors), value: number, final: fc.constantFrom(false, false, true) })
    .map(({ of, value, final }) => ({ params: { [`${of}d`]: final ? { value, final } : value } }));
  const template = fc
    .record({ of: fc.constantFrom(...ancestors), value: number, open: fc.boolean() })
    .map(({ of, value, open }) => ({
      params: {
        [`${of}t`]: {
          type: 'number',
          value,
          ...(open ? { mode: 'default', domain: [-1, 1000] } : { tighten: 'lower' }),
        },
      },
    }));
  return fc.oneof(
    fc.record({
      params: fc.dictionary(fc.constantFrom('p', 'q', 'most'), number, { minKeys: 1, maxKeys: 1 }),
    }),
    bound,
    fc
      .record({ of: fc.constantFrom(...ancestors), value: fc.subarray(['x', 'a1', '7'], { minLength: 1 }) })
      .map(({ of, value }) => ({ params: { [`${of}l`]: value } })),
    fc.record({ of: fc.constantFrom(...ancestors), value: number }).map(({ of, value }) => ({
      params: { [`${of}t`]: value },
    })),
    template,
  );
}

/** One thing a child says. Much of it weakens: the compiler must refuse exactly that. */
export function tightening(name: string, ancestors: readonly string[]): fc.Arbitrary<Json> {
  const libraries = ancestors.filter((one) => one.startsWith('lib'));
  const hasBase = ancestors.includes('base');
  const ids = [
    ...(hasBase
      ? [
          ...['r0', 'over', 'under', 'few', 'little', 'asked', 'big', 'listed', 'max_steps', 'allow_tools'],
          ...['fewbig', 'after', 'into', 'sum'],
        ]
      : []),
    ...libraries.flatMap((library_) => [...LIBRARY_NAMES, 'own'].map((rule) => `${library_}${rule}`)),
  ];
  const refine = fc.constantFrom(...ids).chain((rule) =>
    fc
      .oneof(
        fc.record({ severity: fc.constantFrom('info', 'low', 'medium', 'high', 'critical') }),
        // Of a plan that several rules stop, one that no longer does is not seen: this is taken more often.
        {
          arbitrary: fc.record({ enforcement: fc.constantFrom('audit', 'warn', 'require_approval', 'deny') }),
          weight: 6,
        },
        fc.record({ weight: fc.constantFrom(0, 0.1, 0.3, 0.5, 1) }),
        fc.record({ add_tools: tools }),
        fc.record({ add_tools: tools }),
        fc.record({ add_args: fc.constantFrom(['to'], ['note', 'amount'], ['items[*]']) }),
        fc.record({ tool: tools }),
        fc.record({ value: number }),
        fc.record({ value: fc.constantFrom('x', 'DROP', '7', 'a1|x', [0, 7], ['x', 5]) }),
        ruleBody.map((body) => ({ pattern: { or: [over('${params.p}'), body] } })),
        ruleBody.map((body) => ({ pattern: { or: [BIG.pattern, LISTED.pattern, body] } })),
        ruleBody.map((body) => ({ pattern: { and: [BIG.pattern, body] } })),
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
  const weights = fc.constantFrom(
    'r0',
    'over',
    'spend',
    'tool_deny',
    'bound_violation',
    'max_steps_exceeded',
  );
  const weight = fc.record({
    risk_weights: fc.dictionary(weights, fc.constantFrom(0, 0.2, 0.6), { minKeys: 1, maxKeys: 2 }),
  });
  const limits = fc.oneof(
    fc.record({ max_steps: fc.nat({ max: 4 }) }),
    fc.record({ fail_risk_threshold: fc.constantFrom(0.1, 0.3, 0.5, 0.8, 1) }),
    fc.record({ aggregate: fc.constantFrom('sum', 'max') }),
    fc.record({ allow_tools: tools }),
    fc.record({
      bounds: fc.record({ 'pay.send.amount': fc.constantFrom([0, 5], [1, null], [-1, 10], [null, 7]) }),
    }),
    fc.constantFrom<Json>(
      { max_steps: { value: 4, mode: 'default', domain: [1, 4] } },
      { allow_tools: { value: ['*'], mode: 'default', domain: ['*'] } },
      { allow_tools: { value: ['db.*'], mode: 'default', domain: ['db.*', 'pay.*'] } },
      { bounds: domain },
      { fail_risk_threshold: { value: 0.3, mode: 'default', domain: [0.1, 0.9] } },
      { fail_risk_threshold: { value: 0.3, mode: 'default', domain: [0.1, 0.5] } },
    ),
  );
  return fc.oneof(
    { weight: 6, arbitrary: refine },
    { weight: 4, arbitrary: limits },
    { weight: 2, arbitrary: ofResults },
    setting,
    weight,
    { weight: 2, arbitrary: ownParameter(name, libraries) },
    { weight: 3, arbitrary: binding(ancestors) },
    ownRule(name),
  );
}

const ruleBody = policyFile
  .map((file) => (JSON.parse(file) as { readonly rules: readonly { readonly pattern: unknown }[] }).rules[0])
  .map((rule) => rule?.pattern ?? { operation: 'contains', value: 'x' });
