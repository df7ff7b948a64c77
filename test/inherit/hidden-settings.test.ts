/** Each way to weaken a setting or a parameter, and what the compiler says to it. */
import { describe, expect, test } from 'vitest';
import { childSays, PARAMS } from './support.ts';

describe('a child cannot weaken a setting', () => {
  test('max_steps', async () => {
    expect(await childSays('max_steps: 30\n')).toMatchInlineSnapshot(`
      "team.yaml:2:12: error PL2102: \`max_steps: 30\` is weaker than the inherited \`20\`
        2 | max_steps: 30
          |            ^^
        base.yaml:14:16: the inherited value: 20
        14 |     max_steps: 20
           |                ^^
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"any_tool","args":{}},{"id":"s2","tool":"any_tool","args":{}},{"id":"s3","tool":"any_tool","args":{}},{"id":"s4","tool":"any_tool","args":{}},{"id":"s5","tool":"any_tool","args":{}},{"id":"s6","tool":"any_tool","args":{}},{"id":"s7","tool":"any_tool","args":{}},{"id":"s8","tool":"any_tool","args":{}},{"id":"s9","tool":"any_tool","args":{}},{"id":"s10","tool":"any_tool","args":{}},{"id":"s11","tool":"any_tool","args":{}},{"id":"s12","tool":"any_tool","args":{}},{"id":"s13","tool":"any_tool","args":{}},{"id":"s14","tool":"any_tool","args":{}},{"id":"s15","tool":"any_tool","args":{}},{"id":"s16","tool":"any_tool","args":{}},{"id":"s17","tool":"any_tool","args":{}},{"id":"s18","tool":"any_tool","args":{}},{"id":"s19","tool":"any_tool","args":{}},{"id":"s20","tool":"any_tool","args":{}},{"id":"s21","tool":"any_tool","args":{}}]}
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
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":-0.5}}]}
        hint: intervals are intersected; a child may only tighten what it inherits"
    `);
  });

  test('allow_tools', async () => {
    expect(await childSays('allow_tools: [db.query, mail.send]\n')).toMatchInlineSnapshot(`
      "team.yaml:2:14: error PL2104: \`mail.send\` is not covered by the inherited \`allow_tools: [payments.*, db.*]\`
        2 | allow_tools: [db.query, mail.send]
          |              ^^^^^^^^^^^^^^^^^^^^
        base.yaml:15:18: the inherited list: payments.*, db.*
        15 |     allow_tools: [payments.*, db.*]
           |                  ^^^^^^^^^^^^^^^^^
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"mail.send","args":{}}]}
        hint: every list must allow the tool; a child may only narrow it, so ask the owner of the parent to allow the tool"
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
        base.yaml:1:1: not set here, so it is the default: sum
        1 | policies:
          | ^
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
        base.yaml:1:48: the domain is declared here: [1, 50]
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
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":20000}}]}
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
        for example: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"country":"KP"}}]}
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
        base.yaml:5:57: the domain is declared here: [a, b]
        5 |   label: { type: text, value: a, mode: default, domain: [a, b] }
          |                                                         ^^^^^
        hint: a default may be set anew within the domain its parent declares; ask the owner of the parent"
    `);
  });
});
