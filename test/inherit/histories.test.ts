/**
 * How histories meet: what a parent stops alone stays stopped in its children, whatever else they inherit and whatever
 * they bind anew. Each family either does not compile or denies what the parent denies.
 */
import { describe, expect, test } from 'vitest';
import { compile, memoryHost } from '../../compiler/index.ts';
import { bundleFrom } from '../support/decide.ts';

type Files = Readonly<Record<string, string>>;

interface Family {
  readonly files: Files;
  /** The file that denies the plan alone. */
  readonly parent: string;
  readonly entry: string;
  readonly steps: readonly { readonly tool: string; readonly args: object }[];
}

/** A floor raises the weight of what a library brings, in both parents alike; only one of them refines it. */
function floored(library: string, first: string, second: string, category = 'C'): Files {
  const weights = `rules: [{ rule: q, category: ${category}, pattern: { tool: zz } }]\nrisk_weights: { ${category.toLowerCase()}: 0.9 }\n`;
  return {
    'floor.yaml': weights,
    'lib.yaml': library,
    'd1.yaml': `extends: [floor.yaml, lib.yaml]\n${first}`,
    'd2.yaml': `extends: [floor.yaml, lib.yaml]\n${second}`,
    'team.yaml': 'extends: [d1.yaml, d2.yaml]\n',
  };
}

const rule = (body: string): string => `rules: [{ rule: r, category: C, ${body} }]\n`;
const refine = (body: string): string => `refine: [{ rule: r, ${body} }]\n`;
const calls = (...tools: readonly string[]): Family['steps'] => tools.map((tool) => ({ tool, args: {} }));
const paid = (n: number): Family['steps'] => [{ tool: 'a', args: { n } }];

function diamond(files: Files, steps: Family['steps']): Family {
  return { files, parent: 'd2', entry: 'team', steps };
}

/** `team` refines a rule by a parameter of its own, `prod` binds it anew. */
function ownParameter(pattern: string, own: string, refined: string, bound: string, final = ''): Family {
  return {
    files: {
      'base.yaml': `rules: [{ rule: r, ${final}pattern: ${pattern} }]\n`,
      'team.yaml': `extends: base.yaml\nparams: { p: ${own} }\nrefine: [{ rule: r, pattern: ${refined} }]\n`,
      'prod.yaml': `extends: team.yaml\nparams: { p: ${bound} }\n`,
    },
    parent: 'base',
    entry: 'prod',
    steps: [{ tool: 'a', args: { n: 50, c: 'KP', m: 1 } }],
  };
}

const NUMBER = '{ type: number, value: 5, mode: default, domain: [0, 99] }';
const OVER = '{ tool: a, operation: n_gt, value: 10 }';
const OWN = '{ tool: a, operation: n_gt, value: "${params.p}" }';

const WARNED = `rules:
  - { rule: w, enforcement: warn, weight: 0.4, pattern: { tool: a } }
  - { rule: v, enforcement: warn, weight: 0.4, pattern: { tool: a } }
`;

function secondRoot(loose: string, order: string, grand = ''): Family {
  return {
    files: {
      'base.yaml': WARNED,
      'loose.yaml': loose,
      'mid.yaml': 'extends: base.yaml\n',
      'team.yaml': `extends: [${order}]\n`,
      'grand.yaml': `extends: team.yaml\n${grand}`,
    },
    parent: 'base',
    entry: 'grand',
    steps: calls('a'),
  };
}

