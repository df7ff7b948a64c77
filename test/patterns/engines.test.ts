import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../compiler/patterns/index.ts';
import { planOf, refusalOf, runnable, scanOf, specTest } from './run.ts';

const words = (count: number): string => Array.from({ length: count }, (_, i) => `word${i}`).join('|');

describe('the choice of an engine', () => {
  it.each([
    ['AWS_SECRET', 'literals', {}],
    ['AWS_(?:SECRET|TOKEN)', 'literals', { texts: ['AWS_SECRET', 'AWS_TOKEN'] }],
    ['a*', 'literals', { texts: [''] }],
    ['x|', 'literals', { texts: [''] }],
    ['(?i)42-17', 'literals', { texts: ['42-17'] }],
    ['AKIA[0-9A-Z]{16}', 'native', { printed: 'AKIA[0-9A-Z]{16}', flags: 'u' }],
    ['(?i)drop', 'native', { printed: 'drop', flags: 'iu' }],
    ['(?<year>\\d{4})-(?s:.)', 'native', { printed: '\\d{4}-[^]' }],
    ['(?m)^x[yz]$', 'native', { printed: '(?<!.)x[yz](?!.)' }],
    ['[a-z]+@[a-z]+x', 'dfa', { direction: 'forward' }],
    ['(?=.*a)(?=.*b).*c', 'dfa', { direction: 'reverse' }],
    ['a.{30}b[^b]*c', 'nfa', {}],
    ['(?:ab|[cd]e){30}f+g', 'dfa', { states: 94 }],
  ])('%s runs on %s', (source, engine, details) => {
    expect(planOf(source)).toMatchObject({ engine, source, ...details });
  });

  it('turns to Aho-Corasick above twenty texts', () => {
    expect(planOf(words(20))).not.toHaveProperty('packed');
    expect(planOf(words(21))).toHaveProperty('packed');
  });

  it('folds case in Aho-Corasick as Unicode does', () => {
    const scan = scanOf(words(30), { ignoreCase: true });
    expect(planOf(words(30), { ignoreCase: true }).engine).toBe('literals');
    expect([
      scan('a WORD17.'),
      scan('w\u00f6rd17'),
      scanOf(`ſ|${words(30)}`, { ignoreCase: true })('S'),
    ]).toEqual([true, false, true]);
  });

  it('falls to a large table where words of bits cost too much', () => {
    const source = 'a.{0,900}b';
    const plan = planOf(source);
    expect(plan).toMatchObject({ engine: 'dfa' });
    expect(plan.states).toBeGreaterThan(256);
    const scan = runnable(plan);
    const gap = (length: number): string => `a${'-'.repeat(length)}b`;
    expect([scan(gap(900)), scan(gap(901))]).toEqual([true, false]);
  });

  it('looks for texts that must occur first', () => {
    expect(planOf('eyJ[A-Z]+\\.eyJ[A-Z]+x').prefilter).toEqual(['.eyJ']);
    expect(planOf('(?i)select\\s+x')).not.toHaveProperty('prefilter');
    expect(planOf('[a-z]+=[a-z]+x')).not.toHaveProperty('prefilter');
  });

  it('has both kinds of lookaround where one of them is at the edge or of one character', () => {
    for (const source of [
      '(?<!foo|ba)\\s+x+(?!bar|b[az]{2})',
      '(?<=\\s)a+(?=.*b)c*d',
      '(?<!ab)a+b+(?!ab|b)',
    ]) {
      const scan = scanOf(source);
      const expected = specTest(source, 'u');
      for (let i = 0; i < 4000; i++) {
        const text = Array.from({ length: i % 11 }, (_, j) =>
          'abdfoxrz '.charAt((i * 7 + j * j * (i % 13)) % 9),
        ).join('');
        expect([source, text, scan(text)]).toEqual([source, text, expected(text)]);
      }
    }
    expect(refusalOf('(?=.*[a-z]{2}).*(?<![0-9]{2}x*)y').reason).toBe('unsupported');
  });

  it('takes its limits from the caller', () => {
    expect(planOf('abc|def', { limits: { includes: 1 } })).toHaveProperty('packed');
    expect(planOf('[ab]c', { limits: { nativeWays: 0 } }).engine).toBe('dfa');
    expect(compilePattern('a.{30}b[^b]*c', { limits: { wordOperations: 0 } }).ok).toBe(false);
  });
});

describe('the bit-parallel engine', () => {
  it('stays right when more sets are met than it remembers', () => {
    const source = 'a.{0,14}b.{0,14}c.{9}d';
    const plan = planOf(source, { engine: 'nfa' });
    const scan = runnable(plan);
    const native = new RegExp(source, 'u');
    let state = 1;
    const next = (): number => (state = (state * 48271) % 0x7fffffff);
    let found = 0;
    for (let i = 0; i < 400; i++) {
      const text = Array.from({ length: 120 }, () => 'abcdxyzxyzxyz'.charAt(next() % 13)).join('');
      const expected = native.test(text);
      if (expected) found++;
      expect([text, scan(text)]).toEqual([text, expected]);
    }
    expect(found).toBeGreaterThan(50);
    expect(found).toBeLessThan(350);
  });
});
