/** Each way to weaken a guardrail, in the open or hidden, and what the compiler says to it. */
import { describe, expect, test } from 'vitest';
import { childSays, says } from './support.ts';

const refine = (...lines: readonly string[]): string =>
  `refine:\n  - rule: large_transfer\n${lines.map((line) => `    ${line}\n`).join('')}`;

const PARAMS = `params:
  limit: { type: number, value: 10000, domain: [0, 50000], tighten: lower }
  fixed: { type: text, value: EUR }
  blocked: { type: list, value: [RU, KP], tighten: add }
  label: { type: text, value: a, mode: default, domain: [a, b] }
policies:
  - name: base
    rules:
      - rule: large
        pattern: { tool: payments.transfer, operation: amount_gt, value: "\${params.limit}" }
      - rule: countries
        pattern: { tool: payments.transfer, operation: country_in, value: "\${params.blocked}" }
      - rule: currency
        pattern: { tool: payments.transfer, operation: currency_not_equals, value: "\${params.fixed}" }
      - rule: labelled
        pattern: { tool: payments.transfer, operation: label_equals, value: "\${params.label}" }
`;

describe('a child cannot weaken an inherited rule', () => {
  test('by adding a `when`', async () => {
    expect(await childSays(refine('when: context.role == "analyst"'))).toMatchInlineSnapshot(`
      "team.yaml:4:5: error PL2203: a \`when\` would narrow the inherited rule \`large_transfer\`
        4 |     when: context.role == "analyst"
          |     ^^^^
        base.yaml:4:15: the inherited rule: severity high, deny, weight 0.4
        4 |       - rule: large_transfer
          |               ^^^^^^^^^^^^^^
        hint: an added condition makes a rule fire on less; declare a rule of your own, or ask for an exception with a scope"
    `);
  });

  test('by narrowing its tools', async () => {
    expect(await childSays(refine('tool: payments.transfer'))).toMatchInlineSnapshot(`
      "team.yaml:4:11: error PL2201: \`large_transfer\` would be weaker: \`tool: payments.transfer\` lets plans through that \`tool: payments.transfer, payments.wire\` stops
        4 |     tool: payments.transfer
          |           ^^^^^^^^^^^^^^^^^
        base.yaml:6:27: the inherited rule has \`tool: payments.transfer, payments.wire\`
        6 |         pattern: { tool: [payments.transfer, payments.wire], operation: amount_gt, value: 10000 }
          |                           ^^^^^^^^^^^^^^^^^
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.wire","args":{"amount":10000.5}}]}
        hint: a rule may only come to fire on more; keep the inherited pattern and add yours beside it with \`or\`"
    `);
  });

  test('by a looser operand', async () => {
    expect(await childSays(refine('value: 20000'))).toMatchInlineSnapshot(`
      "team.yaml:4:12: error PL2201: \`large_transfer\` would be weaker: \`value: 20000\` lets plans through that \`value: 10000\` stops
        4 |     value: 20000
          |            ^^^^^
        base.yaml:6:91: the inherited rule has \`value: 10000\`
        6 |         pattern: { tool: [payments.transfer, payments.wire], operation: amount_gt, value: 10000 }
          |                                                                                           ^^^^^
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":20000}}]}
        hint: a rule may only come to fire on more; keep the inherited pattern and add yours beside it with \`or\`"
    `);
  });

  test('by a condition beside the inherited one', async () => {
    const pattern =
      'pattern: { tool: payments.*, and: [{ operation: amount_gt, value: 1 }, { operation: note_exists }] }';
    expect(await childSays(refine(pattern))).toMatchInlineSnapshot(`
      "team.yaml:4:14: error PL2201: \`large_transfer\` would be weaker: \`{ tool: payments.*, and: [{ operation: amount_gt, value: 1 }, { operation: note_…\` lets plans through that \`{ tool: [payments.transfer, payments.wire], operation: amount_gt, value: 10000\` stops
        4 |     pattern: { tool: payments.*, and: [{ operation: amount_gt, value: 1 }, { operation: note_exists }] }
          |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        base.yaml:6:18: the inherited rule has \`{ tool: [payments.transfer, payments.wire], operation: amount_gt, value: 10000\`
        6 |         pattern: { tool: [payments.transfer, payments.wire], operation: amount_gt, value: 10000 }
          |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":10000.5}}]}
        hint: a rule may only come to fire on more; keep the inherited pattern and add yours beside it with \`or\`"
    `);
  });

  test('by a lower weight, severity or enforcement', async () => {
    expect(await childSays(refine('weight: 0.1', 'severity: low', 'enforcement: warn')))
      .toMatchInlineSnapshot(`
      "team.yaml:4:13: error PL2102: \`large_transfer.weight: 0.1\` is weaker than the inherited \`0.4\`
        4 |     weight: 0.1
          |             ^^^
        base.yaml:4:15: the inherited value: 0.4
        4 |       - rule: large_transfer
          |               ^^^^^^^^^^^^^^
        hint: the larger weight holds; a child may only tighten what it inherits
      team.yaml:5:15: error PL2102: \`large_transfer.severity: low\` is weaker than the inherited \`high\`
        5 |     severity: low
          |               ^^^
        base.yaml:4:15: the inherited value: high
        4 |       - rule: large_transfer
          |               ^^^^^^^^^^^^^^
        hint: the higher severity holds; a child may only tighten what it inherits
      team.yaml:6:18: error PL2102: \`large_transfer.enforcement: warn\` is weaker than the inherited \`deny\`
        6 |     enforcement: warn
          |                  ^^^^
        base.yaml:4:15: the inherited value: deny
        4 |       - rule: large_transfer
          |               ^^^^^^^^^^^^^^
        hint: the stronger enforcement holds; a child may only tighten what it inherits"
    `);
  });

  test('by `risk_weights`', async () => {
    expect(await childSays('risk_weights: { notes: 0.1 }\n')).toMatchInlineSnapshot(`
      "team.yaml:2:17: error PL2102: \`risk_weights.notes: 0.1\` is weaker than the inherited \`0.3\`
        2 | risk_weights: { notes: 0.1 }
          |                 ^^^^^
        base.yaml:10:15: the inherited value: 0.3
        10 |       - rule: notes
           |               ^^^^^
        hint: the larger weight holds; a child may only tighten what it inherits"
    `);
  });

  test('by disabling it', async () => {
    expect(await childSays(refine('enabled: false'))).toMatchInlineSnapshot(`
      "team.yaml:4:14: error PL2204: \`enabled: false\` would switch off the inherited rule \`large_transfer\`
        4 |     enabled: false
          |              ^^^^^
        base.yaml:4:15: the inherited rule: severity high, deny, weight 0.4
        4 |       - rule: large_transfer
          |               ^^^^^^^^^^^^^^
        hint: an inherited rule cannot be disabled; ask for an exception, which has a scope and an end"
    `);
  });

  test('by declaring it again', async () => {
    const child =
      'rules:\n  - rule: sql\n    severity: info\n    pattern: { tool: db.query, operation: exists, arg: x }\n';
    expect(await childSays(child)).toMatchInlineSnapshot(`
      "team.yaml:3:11: error PL2101: the rule \`sql\` is declared twice
        3 |   - rule: sql
          |           ^^^
        base.yaml:7:15: first declared here
        7 |       - rule: sql
          |               ^^^
        hint: rename one of them; a child does not replace a rule of its parent"
    `);
  });

  test('by a policy of the same name', async () => {
    expect(await childSays('policies:\n  - name: base\n')).toMatchInlineSnapshot(`
      "team.yaml:3:11: error PL2206: \`base\` is already the name of a policy that this file inherits
        3 |   - name: base
          |           ^^^^
        base.yaml:2:11: the inherited policy
        2 |   - name: base
          |           ^^^^
        hint: choose another name: \`extends\` and \`--entry\` would mean this policy instead of the inherited one"
    `);
  });

  test('by a regular expression that matches less', async () => {
    const child = 'refine:\n  - rule: sql\n    value: "DROP TABLE|1=1"\n';
    expect(await childSays(child)).toMatchInlineSnapshot(`
      "team.yaml:4:12: error PL2201: \`sql\` would be weaker: \`value: DROP TABLE|1=1\` lets plans through that \`value: DROP|1=1\` stops
        4 |     value: "DROP TABLE|1=1"
          |            ^^^^^^^^^^^^^^^^
        base.yaml:9:63: the inherited rule has \`value: DROP|1=1\`
        9 |         pattern: { tool: db.query, operation: matches, value: "DROP|1=1" }
          |                                                               ^^^^^^^^^^
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"db.query","args":{"note":"DROP"}}]}
        hint: a rule may only come to fire on more; keep the inherited pattern and add yours beside it with \`or\`"
    `);
  });

  test('by a deny token that matches less', async () => {
    const child = `refine:\n  - rule: 'deny_tokens_regex["AKIA[0-9A-Z]{16}"]'\n    value: "AKIA[0-9]{16}"\n`;
    expect(await childSays(child)).toMatchInlineSnapshot(`
      "team.yaml:4:12: error PL2201: \`deny_tokens_regex["AKIA[0-9A-Z]{16}"]\` would be weaker: \`AKIA[0-9]{16}\` lets plans through that \`AKIA[0-9A-Z]{16}\` stops
        4 |     value: "AKIA[0-9]{16}"
          |            ^^^^^^^^^^^^^^^
        base.yaml:17:25: the inherited rule has \`AKIA[0-9A-Z]{16}\`
        17 |     deny_tokens_regex: ["AKIA[0-9A-Z]{16}"]
           |                         ^^^^^^^^^^^^^^^^^^
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.any","args":{"note":"AKIA000000000000000A"}}]}
        hint: a rule may only come to fire on more; keep the inherited pattern and add yours beside it with \`or\`"
    `);
  });

  test('by opening a final rule', async () => {
    const base = `rules:\n  - rule: sql\n    final: true\n    pattern: { tool: db.query, operation: matches, value: DROP }\n`;
    expect(await childSays('refine:\n  - rule: sql\n    final: false\n', base)).toMatchInlineSnapshot(`
      "team.yaml:4:12: error PL2211: \`final: false\` would open the inherited rule \`sql\` to exceptions
        4 |     final: false
          |            ^^^^^
        base.yaml:2:11: the inherited rule: severity medium, deny, weight 0.2
        2 |   - rule: sql
          |           ^^^
        hint: a final rule stays final"
    `);
  });
});

