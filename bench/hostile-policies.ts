/** Policies that hostile plans are decided by: the shipped ones, and one for each kind of rule. */
const rules = (bodies: readonly object[]): string =>
  JSON.stringify({ rules: bodies.map((body, i) => ({ rule: `r${i}`, severity: 'high', ...body })) });

const ORDERED = { tool: 'a', same: ['x'] };

export interface HostilePolicy {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** The tool whose calls its rules are about. */
  readonly tool: string;
}

const alone = (name: string, text: string, tool = 'pay'): HostilePolicy => ({
  name,
  files: { 'p.yaml': text },
  tool,
});

/** A rule of each kind that looks at the plan as a whole; those about order twice, by dependencies and by the list. */
const WHOLE_PLAN_RULES = [
  { max_calls: { tool: 'a', limit: 1, per: 'x' } },
  { max_total: { tool: 'a', arg: 'n', limit: 1e308, per: 'x' } },
  { require_before: { ...ORDERED, before: 'b' } },
  { require_before: { ...ORDERED, before: 'b', order: 'listed' } },
  { require_after: { ...ORDERED, after: 'b' } },
  { require_after: { ...ORDERED, after: 'b', order: 'listed' } },
  { flows: { from: 'c', from_context: ['values'], to: 'a' } },
  { separate_duty: { tool: 'a', other: 'b', by: 'x', same: ['y'] } },
  { on_fail: { tool: 'a', handler: 'b' } },
];
export const WHOLE_PLAN = rules(WHOLE_PLAN_RULES);

const TEXT_OPERATIONS = [
  { operation: 'contains', value: 'secret' },
  { operation: 'starts_with', value: 'drop' },
  { operation: 'ends_with', value: 'table' },
  { operation: 'matches', value: '(?:a|b)*c[ab]{3}d' },
  { operation: 'equals', value: 'x', normalize: true, ignore_case: true },
  { operation: 'in', value: ['x', 'y', 'z'] },
  { operation: 'length_gt', value: 2_000_000 },
  { operation: 'type', value: 'boolean' },
];

export const POLICIES: readonly HostilePolicy[] = [
  alone('whole plan', WHOLE_PLAN, 'a'),
  ...WHOLE_PLAN_RULES.map((rule, i) =>
    alone(`whole plan, rule ${i} (${Object.keys(rule).join()})`, rules([rule]), 'a'),
  ),
  alone(
    'ten flows',
    rules(Array.from({ length: 10 }, () => ({ flows: { from: 'c', from_context: ['values'], to: 'a' } }))),
    'a',
  ),
  alone(
    'tokens and patterns',
    JSON.stringify({
      deny_tokens_regex: [
        '(?:a+)+$',
        '(?:x|x)*y',
        'AKIA[0-9A-Z]{16}',
        '(?i)begin [a-z ]*private key',
        '[ab]*a[ab]{12}c',
      ],
      bounds: { 'pay.amount': [0, 10] },
    }),
  ),
  alone(
    'tests of any text',
    rules(TEXT_OPERATIONS.slice(0, 4).map((pattern) => ({ pattern: { tool: 'pay', ...pattern } }))),
  ),
  alone(
    'tests of one argument',
    rules(TEXT_OPERATIONS.map((pattern) => ({ pattern: { tool: 'pay', arg: 'query', ...pattern } }))),
  ),
  alone(
    'tests of each element',
    rules(TEXT_OPERATIONS.map((pattern) => ({ pattern: { tool: 'pay', arg: 'query[*]', ...pattern } }))),
  ),
  alone(
    'thirty words',
    rules(Array.from({ length: 30 }, (_, i) => ({ pattern: { operation: 'contains', value: `word${i}` } }))),
  ),
  alone(
    'conditions',
    rules([
      { when: 'step.args.exists(k, v, k.contains("secret") || type(v) == string && v.matches("(?i)^drop"))' },
      { when: "plan.steps.exists(s, s.id != step.id && s.tool == step.tool && s.tool == 'never')" },
      { when: 'has(step.args.query) && string(step.args.query).lowerAscii().contains("drop")' },
    ]),
  ),
];
