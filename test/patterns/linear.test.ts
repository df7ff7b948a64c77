import { describe, expect, it } from 'vitest';
import { bitScan, tableScan, wordScan, type Scan } from '../../engine/text/patterns.ts';
import type { PatternPlan } from '../../compiler/ir/pattern.ts';
import { planOf } from './run.ts';

const HOSTILE: readonly (readonly [pattern: string, unit: string, tail: string])[] = [
  ['^(a+)+$', 'a', '!'],
  ['(a|aa)+$', 'a', '!'],
  ['(.*a){20}', 'b', 'a'],
  ['(x+x+)+y', 'x', ''],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', ''],
  ['(?:a?){12}a{12}b', 'a', ''],
  ['\\s+$', ' ', 'x'],
  ['<[^>]*>', '<', ''],
  ['"(?:\\\\.|[^"])*"x', '"\\', ''],
  [
    '([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
    'a',
    '',
  ],
  ['(?=(a+))b(?!a*c)d', 'a', ''],
  ['a.{0,30}b.{0,30}c', 'a', ''],
];

/** A text that counts how often it is looked at. */
function counting(text: string): { text: string; reads: () => number } {
  let reads = 0;
  const counted = {
    length: text.length,
    charCodeAt: (i: number) => (reads++, text.charCodeAt(i)),
    codePointAt: (i: number) => (reads++, text.codePointAt(i)),
  };
  return { text: counted as unknown as string, reads: () => reads };
}

function automatonOf(plan: PatternPlan): Scan {
  if (plan.engine === 'dfa') return tableScan(plan.packed, plan.direction === 'reverse');
  if (plan.engine === 'nfa') return bitScan(plan.packed, plan.direction === 'reverse');
  if (plan.engine === 'literals' && plan.packed !== undefined) return wordScan(plan.packed);
  throw new Error(`${plan.source} runs on ${plan.engine}`);
}

describe('hostile patterns', () => {
  it.each(HOSTILE)('%s is left to the host only without its loops', (pattern) => {
    const plan = planOf(pattern);
    if (plan.engine === 'native') expect(plan.printed).not.toMatch(/[*+]/);
  });

  it.each(HOSTILE)('%s reads each character of a hostile text once', (pattern, unit, tail) => {
    const length = 1_000_000;
    for (const engine of ['dfa', 'nfa'] as const) {
      const plan = planOf(pattern, { engine });
      // The bit-parallel engine does up to `worstCase` operations for each of its reads.
      const size = engine === 'dfa' ? length : length / 10;
      const { text, reads } = counting(unit.repeat(size / unit.length) + tail);
      automatonOf(plan)(text);
      expect(reads()).toBeLessThanOrEqual(text.length);
      expect(plan.worstCase).toBeLessThanOrEqual(engine === 'dfa' ? 1 : 120);
    }
  });

  it('reads a surrogate or other wide character at most twice', () => {
    const plan = planOf('(😀|é)+$', { engine: 'dfa' });
    const { text, reads } = counting('😀é'.repeat(100_000) + 'x');
    expect(automatonOf(plan)(text)).toBe(false);
    expect(reads()).toBeLessThanOrEqual(2 * text.length);
  });

  it('lets many words pass over the text once', () => {
    const words = Array.from({ length: 200 }, (_, i) => `${'a'.repeat(20)}${i}`);
    const plan = planOf(words.join('|'));
    expect(plan.engine).toBe('literals');
    const { text, reads } = counting('a'.repeat(1_000_000));
    expect(automatonOf(plan)(text)).toBe(false);
    expect(reads()).toBe(1_000_000);
  });
});

describe('the host runs only what it cannot be slow on', () => {
  it.each([
    ['a+b', 'native' as const],
    ['\\s*=', 'native' as const],
    ['^\\s*(\\w+)\\s*(\\w+)$', 'native' as const],
    ['(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)b', 'native' as const],
    ['[a-z]{1,40}@', 'native' as const],
  ])('%s', (source, engine) => {
    // Each of these is quadratic, or tries more than the bound allows: the last by 40 tests a character only.
    const { engine: chosen } = planOf(source);
    if (source === '[a-z]{1,40}@') expect(chosen).toBe(engine);
    else expect(chosen).not.toBe(engine);
  });

  it('counts the tests of one attempt', () => {
    expect(planOf('abc[0-9]').worstCase).toBe(4);
    expect(planOf('AKIA[0-9A-Z]{16}')).toMatchObject({ engine: 'native', worstCase: 20 });
    expect(planOf('^[a-z]+$')).toMatchObject({ engine: 'native' });
    expect(planOf('^[a-z]+@[a-z]+$')).toMatchObject({ engine: 'native' });
    expect(planOf('^[a-z]+[a-y]+$').engine).toBe('dfa');
  });
});