describe('a child cannot weaken a setting', () => {
  test('max_steps', async () => {
    expect(await childSays('max_steps: 30\n')).toMatchInlineSnapshot(`
      "team.yaml:2:12: error PL2102: \`max_steps: 30\` is weaker than the inherited \`20\`
        2 | max_steps: 30
          |            ^^
        base.yaml:14:16: the inherited value: 20
        14 |     max_steps: 20
           |                ^^
        hint: the smaller limit holds; a child may only tighten what it inherits"
    `);
  });

  test('bounds, by an open end', async () => {
    expect(await childSays('bounds: { payments.transfer.amount: [null, 10] }\n')).toMatchInlineSnapshot(`
      "team.yaml:2:11: error PL2102: \`bounds["payments.transfer.amount"]: [null, 10]\` is weaker than the inherited \`[0, 50000]\`
        2 | bounds: { payments.transfer.amount: [null, 10] }
          |           ^^^^^^^^^^^^^^^^^^^^^^^^
        base.yaml:16:15: the inherited value: [0, 50000]
        16 |     bounds: { payments.transfer.amount: [0, 50000] }
           |               ^^^^^^^^^^^^^^^^^^^^^^^^
        hint: intervals are intersected; a child may only tighten what it inherits"
    `);
  });

  test('allow_tools', async () => {
    expect(await childSays('allow_tools: [db.query, mail.send]\n')).toMatchInlineSnapshot(`
      "team.yaml:2:14: error PL2104: \`mail.send\` is not covered by the inherited \`allow_tools\`
        2 | allow_tools: [db.query, mail.send]
          |              ^^^^^^^^^^^^^^^^^^^^
        base.yaml:15:18: the inherited list: payments.*, db.*
        15 |     allow_tools: [payments.*, db.*]
           |                  ^^^^^^^^^^^^^^^^^
        hint: a child may only narrow the list; ask the owner of the parent to allow the tool"
    `);
  });

  test('fail_risk_threshold and aggregate', async () => {
    expect(await childSays('fail_risk_threshold: 0.9\naggregate: max\n')).toMatchInlineSnapshot(`
      "team.yaml:2:22: error PL2102: \`fail_risk_threshold: 0.9\` is weaker than the inherited \`0.7\`
        2 | fail_risk_threshold: 0.9
          |                      ^^^
        base.yaml:18:26: the inherited value: 0.7
        18 |     fail_risk_threshold: 0.7
           |                          ^^^
        hint: the lower threshold holds; a child may only tighten what it inherits
      team.yaml:3:12: error PL2102: \`aggregate: max\` is weaker than the inherited \`sum\`
        3 | aggregate: max
          |            ^^^
        hint: \`sum\` is stricter than \`max\`; a child may only tighten what it inherits"
    `);
  });

  test('by turning a guardrail into a default', async () => {
    expect(await childSays('max_steps: { value: 10, mode: default, domain: [1, 100] }\n'))
      .toMatchInlineSnapshot(`
      "team.yaml:2:48: error PL2110: \`max_steps: 10\` would turn the inherited guardrail \`20\` into a default
        2 | max_steps: { value: 10, mode: default, domain: [1, 100] }
          |                                                ^^^^^^^
        base.yaml:14:16: the inherited value: 20
        14 |     max_steps: 20
           |                ^^
        hint: guardrails stay guardrails; remove \`mode\` and \`domain\`"
    `);
  });

  test('beyond the domain of a default', async () => {
    const base = 'max_steps: { value: 20, mode: default, domain: [1, 50] }\n';
    expect(await childSays('max_steps: 51\n', base)).toMatchInlineSnapshot(`
      "team.yaml:2:12: error PL2109: \`max_steps: 51\` is outside the domain \`[1, 50]\`
        2 | max_steps: 51
          |            ^^
        base.yaml:1:48: the domain is declared here
        1 | max_steps: { value: 20, mode: default, domain: [1, 50] }
          |                                                ^^^^^^
        hint: a default may be set anew within the domain its parent declares; ask the owner of the parent"
    `);
    expect(await childSays('max_steps: 50\n', base)).toBe('');
  });
});

