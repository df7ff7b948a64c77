/**
 * Ways round a parent that take several things at once: branches, locks, exceptions, parameters, references, weights. Each
 * is refused with a code, or what the parent alone stops is stopped.
 */
import { expect, test } from 'vitest';
import { compile, memoryHost } from '../../compiler/index.ts';
import { bundleOf } from '../support/decide.ts';

const waives = (rule: string, scope = '{ tool: "*" }'): string =>
  `exceptions: [{ rule: '${rule}', scope: ${scope}, reason: r, ticket: T-1, requested_by: a, approved_by: b, not_before: 2026-11-25, expires: 2027-01-15 }]\n`;
const RULE = 'rules: [{ rule: r, pattern: { tool: a } }]\n';
const LARGE = 'rules: [{ rule: r, pattern: { tool: a, operation: n_gt, value: 9 } }]\n';
const OPEN = `params: { p: { type: number, value: 10, mode: default, domain: [0, 99] } }
rules: [{ rule: r, pattern: { tool: a, operation: n_gt, value: "\${params.p}" } }]\n`;
const LOWER = 'params: { p: { type: number, value: 10, tighten: lower } }\n';
const TOTAL = 'rules: [{ rule: t, max_total: { tool: [a, b], arg: n, limit: 10 } }]\n';
const REFERENCE = '${s0.result}';

interface Try {
  readonly way: string;
  /** By name. The last one is the child. */
  readonly files: Readonly<Record<string, string>>;
  /** The file that stops the plan alone; by default the first. */
  readonly parent?: string;
  readonly steps: readonly (readonly [tool: string, args: object])[];
  /** The code of the refusal; none where the plan stays stopped. */
  readonly code?: string;
}

