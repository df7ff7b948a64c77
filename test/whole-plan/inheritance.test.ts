import { describe, expect, it, test } from 'vitest';
import { bundleFrom, compileMemory, diagnose } from '../support/decide.ts';

const base = `
params:
  most: { type: integer, value: 3, tighten: lower }
  wrong: { type: integer, value: 3, tighten: higher }
rules:
  - { rule: few, severity: low, max_calls: { tool: pay.send, limit: 2 } }
  - { rule: little, severity: low, max_total: { tool: pay.send, arg: amount, limit: 10 } }
  - { rule: by_param, severity: low, max_calls: { tool: pay.send, limit: '\${params.most}' } }
  - { rule: by_wrong, severity: low, max_calls: { tool: pay.send, limit: '\${params.wrong}' } }
  - { rule: stops, severity: low, on_fail: { tool: pay.send, allow: [abort] } }
  - { rule: large, severity: low, max_calls: { tool: 'pay.*', limit: 2 }, pattern: { arg: amount, operation: gt, value: 3 } }
  - { rule: sums, severity: low, max_total: { of: [{ tool: pay.send, arg: amount }, { tool: pay.refund, arg: amount }], limit: 20 } }
`;
const child = (text: string): Record<string, string> => ({
  'base.yaml': base,
  'child.yaml': `extends: base.yaml\n${text}`,
});

/** The steps on which each rule fires, of a plan of three payments and three refunds. */
async function found(files: Record<string, string>, entry = 'child'): Promise<Record<string, number[]>> {
  const bundle = await bundleFrom(files);
  const tools = ['pay.send', 'pay.refund', 'pay.send', 'pay.refund', 'pay.send', 'pay.refund'];
  const steps = tools.map((tool, i) => ({
    id: `s${i}`,
    tool,
    args: { amount: 3 },
    ...(tool === 'pay.refund' && { on_fail: 'continue' }),
  }));
  const fired: Record<string, number[]> = {};
  for (const { rule, stepIndex } of bundle.policy(entry).evaluate({ steps }).violations)
    (fired[rule] ??= []).push(stepIndex);
  return fired;
}

it('an inherited rule is as it was', async () => {
  expect(await found(child('name: child\n'))).toEqual({ few: [4] });
});

describe('a refinement', () => {
  test.each([
    ['lowers a limit', 'refine: [{ rule: few, value: 1 }]', { few: [2, 4] }],
    ['lowers a sum', 'refine: [{ rule: little, value: 5.5 }]', { few: [4], little: [2, 4] }],
    ['adds tools', 'refine: [{ rule: few, add_tools: [pay.refund] }]', { few: [2, 3, 4, 5] }],
    [
      'adds tools to on_fail',
      'refine: [{ rule: stops, add_tools: ["pay.*"] }]',
      { few: [4], stops: [1, 3, 5] },
    ],
    [
      'widens what narrows it',
      'refine: [{ rule: large, pattern: { arg: amount, operation: gte, value: 3 } }]',
      { few: [4], large: [2, 3, 4, 5] },
    ],
    ['lowers a sum of several', 'refine: [{ rule: sums, value: 5 }]', { few: [4], sums: [1, 2, 3, 4, 5] }],
    ['binds the parameter lower', 'params: { most: 1 }', { few: [4], by_param: [2, 4] }],
  ])('%s', async (_, text, expected) => {
    expect(await found(child(text))).toEqual(expected);
  });

  test.each([
    ['raises a limit', 'refine: [{ rule: few, value: 3 }]', 'PL2102', 'few.limit: 3'],
    ['raises a sum', 'refine: [{ rule: little, value: 10.5 }]', 'PL2102', 'little.limit: 10.5'],
    ['raises the parameter', 'params: { most: 4 }', 'PL2102', 'params.most: 4'],
    ['raises a parameter that may rise', 'params: { wrong: 4 }', 'PL2102', 'by_wrong.limit: 4'],
    ['gives half a call', 'refine: [{ rule: few, value: 1.5 }]', 'PL1102', 'a whole number from 0'],
    ['gives a negative sum', 'refine: [{ rule: little, value: -1 }]', 'PL1102', 'a number from 0'],
    ['adds a condition', 'refine: [{ rule: few, when: "true" }]', 'PL2203', 'few'],
    [
      'narrows what narrows it',
      'refine: [{ rule: large, pattern: { tool: pay.send, arg: amount, operation: gt, value: 3 } }]',
      'PL2201',
      'large',
    ],
    ['adds tools to a sum of several', 'refine: [{ rule: sums, add_tools: [x] }]', 'PL2301', 'sums'],
    ['declares it again', 'rules: [{ rule: few, max_calls: { tool: "*", limit: 0 } }]', 'PL2101', 'few'],
    ['is of another kind', 'rules: [{ rule: few, pattern: { tool: "*" } }]', 'PL2101', 'few'],
  ])('that %s is refused', async (_, text, code, part) => {
    const said = (await diagnose(child(text))).join('\n');
    expect(said).toContain(code);
    expect(said).toContain(part);
  });
});

