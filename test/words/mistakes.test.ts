/** What people write by mistake, and the words with which they are told: one row a mistake. */
import { describe, expect, it } from 'vitest';
import { lint, memoryHost } from '../../compiler/index.ts';
import type { Diagnostic } from '../../compiler/inspect.ts';
import { originOf } from '../../compiler/inspect.ts';

const AT = { now: 0, warnExpiry: 0 };

async function told(text: string): Promise<readonly Diagnostic[]> {
  return (await lint(memoryHost({ 'p.yaml': text }), AT)).diagnostics;
}

/** `line:column`, sentence and hint of everything that is told. */
const shown = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics
    .map(({ code, message, hint, span }) => {
      const { line, column } = span ? originOf(span) : { line: 0, column: 0 };
      return `${line}:${column} ${code} ${message} | ${hint}`;
    })
    .join('\n');

describe('a text that is no YAML', () => {
  it.each([
    [
      'an open bracket',
      'allow_tools: [a, b\nmax_steps: 3\n',
      '1:14',
      'not closed before line 2',
      'write `]`',
    ],
    ['an open brace', 'bounds: {a.b: [1, 2]\nmax_steps: 3\n', '1:9', 'not closed', 'write `}`'],
    ['an open bracket at the end', 'allow_tools: [a, b', '1:14', 'not closed', 'write `]`'],
    ['an open quote', 'name: "base\nmax_steps: 3\n', '1:7', 'quote is not closed', 'write `"`'],
    ['an open single quote', "name: 'base\nmax_steps: 3\n", '1:7', 'quote is not closed', "write `'`"],
    ['no colon', 'max_steps 3\nallow_tools: [x]\n', '1:1', 'colon is missing', '`max_steps: 3`'],
    ['no colon, last line', 'allow_tools: [x]\nmax_steps 3\n', '2:1', 'colon is missing', '`max_steps: 3`'],
    [
      'no colon in a rule',
      'rules:\n  - rule: r\n    severity high\n    scope: step\n',
      '3:5',
      'colon is missing',
      '`severity: high`',
    ],
    ['no blank', 'max_steps:3\nallow_tools: [x]\n', '1:10', 'blank is missing', '`max_steps: 3`'],
    ['no blank in a rule', "rules:\n  - rule:r\n    when: 'true'\n", '2:9', 'blank is missing', '`rule: r`'],
    ['a tab', 'rules:\n\t- rule: r\n', '2:1', 'tab stands in the indentation', 'indent with blanks'],
    [
      'a no-break space',
      'rules:\n  - rule: r\n    severity:\u00a0high\n    scope: step\n',
      '3:14',
      'a no-break space',
      'delete it',
    ],
    ['a star', 'allow_tools: [*]\n', '1:15', 'begins an alias', 'quotes'],
    ['a glob', 'allow_tools: [*.read]\n', '1:15', 'not defined', '"*.read"'],
    ['an at sign', 'name: @x\n', '1:7', 'cannot begin with `@`', '"@x"'],
    [
      'a second colon',
      "rules:\n  - rule: r\n    description: no: never\n    when: 'true'\n",
      '3:18',
      'a colon and a blank inside a text',
      'quotes',
    ],
    ['a backslash', 'deny_tokens_regex: ["\\d+"]\n', '1:22', '`\\d` is no escape', 'single quotes'],
    [
      'a level that is none',
      "rules:\n  - rule: r\n    when: 'true'\n   severity: high\n",
      '4:4',
      'indented by 3',
      '0, 2, 4',
    ],
    ['deeper', 'max_steps: 3\n  allow_tools: [x]\n', '2:3', 'deeper than the one above', 'start of the line'],
    ['a bracket too many', 'allow_tools: [x]]\n', '1:17', 'closes nothing', 'remove it'],
    ['no comma', 'allow_tools: [a, "b" "c"]\n', '1:22', 'comma is missing', 'separated by commas'],
    [
      'a hash is no quote',
      "# it's\nallow_tools: [a, b\nname: x\n",
      '2:14',
      'not closed before line 3',
      'write `]`',
    ],
    [
      'a block is no bracket',
      'rules:\n  - rule: r\n    description: |\n      [ "\n    severity high\n    scope: step\n',
      '5:5',
      'colon is missing',
      '`severity: high`',
    ],
  ])('%s', async (_, text, place, message, hint) => {
    const [first, ...more] = (await told(text)).map((each) => shown([each]));
    expect(more).toEqual([]);
    const [sentence = '', advice] = first?.split(' | ') ?? [];
    expect(sentence.startsWith(`${place} PL1001 `), sentence).toBe(true);
    expect(sentence).toContain(message);
    expect(advice).toContain(hint);
  });
});