const TRIES: readonly Try[] = [
  {
    way: 'an exception of a library to a setting that is final in the base',
    files: {
      base: 'max_steps: { value: 1, final: true }\n',
      lib: `max_steps: 9\n${waives('max_steps')}`,
      c: 'extends: [base, lib]\n',
    },
    steps: [
      ['a', {}],
      ['a', {}],
    ],
    code: 'PL2225',
  },
  {
    way: 'an exception of a library beyond the `max_exception` of the base',
    files: {
      base: 'max_steps: 1\nmax_exception: 30d\n',
      lib: `max_steps: 9\n${waives('max_steps')}`,
      c: 'extends: [base, lib]\n',
    },
    steps: [
      ['a', {}],
      ['a', {}],
    ],
    code: 'PL2226',
  },
  {
    way: 'an exception in one branch to what the other has made final',
    files: {
      base: RULE,
      x: `extends: base\n${waives('r')}`,
      y: 'extends: base\nrefine: [{ rule: r, final: true }]\n',
      c: 'extends: [x, y]\n',
    },
    parent: 'y',
    steps: [['a', {}]],
    code: 'PL2225',
  },
  {
    way: 'an exception to a final token by way of a library that has the same one',
    files: {
      base: 'deny_tokens_regex: [{ value: x, final: true }]\n',
      lib: `deny_tokens_regex: [x]\n${waives('deny_tokens_regex["x"]')}`,
      c: 'extends: [lib, base]\n',
    },
    steps: [['a', { n: 'x' }]],
    code: 'PL2225',
  },
  {
    way: 'an environment that the caller vouches for as a list, or the plan itself',
    files: { base: RULE, c: `extends: base\n${waives('r', '{ context: { env: [dev] } }')}` },
    steps: [['a', {}]],
  },
  {
    way: 'a parameter that is stricter for one rule, lowered in a branch beside a rule that needs it high',
    files: {
      base: LOWER,
      x: 'extends: base\nrules: [{ rule: q, pattern: { tool: b, operation: n_lt, value: "${params.p}" } }]\n',
      y: 'extends: base\nparams: { p: 2 }\n',
      c: 'extends: [y, x]\n',
    },
    parent: 'x',
    steps: [['b', { n: 5 }]],
    code: 'PL2201',
  },
  {
    way: 'the same in a condition in CEL',
    files: {
      base: LOWER,
      x: 'extends: base\nrules: [{ rule: q, when: step.args.n < params.p }]\n',
      y: 'extends: base\nparams: { p: 2 }\n',
      c: 'extends: [x, y]\n',
    },
    parent: 'x',
    steps: [['b', { n: 5 }]],
    code: 'PL2202',
  },
  {
    way: 'a default that is locked in one branch and bound in the other, one file deeper',
    files: {
      base: OPEN,
      x: 'extends: base\nparams: { p: { value: 10, final: true } }\n',
      y: 'extends: base\nparams: { p: 50 }\n',
      d: 'extends: y\n',
      c: 'extends: [x, d]\n',
    },
    parent: 'x',
    steps: [['a', { n: 20 }]],
    code: 'PL2213',
  },
  {
    way: 'a setting taken up again from the branch in which it is still open',
    files: {
      base: 'allow_tools: { value: [b], mode: default, domain: [a, b] }\n',
      x: 'extends: base\nallow_tools: [b]\n',
      y: 'extends: base\nallow_tools: [a, b]\n',
      c: 'extends: [y, x]\nallow_tools: [a, b]\n',
    },
    parent: 'x',
    steps: [['a', {}]],
    code: 'PL2104',
  },
  {
    way: 'a bound that lets references pass, beside one that does not',
    files: {
      base: 'bounds: { a.n: [0, 5] }\n',
      lib: 'bounds: { a.n: { value: [0, 9], references: allow } }\n',
      c: 'extends: [lib, base]\n',
    },
    steps: [
      ['q', {}],
      ['a', { n: REFERENCE }],
    ],
  },
  {
    way: 'the same for a glob',
    files: {
      base: 'bounds: { pay.send.n: [0, 5] }\n',
      c: 'extends: base\nbounds: { "pay.*.n": { value: [0, 5], references: allow } }\n',
    },
    steps: [
      ['q', {}],
      ['pay.send', { n: REFERENCE }],
    ],
  },
  {
    way: 'a stricter pattern that lets references pass',
    files: { base: LARGE, c: 'extends: base\nrefine: [{ rule: r, value: 1, references: allow }]\n' },
    steps: [
      ['q', {}],
      ['a', { n: REFERENCE }],
    ],
    code: 'PL2102',
  },
  {
    way: 'a bound that keeps little for an amount that is not known, and an exception for that step alone',
    files: {
      base: TOTAL,
      c: `extends: base\nbounds: { a.n: { value: [0, 1], references: allow } }\n${waives('t', '{ tool: a }')}`,
    },
    steps: [
      ['q', {}],
      ['a', { n: REFERENCE }],
      ['b', { n: 1 }],
    ],
  },
  {
    way: 'a key of a bound that a library reads as one of another tool',
    files: {
      base: 'bounds: { a.b.n: [0, 5] }\n',
      lib: 'rules: [{ rule: q, severity: info, pattern: { tool: a, arg: zz, operation: exists } }]\nbounds: { a.b.n: [0, 9] }\n',
      c: 'extends: [lib, base]\n',
    },
    steps: [['a.b', { n: 9 }]],
    code: 'PL2111',
  },
  {
    way: 'two policies of one file that refine one rule',
    files: {
      base: LARGE,
      c: 'extends: base\npolicies:\n  - { name: c, refine: [{ rule: r, value: 5 }] }\n  - { name: d, refine: [{ rule: r, value: 7 }] }\n',
    },
    steps: [['a', { n: 10 }]],
    code: 'PL2212',
  },
  {
    way: 'more tools in one branch, a lower limit in the other',
    files: {
      base: TOTAL,
      x: 'extends: base\nrefine: [{ rule: t, add_tools: [c] }]\n',
      y: 'extends: base\nrefine: [{ rule: t, value: 3 }]\n',
      c: 'extends: [x, y]\n',
    },
    parent: 'x',
    steps: [
      ['a', { n: 6 }],
      ['c', { n: 6 }],
    ],
  },
  {
    way: 'the first tool of a rule about order as one of those it governs',
    files: {
      base: 'rules: [{ rule: f, require_before: { tool: pay, before: ok } }]\n',
      c: 'extends: base\nrefine: [{ rule: f, add_tools: ["*"] }]\n',
    },
    steps: [['pay', {}]],
  },
  {
    way: 'a library whose own library adds no risks up',
    files: {
      base: 'rules: [{ rule: x, severity: low, weight: 0.5, pattern: { tool: a } }, { rule: y, severity: low, weight: 0.4, pattern: { tool: a } }]\n',
      lib: 'aggregate: max\nfail_risk_threshold: 1\n',
      m: 'extends: lib\n',
      c: 'extends: [m, base]\n',
    },
    steps: [['a', {}]],
  },
  {
    way: 'a child that reads only one policy of the file of its base',
    files: {
      base: `policies:\n  - { name: core, ${RULE.trim()} }\n  - { name: extra, rules: [{ rule: q, severity: info, pattern: { tool: b } }] }\n`,
      c: 'extends: extra\n',
    },
    steps: [['a', {}]],
  },
];

test.each(TRIES)('$way', async ({ files, parent, steps, code }) => {
  const names = Object.keys(files);
  const texts = Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.yaml`, text]));
  const plan = {
    context: { env: 'dev' },
    steps: steps.map(([tool, args], i) => ({ id: `s${i}`, tool, args })),
  };
  const asked = { context: { env: ['dev'] }, now: Date.parse('2026-12-01T00:00:00Z') };
  const stops = parent ?? names[0] ?? '';
  const { result: before } = await compile(memoryHost(texts), { entries: [stops] });
  expect(before && (await bundleOf(before)).policy().evaluate(plan, asked).status).toBe('deny');
  const { result, diagnostics } = await compile(memoryHost(texts), { entries: [names.at(-1) ?? ''] });
  expect(diagnostics.filter(({ severity }) => severity === 'error')[0]?.code).toBe(code);
  expect(result && (await bundleOf(result)).policy().evaluate(plan, asked).status).toBe(code ? null : 'deny');
});
