/** What a child may not write, row by row of the merge table. */
import type { Files } from './compare.ts';

/** A parent's line, what a child writes against it, and the same as a line of one file. */
export interface Row {
  readonly row: string;
  readonly parent: string;
  readonly child: string;
  /** The parent with the child's words in place; absent where these are such a file themselves. */
  readonly weaker?: string;
  readonly code: string;
}

export const rule = (more: string): string =>
  `rules: [{ rule: r, severity: high, weight: 0.4, enforcement: deny, pattern: { tool: pay, operation: amount_gt, value: 10 }${more} }]`;
export const refine = (more: string): string => `refine: [{ rule: r, ${more} }]`;
export const RULE = rule('');
export const LIMIT = 'params: { limit: { type: number, value: 10, tighten: lower } }\n';
const NARROWED_BY = `${LIMIT}rules: [{ rule: r, max_calls: { tool: pay, limit: 3 }, pattern: { arg: a, operation: gt, value: "\${params.limit}" } }]`;
const NARROWED_WHEN =
  'params: { least: { type: number, value: 5, tighten: lower } }\nrules: [{ rule: r, max_calls: { tool: pay, limit: 3 }, when: "step.args.a < params.least" }]';
const WITH_LIMIT = `${LIMIT}rules: [{ rule: r, pattern: { tool: pay, operation: amount_gt, value: "\${params.limit}" } }]`;
export const CALLS = 'rules: [{ rule: r, max_calls: { tool: pay, limit: 3 } }]';

export const NARROWED =
  'rules: [{ rule: r, max_calls: { tool: pay, limit: 3 }, pattern: { arg: a, operation: gt, value: 5 } }]';

export const ROWS: readonly Row[] = [
  {
    row: 'what narrows a rule about the whole plan',
    parent: NARROWED,
    child: refine('pattern: { arg: a, operation: gt, value: 6 }'),
    weaker: NARROWED.replace('value: 5', 'value: 6'),
    code: 'PL2201',
  },
  { row: 'allow_tools', parent: 'allow_tools: [a, b.*]', child: 'allow_tools: [a, b.*, c]', code: 'PL2104' },
  {
    row: 'bounds, an end further out',
    parent: 'bounds: { pay.amount: [0, 10] }',
    child: 'bounds: { pay.amount: [0, 11] }',
    code: 'PL2102',
  },
  {
    row: 'bounds, an open end',
    parent: 'bounds: { pay.amount: [0, 10] }',
    child: 'bounds: { pay.amount: [null, 10] }',
    code: 'PL2102',
  },
  {
    row: 'bounds, an argument that may be missing',
    parent: 'bounds: { pay.amount: [0, 10] }',
    child: 'bounds: { pay.amount: { value: [0, 10], optional: true } }',
    code: 'PL2102',
  },
  {
    row: 'a test, an argument that may be missing',
    parent: RULE,
    child: refine('pattern: { tool: pay, operation: amount_gt, value: 10, optional: true }'),
    weaker: RULE.replace('value: 10', 'value: 10, optional: true'),
    code: 'PL2201',
  },
  { row: 'max_steps', parent: 'max_steps: 5', child: 'max_steps: 6', code: 'PL2102' },
  {
    row: 'fail_risk_threshold',
    parent: 'fail_risk_threshold: 0.5',
    child: 'fail_risk_threshold: 0.6',
    code: 'PL2102',
  },
  { row: 'aggregate', parent: 'aggregate: sum', child: 'aggregate: max', code: 'PL2102' },
  {
    row: 'risk_weights',
    parent: `${RULE}\nrisk_weights: { r: 0.5 }`,
    child: 'risk_weights: { r: 0.45 }',
    weaker: `${RULE}\nrisk_weights: { r: 0.45 }`,
    code: 'PL2102',
  },
  {
    row: 'severity, weight kept',
    parent: RULE,
    child: refine('severity: low'),
    weaker: RULE.replace('high', 'low'),
    code: 'PL2102',
  },
  {
    row: 'enforcement',
    parent: RULE,
    child: refine('enforcement: warn'),
    weaker: RULE.replace('deny', 'warn'),
    code: 'PL2102',
  },
  {
    row: 'weight',
    parent: RULE,
    child: refine('weight: 0.3'),
    weaker: RULE.replace('0.4', '0.3'),
    code: 'PL2102',
  },
  { row: 'tools', parent: 'tools: only-catalog', child: 'tools: any', code: 'PL2102' },
  { row: 'validate_args', parent: 'validate_args: true', child: 'validate_args: false', code: 'PL2102' },
  {
    row: 'final',
    parent: rule(', final: true'),
    child: refine('final: false'),
    weaker: RULE,
    code: 'PL2211',
  },
  {
    row: 'a rule that is turned off',
    parent: `${RULE}
max_steps: 9`,
    child: refine('enabled: false'),
    weaker: 'max_steps: 9',
    code: 'PL2204',
  },
  {
    row: 'a condition beside the rule',
    parent: RULE,
    child: refine('when: step.args.b == 1'),
    weaker: rule(', when: step.args.b == 1'),
    code: 'PL2203',
  },
  {
    row: 'the operand of a rule',
    parent: RULE,
    child: refine('value: 11'),
    weaker: RULE.replace('10', '11'),
    code: 'PL2201',
  },
  {
    row: 'the tools of a rule',
    parent: RULE.replace('tool: pay', 'tool: [pay, other]'),
    child: refine('tool: [pay]'),
    weaker: RULE,
    code: 'PL2201',
  },
  {
    row: 'the pattern of a rule',
    parent: RULE,
    child: refine('pattern: { tool: pay, arg: amount, operation: gt, value: 99 }'),
    weaker: RULE.replace('10', '99'),
    code: 'PL2201',
  },
  {
    row: 'a parameter',
    parent: WITH_LIMIT,
    child: 'params: { limit: 12 }',
    weaker: WITH_LIMIT.replace('10', '12'),
    code: 'PL2102',
  },
  {
    row: 'a limit of the whole plan',
    parent: CALLS,
    child: refine('value: 4'),
    weaker: CALLS.replace('3', '4'),
    code: 'PL2102',
  },
  {
    row: 'a default over a guardrail',
    parent: 'max_steps: 5',
    child: 'max_steps: { value: 5, mode: default, domain: [1, 9] }',
    code: 'PL2110',
  },
  {
    row: 'a default of the threshold',
    parent: 'fail_risk_threshold: 0.5',
    child: 'fail_risk_threshold: { value: 0.5, mode: default, domain: [0.1, 0.9] }',
    code: 'PL2110',
  },
  {
    row: 'a wider domain',
    parent: 'max_steps: { value: 5, mode: default, domain: [1, 9] }',
    child: 'max_steps: { value: 5, mode: default, domain: [1, 10] }',
    code: 'PL2109',
  },
];

