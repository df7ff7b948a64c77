import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stepLines } from '../plans/step-lines.ts';

it('finds each step, whatever stands in and around it', () => {
  const text = `{
  "goal": "a \\"steps\\": [ in a text",
  "meta": { "steps": [1, 2, 3] },
  "steps": [
    { "id": "a", "args": { "steps": [[], {}] } },

    {
      "id": "b" }, { "id": "c" }
  ]
}`;
  expect(stepLines(text)).toEqual([4, 6, 7]);
});

it('is one line a step where each stands on its own', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.jsonValue(), (steps, other) => {
      const written = steps.map((step) => JSON.stringify(step));
      const text = `{"other":${JSON.stringify(other)},\n"steps":[\n${written.join(',\n')}\n]}`;
      expect(stepLines(text)).toEqual(steps.map((_, i) => i + 2));
    }),
  );
});

it('reads names as they read, whatever their letters are written like', () => {
  expect(stepLines('{"st\\u0065ps":[\n{"id":"a"}]}')).toEqual([1]);
  expect(stepLines('{"pl\\u0061n":{"st\\u0065ps":[\n{"id":"a"}]}}', true)).toEqual([1]);
});

it('says nothing of what is no plan', () => {
  for (const text of ['', '[]', '{"steps": 3}', '{"a": [1]}']) expect(stepLines(text)).toEqual([]);
});