it('two parents that refine it join to the stricter, in either order', async () => {
  const files = (order: string): Record<string, string> => ({
    'base.yaml': base,
    'a.yaml': 'extends: base.yaml\nrefine: [{ rule: few, value: 1 }]\n',
    'b.yaml': 'extends: base.yaml\nrefine: [{ rule: few, add_tools: [pay.refund] }]\n',
    'child.yaml': `extends: [${order}]\n`,
  });
  const swapped = files('b.yaml, a.yaml');
  expect(await found(files('a.yaml, b.yaml'))).toEqual({ few: [1, 2, 3, 4, 5] });
  const codes = await Promise.all(
    [files('a.yaml, b.yaml'), swapped].map(async (each) => (await compileMemory(each)).module.code),
  );
  expect(await found(swapped)).toEqual({ few: [1, 2, 3, 4, 5] });
  expect(codes[0]).toBe(codes[1]);
});

it('two parents that widen what narrows it join to what either governs', async () => {
  const widened = (value: string): string =>
    `extends: base.yaml\nrefine: [{ rule: large, pattern: { or: [{ arg: amount, operation: gt, value: 3 }, ${value}] } }]\n`;
  const files = {
    'base.yaml': base,
    'a.yaml': widened('{ tool: pay.send }'),
    'b.yaml': widened('{ tool: pay.refund }'),
    'child.yaml': 'extends: [a.yaml, b.yaml]\n',
  };
  expect(await found(files, 'child')).toEqual({ few: [4], large: [2, 3, 4, 5] });
});

it('a parameter that is no number, or not there, is an error with a place', async () => {
  const said = await diagnose({
    'p.yaml': `
params: { who: { type: text, value: x }, half: { type: number, value: 0.5 } }
rules:
  - { rule: a, max_calls: { tool: pay, limit: '\${params.who}' } }
  - { rule: b, max_calls: { tool: pay, limit: '\${params.nobody}' } }
  - { rule: c, max_calls: { tool: pay, limit: '\${params.half}' } }
  - { rule: d, max_calls: { tool: pay, limit: 'three' } }
`,
  });
  expect(said.map((text) => /PL\d+/.exec(text)?.[0])).toEqual(['PL1102']);
  const later = await diagnose({
    'p.yaml': `
params: { who: { type: text, value: x }, half: { type: number, value: 0.5 } }
rules:
  - { rule: a, max_calls: { tool: pay, limit: '\${params.who}' } }
  - { rule: b, max_calls: { tool: pay, limit: '\${params.nobody}' } }
  - { rule: c, max_calls: { tool: pay, limit: '\${params.half}' } }
`,
  });
  expect(later.map((text) => /PL\d+/.exec(text)?.[0])).toEqual(['PL1102', 'PL2208', 'PL1102']);
});