export const CATALOG: Files = {
  'plan-lint.yaml': 'catalog: tools.json\n',
  'tools.json': JSON.stringify({ tools: [{ name: 'pay', inputSchema: { type: 'object' } }] }),
};

/** The same of what narrows rules about the whole plan, where a refusal shows no plan. */
export const NARROWINGS: readonly Row[] = [
  {
    row: 'a pattern where nothing narrows a rule about the whole plan',
    parent: CALLS,
    child: refine('pattern: { arg: a, operation: gt, value: 5 }'),
    weaker: NARROWED,
    code: 'PL2301',
  },
  {
    row: 'a when beside what narrows a rule about the whole plan',
    parent: NARROWED,
    child: refine('when: "step.args.b > 1"'),
    weaker: NARROWED.replace('pattern', 'when: "step.args.b > 1", pattern'),
    code: 'PL2203',
  },
  {
    row: 'a parameter that narrows a rule about the whole plan',
    parent: NARROWED_BY,
    child: 'params: { limit: 11 }',
    weaker: NARROWED_BY.replace('value: 10', 'value: 11'),
    code: 'PL2102',
  },
  {
    row: 'a parameter of a when that narrows a rule about the whole plan',
    parent: NARROWED_WHEN,
    child: 'params: { least: 4 }',
    weaker: NARROWED_WHEN.replace('value: 5', 'value: 4'),
    code: 'PL2202',
  },
  {
    row: 'a sink all of whose arguments count',
    parent: 'rules: [{ rule: r, flows: { from: a, to: [b, c] } }]',
    child: 'rules: [{ rule: r, flows: { from: a, to: [b, { tool: c, arg: x }] } }]',
    weaker: 'rules: [{ rule: r, flows: { from: a, to: [b, { tool: c, arg: x }] } }]',
    code: 'PL2101',
  },
];
