import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canMatchOnly, includesLanguage, literalsOf } from '../../compiler/patterns/index.ts';
import { scanOf } from './run.ts';

describe('includesLanguage', () => {
  it.each([
    ['DROP', 'DROP TABLE'],
    ['(?i)drop', 'DROP'],
    ['a{2,}', 'a{3}'],
    ['a.{0,20}b', 'a.{0,10}b'],
    ['^a', '^ab$'],
    ['secret|token', 'token'],
    ['foo(?!bar)', 'foo$'],
    ['\\w', '\\d'],
    ['[^]', '.'],
    ['a*', 'anything'],
    ['x+(?!bar)', '(?<!foo)x+(?!bar)y(?=.*z)'],
    ['[^\\ud800-\\udbff]', '\\ud83d[\\udc00-\\udfff]'],
    ['^(?=.*a)(?=.*b)', '^ab'],
  ])('%s includes %s', (a, b) => {
    expect(includesLanguage(a, b)).toEqual({ included: true });
  });

  it.each([
    ['DROP TABLE', 'DROP', 'DROP'],
    ['DROP', { source: 'DROP', ignoreCase: true }, 'DROp'],
    ['\\bfoo\\b', 'foo', 'afoo'],
    ['secret', 'secret|token', 'token'],
    ['\\d', '\\w', 'a'],
    ['a', '', ''],
    ['.', '[^]', '\n'],
    ['(?<![a-z]{2})x', 'x', 'aax'],
    ['x(?=.*[a-z]{2})', 'x', 'x'],
  ])('%s does not include %s, as %s shows', (a, b, witness) => {
    expect(includesLanguage(a, b)).toEqual({ included: false, witness });
  });

  it('says why it cannot tell', () => {
    expect(includesLanguage('a', '(a)\\1')).toEqual({
      undecided: 'the back-reference `\\1` cannot be matched in linear time',
    });
    expect(includesLanguage('a', 'a.{5000}b')).toEqual({
      undecided: 'the patterns are too large to be compared',
    });
  });

  it('agrees with the engines on random patterns', () => {
    const part = fc.constantFrom('a', 'b', '[ab]', '.', 'a*', 'b+', '^', '$', '(?:ab|c)', '\\b', 'é', '😀?');
    const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', 'é', '😀', '\n'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, pattern, fc.array(text, { minLength: 20, maxLength: 20 }), (a, b, texts) => {
        const answer = includesLanguage(a, b);
        const [wide, narrow] = [scanOf(a), scanOf(b)];
        if ('undecided' in answer) return false;
        if (answer.included) return texts.every((sample) => !narrow(sample) || wide(sample));
        return narrow(answer.witness) && !wide(answer.witness);
      }),
      { seed: 7, numRuns: 400 },
    );
  });
});

describe('canMatchOnly', () => {
  const numeric = '0123456789+-.e';
  it.each([
    ['\\d{16}', true],
    ['e|x', true],
    ['^[^a]*$', true],
    ['', true],
    ['AKIA', false],
    ['\\d\\s', false],
    ['(?<=x)1', false],
    ['1(?= )', false],
    ['^(?=.*[A-Z])', false],
    // Not certain, so yes.
    ['(a)\\1', true],
  ])('%s with the characters of numbers: %s', (pattern, possible) => {
    expect(canMatchOnly(pattern, numeric)).toBe(possible);
  });

  it('minds case as the pattern does', () => {
    expect(canMatchOnly('E', numeric)).toBe(false);
    expect(canMatchOnly({ source: 'E', ignoreCase: true }, numeric)).toBe(true);
  });
});

describe('literalsOf', () => {
  it.each([
    ['sk_(?:live|test)_[0-9a-z]+', ['sk_live_', 'sk_test_']],
    ['[a-z]+@example\\.com', ['@example.com']],
    ['x?abc{2}d*', ['abcc']],
    ['foo|bar|food', ['bar', 'foo']],
    ['\\bDROP\\b', ['DROP']],
    ['(?=.*x)y', ['y']],
    ['[a-z]+', undefined],
    ['foo|[a-z]', undefined],
    ['foo?', ['fo']],
  ])('%s', (pattern, texts) => {
    expect(literalsOf(pattern)).toEqual(texts && { texts, ignoreCase: false });
  });

  it('says when case is to be ignored', () => {
    expect(literalsOf('(?i)PassWord\\s*=')).toEqual({ texts: ['password'], ignoreCase: true });
    expect(literalsOf({ source: '42-\\w', ignoreCase: true })).toEqual({ texts: ['42-'], ignoreCase: true });
  });
});
