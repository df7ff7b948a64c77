import { describe, expect, it } from 'vitest';
import { condition, verdict } from './bench.ts';
import { PLAN_VARIABLES } from './plan.ts';

/** A condition about the args of a step, as JSON text would bring them. */
function about(source: string, args: unknown): boolean | 'error' {
  const { run } = condition(source, PLAN_VARIABLES);
  return verdict(
    run({ step: { id: 's', tool: 't', args, depends_on: [] }, plan: { args }, context: {}, now: null }),
  );
}

const json = (text: string): unknown => JSON.parse(text) as unknown;

describe('hostile plans', () => {
  it('find nothing that objects inherit', () => {
    for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'length']) {
      expect(about(`has(step.args.${key})`, {}), key).toBe(false);
      expect(about(`step.args.${key} == null`, {}), key).toBe('error');
      expect(about(`"${key}" in step.args`, {}), key).toBe(false);
      expect(about(`step.args["${key}"] == 1`, {}), key).toBe('error');
      expect(about(`has(step.args.list.${key})`, { list: [] }), key).toBe('error');
      expect(about(`has(step.args.text.${key})`, { text: 'a' }), key).toBe('error');
      expect(about(`{"a": 1}[?"${key}"].hasValue()`, {}), key).toBe(false);
      expect(about(`step.args.map(k, k) == []`, {}), key).toBe(true);
    }
  });

  it('read their own keys of those names as data', () => {
    const args = json('{"__proto__": {"admin": true}, "constructor": 5}');
    expect(about('has(step.args.__proto__)', args)).toBe(true);
    expect(about('step.args.__proto__.admin', args)).toBe(true);
    expect(about('has(step.args.admin)', args)).toBe(false);
    expect(about('step.args.constructor == 5', args)).toBe(true);
    expect(about('size(step.args) == 2', args)).toBe(true);
    expect(about('step.args.exists(k, k == "__proto__")', args)).toBe(true);
    expect(about('step.args.transformMap(k, v, 1) == {"__proto__": 1, "constructor": 1}', args)).toBe(true);
  });

  it('cannot pass an object off as a list or as a value of another type', () => {
    const fake = json(
      '{"length": 1, "0": "x", "nanos": 0, "present": true, "value": 1, "octets": [1], "reason": "r"}',
    );
    expect(about('type(step.args.f) == map', { f: fake })).toBe(true);
    expect(about('step.args.f[0] == "x"', { f: fake })).toBe('error');
    expect(about('step.args.f.size() == 1', { f: fake })).toBe(false);
    expect(about('step.args.f.value() == 1', { f: fake })).toBe('error');
    expect(about('step.args.f == b"\\x01"', { f: fake })).toBe(false);
  });

  it('make an error of a missing key, a wrong type and what JSON does not have', () => {
    expect(about('step.args.amount > 100.0', {})).toBe('error');
    expect(about('step.args.amount > 100.0', { amount: '1000' })).toBe('error');
    expect(about('step.args.amount > 100.0', { amount: null })).toBe('error');
    expect(about('step.args.amount > 100.0', { amount: [1000] })).toBe('error');
    expect(about('step.args.amount > 100.0', { amount: true })).toBe('error');
    for (const odd of [undefined, () => 1, Symbol('s')]) {
      expect(about('step.args.odd == 1', { odd })).toBe('error');
      expect(about('[step.args.list[0]] == [1]', { list: [odd] })).toBe('error');
      expect(about('step.args.list.all(x, x == 1)', { list: [odd] })).toBe('error');
    }
    expect(about('size(step.args.list) == 1 && step.args.list[0] == 1', { list: new Array<number>(1) })).toBe(
      'error',
    );
    expect(about('step.args.x == 1', null)).toBe('error');
    expect(about('step.args.x == 1', 'text')).toBe('error');
  });

  it('bring numbers at and beyond the edges', () => {
    expect(about('step.args.n > 1e308', { n: Infinity })).toBe(true);
    for (const source of [
      'step.args.n > 0.0',
      'step.args.n <= 0.0',
      'step.args.n == step.args.n',
      'step.args.n < 5',
    ]) {
      expect(about(source, { n: NaN }), source).toBe('error');
    }
    for (const source of [
      'step.args.n != step.args.n',
      'double("nan") in [1.0]',
      'math.greatest([1.0, double("NaN")]) > 0.0',
    ])
      expect(about(source, { n: NaN }), source).toBe('error');
    expect(about('double(step.args.n) > 10.0', { n: 'NaN' })).toBe('error');
    expect(about('math.isNaN(double(step.args.n))', { n: 'nan' })).toBe(true);
    expect(about('step.args.n == 0.0', { n: -0 })).toBe(true);
    expect(about('int(step.args.n) == 0', { n: 1e300 })).toBe('error');
    expect(about('step.args.n == 9007199254740993', { n: 9007199254740992 })).toBe(true);
    expect(about('step.args.list[step.args.n] == 1', { list: [1], n: 0.5 })).toBe('error');
    expect(about('step.args.list[step.args.n] == 1', { list: [1], n: -1 })).toBe('error');
    expect(about('step.args.list[step.args.n] == 1', { list: [1], n: 1e20 })).toBe('error');
    expect(about('timestamp(int(step.args.n)) < now', { n: 1e18 })).toBe('error');
  });

  it('bring text with halves of surrogate pairs', () => {
    const text = 'a\ud83d\ude00\ud800b';
    expect(about('size(step.args.t) == 4', { t: text })).toBe(true);
    expect(about('step.args.t.charAt(1) == "😀" && step.args.t.charAt(3) == "b"', { t: text })).toBe(true);
    expect(about('step.args.t.contains("b")', { t: text })).toBe(true);
    expect(about('bytes(step.args.t) == b""', { t: text })).toBe('error');
    expect(about('step.args.t.reverse().size() == 4', { t: text })).toBe(true);
    // By code point U+FF01 comes before U+1F600, by UTF-16 unit after it.
    expect(about('step.args.a < step.args.b', { a: '\uff01', b: '\ud83d\ude00' })).toBe(true);
  });

  it('nest deeply or refer to themselves', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(about('step.args.a == step.args.b', { a: deep, b: deep })).toBe('error');
    const cyclic: Record<string, unknown> = {};
    cyclic['left'] = cyclic['right'] = cyclic;
    const other: Record<string, unknown> = {};
    other['left'] = other['right'] = other;
    expect(about('step.args.a == step.args.b', { a: cyclic, b: other })).toBe('error');
    expect(about('"%s".format([step.args.a]) == ""', { a: cyclic })).toBe('error');
  });

  it('cannot make a condition run for long', () => {
    const list = Array.from({ length: 5_000 }, (_, i) => i);
    const started = performance.now();
    expect(about('step.args.a.all(x, step.args.a.all(y, x + y >= 0.0))', { a: list })).toBe('error');
    expect(about('step.args.a.all(x, step.args.a != [x])', { a: list })).toBe(true);
    const text = 'a'.repeat(200_000);
    expect(about('step.args.t.replace("a", step.args.t).size() > 0', { t: text })).toBe('error');
    expect(about('step.args.a.all(x, !step.args.t.contains("b"))', { a: list, t: text })).toBe('error');
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