const FAMILIES: Readonly<Record<string, Family>> = {
  'max_calls under a floor': diamond(
    floored(rule('max_calls: { tool: a, limit: 5 }'), '', refine('value: 1')),
    calls('a', 'a'),
  ),
  'max_total under a floor': diamond(
    floored(rule('max_total: { tool: a, arg: n, limit: 100 }'), refine('add_tools: [b]'), refine('value: 1')),
    paid(50),
  ),
  'require_before under a floor': diamond(
    floored(rule('require_before: { tool: x, before: ok }'), '', refine('add_tools: [a]')),
    calls('a'),
  ),
  'flows under a floor': diamond(
    floored(rule('flows: { from: [crm.*], to: [mail.send] }'), '', refine('add_tools: [log.write]')),
    [
      { tool: 'crm.get', args: {} },
      { tool: 'log.write', args: { t: '${s0.result}' } },
    ],
  ),
  'max_steps under a floor': diamond(
    floored(
      'max_steps: { value: 3, mode: default, domain: [1, 9] }\n',
      'max_steps: { value: 9, mode: default, domain: [1, 9] }\n',
      'max_steps: 1\n',
      'MAX_STEPS_EXCEEDED',
    ),
    calls('a', 'a'),
  ),
  'allow_tools under a floor': diamond(
    floored(
      'allow_tools: { value: [a], mode: default, domain: ["*"] }\n',
      'allow_tools: { value: ["*"], mode: default, domain: ["*"] }\n',
      'allow_tools: [b]\n',
      'TOOL_DENY',
    ),
    calls('a'),
  ),
  'bounds under a floor': diamond(
    floored(
      'allow_tools: [a]\nbounds: { a.n: { value: [0, 5], mode: default, domain: [0, 99] } }\n',
      'bounds: { a.n: { value: [0, 99], mode: default, domain: [0, 99] } }\n',
      'bounds: { a.n: [0, 1] }\n',
      'BOUND_VIOLATION',
    ),
    paid(50),
  ),
  'a parameter of one refinement': ownParameter(OVER, NUMBER, OWN, '99'),
  'a parameter of one refinement of a final rule': ownParameter(OVER, NUMBER, OWN, '99', 'final: true, '),
  'a parameter in an operand under `or`': ownParameter(
    '{ tool: a, or: [{ operation: n_gt, value: 10 }, { operation: m_gt, value: 10 }] }',
    NUMBER,
    '{ tool: a, or: [{ operation: n_gt, value: "${params.p}" }, { operation: m_gt, value: 10 }] }',
    '99',
  ),
  'a list of one refinement': ownParameter(
    '{ tool: a, arg: c, operation: in, value: [RU, KP] }',
    '{ type: list, value: [RU, KP], mode: default, domain: [RU, KP] }',
    '{ tool: a, arg: c, operation: in, value: "${params.p}" }',
    '[RU]',
  ),
  'a regular expression of one refinement': ownParameter(
    '{ tool: a, arg: c, operation: matches, value: "K." }',
    '{ type: text, value: "K.", mode: default, domain: ["K.", zzz] }',
    '{ tool: a, arg: c, operation: matches, value: "${params.p}" }',
    'zzz',
  ),
  'a threshold above the default': secondRoot('fail_risk_threshold: 1\n', 'base.yaml, loose.yaml'),
  'a threshold above the default, the other way': secondRoot(
    'fail_risk_threshold: 1\n',
    'loose.yaml, mid.yaml',
  ),
  'a default within a wider domain': secondRoot(
    'fail_risk_threshold: { value: 0.5, mode: default, domain: [0.1, 1] }\n',
    'mid.yaml, loose.yaml',
    'fail_risk_threshold: 1\n',
  ),
  'the largest weight in place of their sum': secondRoot('aggregate: max\n', 'base.yaml, loose.yaml'),
  'a default that a child opens for its own children': {
    files: {
      'base.yaml': WARNED,
      'team.yaml':
        'extends: base.yaml\nfail_risk_threshold: { value: 0.5, mode: default, domain: [0.1, 1] }\n',
      'grand.yaml': 'extends: team.yaml\nfail_risk_threshold: 1\n',
    },
    parent: 'base',
    entry: 'grand',
    steps: calls('a'),
  },
  'a rule that lacks its parameter, refined': {
    files: {
      'template.yaml': 'rules: [{ rule: r, pattern: { tool: a, operation: n_gt, value: "${params.t}" } }]\n',
      'base.yaml': 'extends: template.yaml\nparams: { t: { type: number, value: 10 } }\n',
      'team.yaml':
        'extends: template.yaml\nparams: { t: { type: number, value: 10 } }\nrefine: [{ rule: r, value: 99 }]\n',
    },
    parent: 'base',
    entry: 'team',
    steps: paid(50),
  },
};

const status = async (files: Files, entry: string, steps: Family['steps']): Promise<string> => {
  const bundle = await bundleFrom(files);
  return bundle.policy(entry).evaluate({ steps: steps.map((step, i) => ({ id: `s${i}`, ...step })) }).status;
};

describe('what a parent stops stays stopped', () => {
  test.each(Object.entries(FAMILIES))('%s', async (_, { files, parent, entry, steps }) => {
    // The parent alone: with what it extends, and nothing that extends it.
    const above = Object.fromEntries(
      Object.entries(files).filter(([path]) => !['team.yaml', 'prod.yaml', 'grand.yaml'].includes(path)),
    );
    expect(await status({ ...above, 'alone.yaml': `extends: ${parent}\n` }, 'alone', steps)).toBe('deny');
    const { result, diagnostics } = await compile(memoryHost(files));
    if (result) expect(await status(files, entry, steps)).toBe('deny');
    else
      expect(diagnostics.some(({ severity, related }) => severity === 'error' && related.length > 0)).toBe(
        true,
      );
  });
});

test('parents in crossed orders, a parent of a parent named first, and siblings that refine one token', async () => {
  const base =
    'rules: [{ rule: r, pattern: { tool: a, operation: n_gt, value: 10 } }]\ndeny_tokens_regex: [secret]\n';
  const token = (regex: string): string =>
    `refine: [{ rule: 'deny_tokens_regex["secret"]', value: "${regex}" }]\n`;
  const files = {
    'base.yaml': base,
    'a.yaml': `extends: base.yaml\n${token('(?i)secret')}`,
    'b.yaml': `extends: base.yaml\n${token('secret|token')}`,
    'c.yaml': 'extends: [a.yaml, b.yaml]\n',
    'd.yaml': 'extends: [b.yaml, a.yaml]\n',
    'team.yaml': 'extends: [base.yaml, a.yaml, c.yaml, d.yaml]\n',
  };
  const said = (text: string): Promise<string> => status(files, 'team', [{ tool: 'x', args: { text } }]);
  expect([await said('SECRET'), await said('token'), await said('TOKEN')]).toEqual(['deny', 'deny', 'pass']);
});