describe('a child cannot weaken a parameter', () => {
  test('against the direction its parent declared', async () => {
    expect(await childSays('params: { limit: 20000 }\n', PARAMS)).toMatchInlineSnapshot(`
      "team.yaml:2:18: error PL2102: \`params.limit: 20000\` is weaker than the inherited \`10000\`
        2 | params: { limit: 20000 }
          |                  ^^^^^
        base.yaml:2:33: the inherited value: 10000
        2 |   limit: { type: number, value: 10000, domain: [0, 50000], tighten: lower }
          |                                 ^^^^^
        hint: a parameter that tightens lower may only be lowered; a child may only tighten what it inherits"
    `);
    expect(await childSays('params: { limit: 5000 }\n', PARAMS)).toBe('');
  });

  test('by taking from a list that only grows', async () => {
    expect(await childSays('params: { blocked: [RU] }\n', PARAMS)).toMatchInlineSnapshot(`
      "team.yaml:2:20: error PL2102: \`params.blocked: [RU]\` is weaker than the inherited \`[RU, KP]\`
        2 | params: { blocked: [RU] }
          |                    ^^^
        base.yaml:4:33: the inherited value: [RU, KP]
        4 |   blocked: { type: list, value: [RU, KP], tighten: add }
          |                                 ^^^^^^^
        hint: a list that tightens by adding may only grow; a child may only tighten what it inherits"
    `);
    expect(await childSays('params: { blocked: [RU, KP, IR] }\n', PARAMS)).toBe('');
  });

  test('that is fixed', async () => {
    expect(await childSays('params: { fixed: USD }\n', PARAMS)).toMatchInlineSnapshot(`
      "team.yaml:2:18: error PL2210: the parameter \`fixed\` cannot be bound to \`USD\`: its value \`EUR\` is fixed
        2 | params: { fixed: USD }
          |                  ^^^
        base.yaml:3:31: the inherited value: EUR
        3 |   fixed: { type: text, value: EUR }
          |                               ^^^
        hint: its declaration names no direction that is stricter (\`tighten\`) and is no \`mode: default\`"
    `);
  });

  test('by declaring it again', async () => {
    const child = 'params: { limit: { type: number, value: 1000000 } }\n';
    expect(await childSays(child, PARAMS)).toMatchInlineSnapshot(`
      "team.yaml:2:11: error PL2207: the parameter \`limit\` is declared twice
        2 | params: { limit: { type: number, value: 1000000 } }
          |           ^^^^^
        base.yaml:2:3: first declared here
        2 |   limit: { type: number, value: 10000, domain: [0, 50000], tighten: lower }
          |   ^^^^^
        hint: bind an inherited parameter by its value alone: \`params: { limit: … }\`"
    `);
  });

  test('whose declared direction is not the stricter one: the promise is proved, not believed', async () => {
    const base = PARAMS.replace('domain: [0, 50000], tighten: lower', 'tighten: higher');
    expect(await childSays('params: { limit: 20000 }\n', base)).toMatchInlineSnapshot(`
      "team.yaml:2:18: error PL2201: \`large\` would be weaker: \`limit: 20000\` lets plans through that \`limit: 10000\` stops
        2 | params: { limit: 20000 }
          |                  ^^^^^
        base.yaml:2:33: the inherited rule has \`limit: 10000\`
        2 |   limit: { type: number, value: 10000, tighten: higher }
          |                                 ^^^^^
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":20000}}]}
        hint: a rule may only come to fire on more; keep the inherited pattern and add yours beside it with \`or\`"
    `);
  });

  test('but may set a default anew within its domain', async () => {
    expect(await childSays('params: { label: b }\n', PARAMS)).toBe('');
    expect(await childSays('params: { label: c }\n', PARAMS)).toMatchInlineSnapshot(`
      "team.yaml:2:18: error PL2109: \`params.label: c\` is outside the domain \`[a, b]\`
        2 | params: { label: c }
          |                  ^
        base.yaml:5:57: the domain is declared here
        5 |   label: { type: text, value: a, mode: default, domain: [a, b] }
          |                                                         ^^^^^
        hint: a default may be set anew within the domain its parent declares; ask the owner of the parent"
    `);
  });
});

