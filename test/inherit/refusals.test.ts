/** A refusal shows both places, both values, the law, and a plan, which the policies themselves decide. */
import { describe, expect, test } from 'vitest';
import { ENFORCEMENTS } from '@plan-lint/runtime/contract';
import { compile, memoryHost } from '../../compiler/index.ts';
import type { Diagnostic } from '../../compiler/index.ts';
import type { Decision } from '../../runtime/contract.ts';
import { bundleFrom } from '../support/decide.ts';
import type { Files } from './compare.ts';
import { CATALOG, ROWS, RULE, refine, rule } from './weaker-rows.ts';
import type { Row } from './weaker-rows.ts';

const PARAM = (value: string, more: string, pattern: string): string =>
  `params: { p: { ${value}, ${more} } }\nrules: [{ rule: r, pattern: { tool: pay, ${pattern}, value: "\${params.p}" } }]`;
const OPEN = PARAM('type: number, value: 10', 'mode: default, domain: [5, 20]', 'operation: amount_gt');
const LISTED = PARAM('type: list, value: [a, b]', 'tighten: add', 'operation: to_in');
const TOTAL = 'rules: [{ rule: r, max_total: { tool: pay, arg: sum.net, limit: 10 } }]';
const WITH_WHEN = `rules: [{ rule: r, when: 'step.args.amount > 5' }]`;

/** Further ways to weaken, of which a plan can tell. */
const MORE: readonly Row[] = [
  {
    row: 'a condition on the context beside the rule',
    parent: RULE,
    child: refine(`when: 'context.role == "analyst"'`),
    weaker: rule(`, when: 'context.role == "analyst"'`),
    code: 'PL2203',
  },
  {
    row: 'a condition beside another one',
    parent: WITH_WHEN,
    child: refine(`when: 'step.tool != "pay"'`),
    weaker: WITH_WHEN.replace(`5'`, `5 && step.tool != "pay"'`),
    code: 'PL2203',
  },
  {
    row: 'a rule with a condition that is turned off',
    parent: `${WITH_WHEN}\nmax_steps: 9`,
    child: refine('enabled: false'),
    weaker: 'max_steps: 9',
    code: 'PL2204',
  },
  {
    row: 'a bound outside the domain',
    parent: 'bounds: { pay.amount: { value: [1, 5], mode: default, domain: [0, 10] } }',
    child: 'bounds: { pay.amount: [0, 11] }',
    code: 'PL2109',
  },
  {
    row: 'more steps than the domain has',
    parent: 'max_steps: { value: 2, mode: default, domain: [1, 4] }',
    child: 'max_steps: 5',
    code: 'PL2109',
  },
  {
    row: 'a tool outside the domain',
    parent: 'allow_tools: { value: [a], mode: default, domain: [a, b.*] }',
    child: 'allow_tools: [a, c.*]',
    code: 'PL2109',
  },
  {
    row: 'a parameter outside the domain',
    parent: OPEN,
    child: 'params: { p: 21 }',
    weaker: OPEN.replace('value: 10', 'value: 21').replace('[5, 20]', '[5, 21]'),
    code: 'PL2109',
  },
  {
    row: 'a list that shrinks',
    parent: LISTED,
    child: 'params: { p: [a] }',
    weaker: LISTED.replace('[a, b]', '[a]'),
    code: 'PL2102',
  },
  {
    row: 'a higher total',
    parent: TOTAL,
    child: refine('value: 12'),
    weaker: TOTAL.replace('10', '12'),
    code: 'PL2102',
  },
  {
    row: 'what is not known of a rule',
    parent: RULE,
    child: refine('references: allow'),
    weaker: rule(', references: allow'),
    code: 'PL2102',
  },
  {
    row: 'what is not known of a bound',
    parent: 'bounds: { pay.amount: [0, 5] }',
    child: 'bounds: { pay.amount: { value: [0, 5], references: allow } }',
    code: 'PL2102',
  },
];

/** Of these no plan can tell: what several rules weigh together, what is decided nothing by, what children may do. */
const WITHOUT = [
  'fail_risk_threshold',
  'aggregate',
  'severity, weight kept',
  'tools',
  'validate_args',
  'final',
  'a default over a guardrail',
  'a default of the threshold',
  'a wider domain',
];

async function refusalOf({ parent, child, code }: Row, withCatalog: Files): Promise<Diagnostic> {
  const { diagnostics } = await compile(
    memoryHost({ ...withCatalog, 'base.yaml': parent, 'p.yaml': `extends: base.yaml\n${child}` }),
  );
  const [refusal] = diagnostics.filter((one) => one.code === code);
  if (!refusal) throw new Error(`no ${code}, but ${diagnostics.map((one) => one.code).join(', ')}`);
  return refusal;
}

/** How strongly a decision speaks, and how often: a plan shows a weakening where one of these is less. */
const strengthOf = ({ violations, riskScore }: Decision): readonly number[] => [
  violations.length,
  riskScore,
  ...violations.map(({ enforcement }) => ENFORCEMENTS.indexOf(enforcement)),
];

describe('each row of the merge table, and more', () => {
  test.each([...ROWS, ...MORE])('$row', async (row) => {
    const { parent, child, weaker = child } = row;
    const withCatalog = /tools: only|validate_args/.test(parent) ? CATALOG : {};
    const { span, related, hint, example, exampleContext } = await refusalOf(row, withCatalog);
    expect([span?.file.path, related[0]?.span.file.path]).toEqual(['p.yaml', 'base.yaml']);
    expect(hint).not.toBe('');
    if (WITHOUT.includes(row.row)) return expect(example).toBeUndefined();
    const plan = JSON.parse(example ?? 'null') as unknown;
    const context = JSON.parse(exampleContext ?? '{}') as object;
    const [before, after] = await Promise.all(
      [parent, weaker].map(async (policy) => {
        const bundle = await bundleFrom({ ...withCatalog, 'p.yaml': policy });
        return bundle.policy('p').evaluate(plan, { context });
      }),
    );
    if (!before || !after) throw new Error('two sides');
    expect([example, before.violations.length]).not.toEqual([example, 0]);
    const [was, is] = [strengthOf(before), strengthOf(after)];
    expect([example, was.some((strength, i) => strength > (is[i] ?? -1))]).toEqual([example, true]);
    expect([example, was.some((strength, i) => strength < (is[i] ?? -1))]).toEqual([example, false]);
  });
});