const rule = (text: string): string => `rules: [{rule: r, ${text}}]\n`;
const pattern = (text: string): string => rule(`pattern: {tool: x, arg: a, ${text}}`);
const when = (text: string, scope = 'step'): string =>
  `rules:\n  - rule: r\n    scope: ${scope}\n    when: '${text}'\n`;

describe('a word of another language', () => {
  it.each([
    ...Object.entries({
      eq: 'equals',
      ne: 'not_equals',
      ge: 'gte',
      le: 'lte',
      is: 'equals',
      greater_than: 'gt',
      'Greater than': 'gt',
      match: 'matches',
      regex: 'matches',
      one_of: 'in',
      includes: 'contains',
      len_gt: 'length_gt',
      startswith: 'starts_with',
      amount_gtt: 'amount_gt',
      amount_greater_than: 'amount_gt',
    }).map(([written, meant]) => [pattern(`operation: ${written}, value: 1`), `did you mean \`${meant}\`?`]),
    [pattern('op: gt, value: 1'), 'did you mean `operation`?'],
    [rule('pattern: {tool: x, argument: a, operation: exists}'), 'did you mean `arg`?'],
    [rule('tool: x'), '`tool` is a key of a pattern: write it under `pattern:`'],
    [
      rule('operator: gt'),
      'did you mean `operation`? `operation` is a key of a pattern: write it under `pattern:`',
    ],
    [rule('when: \'step.tool == "x"\', message: no'), 'did you mean `description`?'],
    [rule('condition: \'step.tool == "x"\''), 'did you mean `when`?'],
    [rule('if: \'step.tool == "x"\''), 'did you mean `when`?'],
    [rule('when: \'step.tool == "x"\', action: deny'), 'did you mean `enforcement`?'],
    [rule('when: \'step.tool == "x"\', enforcement: block'), 'did you mean `deny`?'],
    [rule('when: \'step.tool == "x"\', severity: fatal'), 'did you mean `critical`?'],
    [rule('when: \'step.tool == "x"\', enabled: false'), 'to let it report only, write `enforcement: audit`'],
    ['rules: [{id: r, when: \'step.tool == "x"\'}]\n', 'did you mean `rule`?'],
    ['rules: [{name: r, when: \'step.tool == "x"\'}]\n', 'did you mean `rule`?'],
    ['deny_tools: [x]\n', 'write a rule with `pattern: {tool: shell.*}`'],
    ['allowed_tools: [x]\n', 'did you mean `allow_tools`?'],
    ['inherits: base\n', 'did you mean `extends`?'],
    ['severity: high\n', 'indent it as far as the keys of the rule'],
    ['max_steps:\u00a03\n', 'a no-break space stands behind the colon'],
    ['\u00a0max_steps: 3\n', 'did you mean `max_steps`?'],
    [rule('when: !has(step.args.a)'), 'put the condition in quotes'],
    [rule('when: true'), 'put it in quotes: "true"'],
    [when('step.tool == "x" and step.id == "y"'), 'CEL writes `&&`'],
    [when('step.tool == "x" || (step.id == "y" or step.id == "z")'), 'CEL writes `||`'],
    [when('not step.args.a'), 'CEL writes `!`'],
    [when('step.tool not in ["x"]'), 'CEL writes `!`'],
    [when('step.args.a =~ "x"'), '`text.matches("…")`'],
    [when('step.args.a == None'), 'CEL writes `null`'],
    [when('len(step.args.a) > 3'), 'CEL calls it `size`'],
    [when('step.args.a.lower() == "x"'), 'CEL calls it `lowerAscii`'],
    [when('step.args.a.includes("x")'), 'CEL calls it `contains`'],
    [when('step.args.a.frobnicate()'), 'functions and methods are listed in docs/cel.md'],
    [when('amount > 3.0'), '`step.args.amount`'],
    [when('args.amount > 3.0'), 'did you mean `step.args`?'],
    [when('step.parameters.amount > 3.0'), 'did you mean `args`?'],
    [when('step.tool == "x"', 'plan'), 'go over `plan.steps`'],
    [when('plan.stepz.size() > 3', 'plan'), 'did you mean `steps`?'],
    [when('plan.steps.length > 3', 'plan'), '`size(…)`'],
    [when('plan.steps[0].tol == "x"', 'plan'), 'did you mean `tool`?'],
    [when('plan.steps.exists(s, s.tol == "x")', 'plan'), 'did you mean `tool`?'],
    [when('now > timestamp("2026-13-01T00:00:00Z")'), 'RFC 3339'],
    [when('now - duration("3days") > now'), 'a day is `"24h"`'],
    ['rules: [{rule: "r 1", when: \'step.tool == "x"\'}]\n', 'a letter, then letters, digits'],
    ['bounds: {a.b: [1]}\n', '`[smallest, largest]`'],
    [rule("when: ''"), 'write a text'],
    [rule('weight: 1.4, pattern: {tool: x}'), 'from 0 to 1'],
    ['max_exception: 3 months\n', '`90d`'],
  ])('%j: %s', async (text, hint) => {
    const diagnostics = await told(text);
    expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
    expect(shown(diagnostics)).toContain(hint);
  });

  it('is not told twice where a key was misnamed', async () => {
    expect(await told('rules: [{id: r, pattern: {tool: x}}]\n')).toHaveLength(1);
  });
});