describe('what is not believed', () => {
  test('a condition the prover cannot decide is refused, with a form that it can', async () => {
    const base = 'rules:\n  - rule: r\n    pattern: { arg: a, operation: matches, value: "^x" }\n';
    const child =
      'refine:\n  - rule: r\n    pattern: { or: [{ arg: a, operation: length_gt, value: 0 }, { operation: b_exists }] }\n';
    expect(await childSays(child, base)).toMatchInlineSnapshot(`
      "team.yaml:4:14: error PL2202: cannot prove that \`r\` is stricter with \`{ or: [{ arg: a, operation: length_gt, value: 0 }, { operation: b_exists\` than with \`{ arg: a, operation: matches, value: "^x"\`: no case was found where it is weaker, but \`matches\`, \`length_gt\`, \`exists\` together are more than the prover decides
        4 |     pattern: { or: [{ arg: a, operation: length_gt, value: 0 }, { operation: b_exists }] }
          |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        base.yaml:3:14: the inherited rule has \`{ arg: a, operation: matches, value: "^x"\`
        3 |     pattern: { arg: a, operation: matches, value: "^x" }
          |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: write \`or: [<the inherited pattern>, <yours>]\`, which is stricter by its form, or declare a rule of your own beside it"
    `);
  });

  test('parents that bind a parameter differently where neither is stricter', async () => {
    const files = {
      'base.yaml': PARAMS,
      'a.yaml': 'extends: base.yaml\nparams: { label: a }\n',
      'b.yaml': 'extends: base.yaml\nparams: { label: b }\n',
      'c.yaml': 'extends: [a.yaml, b.yaml]\nmax_steps: 3\n',
    };
    expect(await says(files)).toMatchInlineSnapshot(`
      "b.yaml:2:18: error PL2213: the parents disagree on the parameter \`label\`: \`a\` and \`b\`
        2 | params: { label: b }
          |                  ^
        a.yaml:2:18: the other parent's value: a
        2 | params: { label: a }
          |                  ^
        hint: neither is stricter by its declaration; let one of the parents leave it as it is"
    `);
  });
});

describe('a rule with a condition in CEL', () => {
  const base =
    'rules:\n  - rule: r\n    when: step.args.amount > 10\n  - rule: both\n    when: context.role == "intern"\n    pattern: { tool: pay, operation: amount_gt, value: 100 }\n';

  test('is not narrowed by a pattern beside it', async () => {
    const child = 'refine:\n  - rule: r\n    pattern: { tool: pay, operation: x_exists }\n';
    expect(await childSays(child, base)).toContain('PL2202');
  });

  test('takes a stricter pattern, and a higher severity', async () => {
    expect(await childSays('refine:\n  - rule: both\n    value: 50\n    severity: critical\n', base)).toBe(
      '',
    );
    expect(await childSays('refine:\n  - rule: both\n    value: 500\n', base)).toContain('PL2202');
  });
});
