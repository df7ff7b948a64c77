import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from '@plan-lint/runtime/json';
import { Bytes, membersOf } from '../../plans/members.ts';
import { parsePlan, parseWritten } from '../../plans/parse.ts';

const verdict = (read: (text: string) => unknown, text: string): unknown => {
  try {
    return { value: read(text) };
  } catch (error) {
    return error instanceof SyntaxError ? 'refused' : error;
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
    fc.constantFrom('1', '-0.5e3', 'true', 'null', '[]', '{}', '":"'),
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
      if (strict === 'refused') twice += 1;
      expect(verdict(parsePlan, text)).toEqual(strict);
    }),
    { numRuns: 2000 },
  );
  expect(twice).toBeGreaterThan(100);
});

it('looks at its own bytes only, wherever they begin and end in memory', () => {
  fc.assert(
    fc.property(values, fc.nat(9), fc.nat(9), (text, before, behind) => {
      const own = Buffer.from(text);
      const all = new Uint8Array(before + own.length + behind).fill(0x3a);
      all.set(own, before);
      const offset = before % 4;
      const bytes = new Bytes(all.subarray(offset));
      const [from, to] = [before - offset, before - offset + own.length];
      expect(bytes.colons(from, to)).toBe(own.filter((byte) => byte === 0x3a).length);
      expect(verdict((each) => parseWritten(each, bytes, from, to), text)).toEqual(verdict(parsePlan, text));
    }),
  );
});

it('counts more colons than fit in a byte', () => {
  const text = JSON.stringify({
    a: ':'.repeat(5000),
    b: Array.from({ length: 2000 }, (_, i) => ({ [`k${i}`]: 1 })),
  });
  const bytes = new Bytes(Buffer.from(text));
  expect(bytes.colons(0, text.length)).toBe(5000 + 2 + 2000);
  expect(bytes.members(0, text.length)).toBe(2002);
  expect(membersOf(JSON.parse(text), 200)).toBe(2002);
});