describe('what lint alone tells', () => {
  it.each([
    [rule("when: 'true'"), 'PL4105'],
    [pattern('operation: matches, value: /abc/i'), 'PL4155'],
    [pattern('operation: matches, value: /etc/passwd'), ''],
    [pattern('operation: equals, value: 017'), 'PL4171'],
    [pattern('operation: equals, value: yes'), 'PL4171'],
    [pattern('operation: equals, value: "yes"'), ''],
    [pattern('operation: equals, value: 1:30'), 'PL4171'],
    [pattern('operation: equals, value: 1e3'), 'PL4171'],
    [pattern('operation: equals, value: 1_000'), 'PL4171'],
    [pattern('operation: equals, value: 2026-01-01'), ''],
    [pattern('operation: equals, value: 0.5'), ''],
  ])('%j: %s', async (text, code) => {
    expect((await told(text)).map((each) => each.code).join(' ')).toBe(code);
  });
});

it('says that a long file is too long, and speaks of aliases where there are some', async () => {
  const names = Array.from({ length: 200_001 }, (_, i) => `  - t${i}\n`).join('');
  expect(shown(await told(`allow_tools:\n${names}`))).toMatch(/too long.*split it/);
  const bomb = Array.from(
    { length: 8 },
    (_, i) => `${i === 0 ? '' : ', '}&a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
  );
  expect(shown(await told(`allow_tools: [&a0 [x]${bomb.join('').replace(/^/, ', ')}]\n`))).toMatch(
    /aliases written out/,
  );
});

it('takes a tab behind a colon for the blank it is, and leaves tabs of texts alone', async () => {
  expect(await told('allow_tools:\t[x,\ty]\nbounds:\t{x.a:\t[1,\t2]}\n')).toEqual([]);
  expect(shown(await told('rules:\t[{rule: r,\twhen:\t"step.tool\t== 3 3"}]\n'))).toContain('1:41 PL3201');
});
