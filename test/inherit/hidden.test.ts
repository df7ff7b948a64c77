/** Each way to weaken a rule, in the open or hidden, and what the compiler says to it. */
import { describe, expect, test } from 'vitest';
import { childSays, PARAMS, says } from './support.ts';

const refine = (...lines: readonly string[]): string =>
  `refine:\n  - rule: large_transfer\n${lines.map((line) => `    ${line}\n`).join('')}`;

describe('a child cannot weaken an inherited rule', () => {
  test('by adding a `when`', async () => {
    expect(await childSays(refine('when: context.role == "analyst"'))).toMatchInlineSnapshot(`
      "team.yaml:4:5: error PL2203: a \`when\` would narrow the inherited rule \`large_transfer\`
        4 |     when: context.role == "analyst"
          |     ^^^^
        base.yaml:4:15: the inherited rule: severity high, deny, weight 0.4
        4 |       - rule: large_transfer
          |               ^^^^^^^^^^^^^^
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":10000.5}}]} with the context {"role":"analystx"}
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
          for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":10000.5}}]}
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
          for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":10000.5}}]}
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
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"any_tool","args":{"note":"internal"}}]}
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
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":10000.5}}]}
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
