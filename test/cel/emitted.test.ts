import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../compiler/cel/operations.ts';
import { DYN } from '../../compiler/cel/types.ts';
import { emitCel } from '../../compiler/5-emit/cel/index.ts';
import { FORBIDDEN_WORDS, js, name } from '../../compiler/code/code.ts';
import { condition, load, runtime, supportText, verdict } from './bench.ts';
import { PLAN_VARIABLES } from './plan.ts';

/** Names with the numbers they would have if each stem had an allocator: what a condition is named does not matter. */
function renumbered(text: string): string {
  const numbers = new Map<string, Map<string, number>>();
  return text.replace(/\b([a-z]+)(\d+)\b(?!")/g, (whole, stem: string) => {
    const ofStem = numbers.get(stem) ?? new Map<string, number>();
    numbers.set(stem, ofStem);
    const number = ofStem.get(whole) ?? ofStem.size;
    ofStem.set(whole, number);
    return `${stem}${number}`;
  });
}

describe('emitted conditions', () => {
  it('are straight JavaScript', () => {
    const { text } = condition('step.args.amount > 10000 && step.tool != "refund"', PLAN_VARIABLES);
    expect(renumbered(text.split('\n')[0] ?? '')).toBe(
      'const condition0 = (Q,v0) => { let t0,t1,t2,t3; return celBegin(Q) ?? ' +
        '((t0 = (typeof (t2 = celSelect(celSelect(v0,"args"),"amount")) === "number" && t2 === t2 ? t2 > 10000 : celGreater(Q,t2,10000n))) === false || ' +
        '(t1 = (typeof (t3 = celSelect(v0,"tool")) === "string" ? t3 !== "refund" : celNotEqual(Q,t3,"refund"))) === false ? false : ' +
        't0 === true && t1 === true ? true : celFailed(t0,t1)); };',
    );
  });

  it('say which support functions and variables they use', () => {
    const { emitted } = condition('step.args.amount > 10000', PLAN_VARIABLES);
    expect(emitted.support).toEqual(['celBegin', 'celGreater', 'celSelect']);
    expect(emitted.variables).toEqual(['step']);
    expect(renumbered(emitted.test.toString())).toBe('condition0(Q,input0)');
  });

  it('make text of bytes', () => {
    expect(verdict(condition('string(base64.decode(x)) == "é😀"', { x: DYN }).run({ x: 'w6nwn5iA' }))).toBe(
      true,
    );
  });

  it('compute what is constant once', () => {
    const { text } = condition('now < timestamp("2030-01-01T00:00:00Z")', PLAN_VARIABLES);
    expect(renumbered(text)).toContain(
      'const constant0 = ((Q) => { celBegin(Q); return celToTimestamp("2030-01-01T00:00:00Z"); })(celBudget());',
    );
  });

  it('carry a checked expression through JSON', () => {
    const source = 'step.args.n > 1 && b"x" != bytes(step.id) && [1u, 2u].exists(x, x == uint(step.args.n))';
    const { expression, text } = condition(source, PLAN_VARIABLES);
    const revived = JSON.parse(JSON.stringify(expression)) as typeof expression;
    expect(load(revived, Object.keys(PLAN_VARIABLES)).text).toBe(text);
  });

  it('keep names of macro variables apart', () => {
    const nested = condition('x.all(a, x.exists(b, a == b) && cel.bind(c, a, x.exists(a, a == c)))', {
      x: DYN,
    });
    expect(verdict(nested.run({ x: [1, 2, 3] }))).toBe(true);
    expect(verdict(condition('[1].all(x, [2].all(x, x == 2) && x == 1)').run({}))).toBe(true);
  });

  it('escape what the policy says', () => {
    const { text, run } = condition('x == "</script>constructor ${1}`\\n" || x.__proto__ == 1', { x: DYN });
    expect(text).not.toMatch(/constructor|<\/script>|__proto__/);
    expect(verdict(run({ x: '</script>constructor ${1}`\n' }))).toBe(true);
  });

  it('refuse to be emitted without code for a variable', () => {
    const { expression } = condition('x == 1', { x: DYN });
    const options = { fresh: (stem: string) => name(stem), pattern: () => js`null` };
    expect(() => emitCel(expression, {}, options)).toThrow('no code for the variable x');
  });
});

describe('the support functions', () => {
  it('exist for every operation', () => {
    const exported = new Set(Object.keys(runtime));
    const missing = [...OPERATIONS.values()].filter(({ support }) => !exported.has(support));
    expect(missing).toEqual([]);
  });

  it('name no global and no forbidden word', () => {
    // That they run in a realm without globals is shown by every test here; these three stay in any realm.
    expect(supportText).not.toMatch(/\b(?:undefined|NaN|Infinity)\b(?!")/);
    const words = new RegExp(`(?<![\\w$])(?:${FORBIDDEN_WORDS.join('|')})(?![\\w$])`);
    expect(words.exec(supportText)?.[0]).toBeUndefined();
  });

  it('turn milliseconds into the timestamp `now`', () => {
    const { run } = condition('now == timestamp("2024-02-29T12:30:45.678Z")', PLAN_VARIABLES);
    expect(run({ now: runtime.celInstant(Date.UTC(2024, 1, 29, 12, 30, 45, 678)) })).toBe(true);
    for (const odd of [NaN, Infinity, -1e17, 'x', null]) {
      expect(verdict(run({ now: runtime.celInstant(odd) })), String(odd)).not.toBe(true);
    }
  });
});
