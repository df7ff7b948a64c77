import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from '@plan-lint/runtime/json';
import { parsePlan } from '../../cli/batch/parse.ts';

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
  ]) {
    expect(() => parsePlan(text)).toThrow('twice');
  }
  expect(parsePlan('{"a":":","b\\"":"\\":", "1": 1}')).toEqual({ a: ':', 'b"': '":', 1: 1 });
  expect(() => parsePlan('['.repeat(201) + ']'.repeat(201))).toThrow('too deeply');
});
