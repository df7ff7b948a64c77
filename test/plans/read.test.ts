/** Every text of a plan is read by one strict reader; the fast way through it says what the slow one does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { parsePlan } from '../../runtime/plan-text.ts';
import { isJsonParseSound } from '../../runtime/tools.ts';
import { placed, readPlan } from '../../plans/read.ts';

const verdict = (read: (text: string) => unknown, text: string): unknown => {
  try {
    return { value: read(text) };
  } catch (error) {
    return error instanceof JsonError ? `${error.code} at ${error.offset}` : error;
  }
};

it('reads and refuses what the strict reader does', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(), fc.string({ maxLength: 3 }), (json, at, insertion) => {
      const cut = at % (json.length + 1);
      const text = json.slice(0, cut) + insertion + json.slice(cut);
      expect(verdict(parsePlan, text)).toEqual(verdict((each) => parseJson(each, 200), text));
    }),
  );
});

it('sees every member that is there twice', () => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"a":{},"a":[]}}]',
    '{"__proto__":1,"__proto__":1}',
    '{"a" :1,\t"a"\r\n:2}',
    '{"😀":1,"\\ud83d\\ude00":2}',
    '{"é":":","é":1}',
    // As many colons in strings as members are lost would have to be: colons only ever add up.
    '{"a":"x","a":"::"}',
    '{"steps":[{"args":{"to":"a","to":"b"}}],"note":"\\":"}',
    '{"a":{"b":[[{"c":1,"c":{}}]]}}',
  ]) {
    expect(() => parsePlan(text)).toThrow('twice');
  }
  expect(parsePlan('{"a":":","b\\"":"\\":", "1": 1}')).toEqual({ a: ':', 'b"': '":', 1: 1 });
  expect(() => parsePlan('['.repeat(201) + ']'.repeat(201))).toThrow('too deeply');
});

/** JSON as any writer may lay it out: blanks, escapes, look-alikes of members in strings, names of all kinds. */
const names = fc.constantFrom(
  'a',
  'b',
  '":',
  '{"a":',
  '\\',
  '😀',
  'é',
  '__proto__',
  'constructor',
  '0',
  ' : ',
  '',
);
const written = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(JSON.stringify(text), JSON.stringify(text).replaceAll('a', '\\u0061'));
const blanks = fc.constantFrom('', '', '', ' ', '\t', '\r\n', '  ');
const values: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('1', '-0.5e3', '9007199254740993', '1e300', 'true', 'null', '[]', '{}', '":"'),
    names.chain(written),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' ,')}]`),
  ),
  object: fc
    .array(fc.tuple(names.chain(written), blanks, blanks, tie('value')), { maxLength: 4 })
    .map((members) => `{${members.map(([name, a, b, value]) => `${a}${name}${b}:${a}${value}`).join(',')}}`),
})).object;

it('lets no member pass that is there twice, however it is written', () => {
  let twice = 0;
  fc.assert(
    fc.property(values, (text) => {
      const strict = verdict((each) => parseJson(each, 200), text);
      if (String(strict).startsWith('duplicate_member')) twice += 1;
      expect(verdict(parsePlan, text)).toEqual(strict);
    }),
    { numRuns: 2000 },
  );
  expect(twice).toBeGreaterThan(100);
});

describe('an integer that no double holds', () => {
  it.each([
    ['{"a":9007199254740993}', 5],
    ['[[1,-9007199254740993]]', 4],
    [`{"a": ${'9'.repeat(400)}}`, 6],
    ['{"a\\"":18446744073709551615}', 7],
  ])('is refused in %s', (text, offset) => {
    const reading = readPlan(text);
    const problem = expect.objectContaining({ code: 'plan.inexact_number', offset }) as unknown;
    expect(reading).toEqual({ ok: false, problem });
  });

  it('is none where one does, or where a point or an exponent says that it is a double', () => {
    for (const number of [
      '9007199254740991',
      '9007199254740992',
      '1e22',
      '10000000000000000000000',
      '-1e300',
      '0.1',
    ])
      expect(readPlan(`{"a":${number}}`)).toEqual({ ok: true, plan: { a: Number(number) } });
  });
});

it('says where, and quotes nothing', () => {
  const said = (text: string): string => {
    const reading = readPlan(text);
    return reading.ok ? 'read' : placed(reading.problem, text);
  };
  expect(said('{"a": sk-secret}')).toBe('expected a value at line 1, column 7');
  expect(said('{\n  "sk-secret": 1,\n  "sk-secret": 2\n}')).toBe(
    'a member is there twice at line 3, column 3',
  );
  expect(said('{"a": "sk-secret')).toBe('not a JSON string at line 1, column 7');
  expect(said('{"a": 1} sk-secret')).toBe('text after the value at line 1, column 10');
  expect(said('')).toBe('expected a value at line 1, column 1');
  expect(readPlan(new Uint8Array([0x22, 0xff, 0x22]))).toMatchObject({
    problem: { message: 'not UTF-8 text' },
  });
});

it('reads long texts, and long strings, with escapes', () => {
  const long = { 'a\n': '"\\"'.repeat(500_000), list: Array.from({ length: 20_000 }, () => 'x:') };
  expect(readPlan(JSON.stringify(long))).toEqual({ ok: true, plan: long });
});

it('tells engines that misread names: those of V8 12.9 to 14.6', () => {
  const [major = 0, minor = 0] = process.versions.v8.split('.').map(Number);
  const version = major * 100 + minor;
  expect(isJsonParseSound()).toBe(version < 1209 || version > 1406);
});

describe('a name that is written with an escape', () => {
  it('is never read by the engine, which may have been made to read another', () => {
    // V8 12.9 to 14.6 then take `\u0074o` for `\\u` (nodejs/node#63785).
    const planted = '{"zq":"hi","\\\\u":"x"}';
    const text = '{"zq":"hi","\\u0074o":"eve"}';
    for (let i = 0; i < 3; i += 1) {
      JSON.parse(planted);
      expect(readPlan(planted)).toEqual({ ok: true, plan: { zq: 'hi', '\\u': 'x' } });
      expect(readPlan(text)).toEqual({ ok: true, plan: { zq: 'hi', to: 'eve' } });
    }
  });
});
