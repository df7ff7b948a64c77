/** The rows of a guard for tools that no policy names. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { rows } from '../../engine/guard/rows.ts';
import { kit } from '../../runtime/kit.ts';

/** So many globs `*a*`, `*b*`, …, each with a rule of its own. */
const LETTERS = 'abcdefghijklmn';
let asked = 0;

beforeEach(() => {
  for (const [name, value] of Object.entries(kit)) vi.stubGlobal(name, value);
  vi.stubGlobal('kinds', [{ trip: (): void => undefined }]);
  vi.stubGlobal('rule', () => {
    asked += 1;
    return ['x', 0, 0];
  });
});
afterEach(() => vi.unstubAllGlobals());

const row = (): ReturnType<typeof rows> =>
  rows([], (tool) => [...LETTERS].flatMap((letter, i) => (tool.includes(letter) ? [i] : [])));
const toolOf = (subset: number): string => [...LETTERS].filter((_, i) => (subset >> i) & 1).join('') || '-';

it('are made once for all tools that the same globs match', () => {
  const rowOf = row();
  asked = 0;
  expect(rowOf('abc').cells).toBe(rowOf('c.b.a').cells);
  expect(asked).toBe(3);
});

it('are forgotten where a plan invents names that all match others', () => {
  const rowOf = row();
  const first = rowOf('ab').cells;
  for (let subset = 0; subset < 2 ** LETTERS.length; subset += 1) rowOf(toolOf(subset));
  asked = 0;
  expect(rowOf('ab').cells).toEqual(first);
  expect(asked).toBe(2);
});
