import { describe, expect, it } from 'vitest';
import { compileSet } from '../../compiler/patterns/index.ts';
import { CORPUS } from './corpus.ts';
import { runnable, scanOf } from './run.ts';

describe('compileSet', () => {
  it('puts plain texts together, and tables', () => {
    const { groups, refusals } = compileSet(['abc', '(?i)drop', 'def', '\\d+-\\d+x', '[a-z]+@', '(a)\\1']);
    expect(groups.map(({ members, plan }) => [members, plan.engine])).toEqual([
      [[0, 2], 'literals'],
      [[1, 3, 4], 'dfa'],
    ]);
    expect(refusals.map(({ member, refusal }) => [member, refusal.reason])).toEqual([[5, 'unsupported']]);
  });

  it('makes Aho-Corasick of many plain texts, with and without case', () => {
    const words = Array.from({ length: 60 }, (_, i) => `word${i * 7}x`);
    const [group, ...rest] = compileSet(words).groups;
    expect(rest).toEqual([]);
    expect(group?.plan).toMatchObject({ engine: 'literals', states: 60 });
    const [folded] = compileSet(words.map((source) => ({ source, ignoreCase: true }))).groups;
    if (!group || !folded) throw new Error('no group');
    expect([runnable(group.plan)('a word49x b'), runnable(group.plan)('a WORD49X b')]).toEqual([true, false]);
    expect([runnable(folded.plan)('a WORD49X b'), runnable(folded.plan)('word49')]).toEqual([true, false]);
  });

  it('hits where any member does', () => {
    const samples = CORPUS.filter((_, i) => i % 4 === 0);
    const { groups, refusals } = compileSet(samples.map((sample) => sample.source));
    expect(refusals).toEqual([]);
    expect(groups.flatMap((group) => group.members).sort((a, b) => a - b)).toEqual([...samples.keys()]);
    const texts = CORPUS.flatMap((sample) => [sample.hit, sample.miss]);
    for (const { members, plan } of groups) {
      const scans = members.map((member) => scanOf(samples[member]?.source ?? ''));
      const any = runnable(plan);
      for (const text of texts) expect([text, any(text)]).toEqual([text, scans.some((scan) => scan(text))]);
    }
  });

  it('keeps groups within their limits', () => {
    const sources = CORPUS.slice(0, 30).map((sample) => sample.source);
    const { groups } = compileSet(sources, { limits: { states: 100 } });
    for (const { members, plan } of groups) {
      if (members.length > 1 && plan.engine === 'dfa') expect(plan.states).toBeLessThanOrEqual(100);
    }
  });

  it('remembers what it made', () => {
    const stored = new Map<string, string>();
    let hits = 0;
    const cache = {
      keyOf: (input: readonly unknown[]) => JSON.stringify(input),
      get: (key: string) => {
        const value = stored.get(key);
        if (value !== undefined) hits++;
        return value;
      },
      set: (key: string, value: string) => void stored.set(key, value),
    };
    const sources = ['a+b', 'c+d'];
    const first = compileSet(sources, { cache });
    expect(hits).toBe(0);
    expect(compileSet(sources, { cache })).toEqual(first);
    expect(hits).toBe(1);
    expect(compileSet(['a+b'], { cache })).not.toEqual(first);
  });
});
