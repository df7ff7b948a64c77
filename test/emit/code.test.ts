import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { scanModule } from '../../runtime/load.ts';
import { FORBIDDEN_WORDS, js, literal, name, regexLiteral } from '../../compiler/code/code.ts';

const word = new RegExp(`(?<![\\w$])(?:${FORBIDDEN_WORDS.join('|')})(?![\\w$])`);
const evaluate = (text: string): unknown => runInThisContext(text) as unknown;

/** Text biased towards what an escaper gets wrong: forbidden words, quotes, hex digits, separators. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...FORBIDDEN_WORDS),
      fc.constantFrom(
        '"',
        "'",
        '\\',
        '`',
        '${',
        '*/',
        '//',
        '</script>',
        '\n',
        '\r',
        '\u2028',
        '\\u0041',
        'u00',
        '\0',
        '\xee',
        '\xaf',
        'val',
        'unction',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
  )
  .map((parts) => parts.join(''));

describe('literal', () => {
  it('gives back any string, in printable ASCII, without a forbidden word', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const code = literal(text).toString();
        expect(evaluate(code)).toBe(text);
        expect(code).toMatch(/^[\x20-\x7e]*$/);
        expect(code).not.toMatch(word);
        expect(() => scanModule(code)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(evaluate(`(${literal(value as never).toString()})`)).toEqual(value);
      }),
    );
  });

  it('makes `__proto__` an own property', () => {
    const value = evaluate(`(${literal(JSON.parse('{"__proto__": 1}') as never).toString()})`);
    expect(Object.keys(value as object)).toEqual(['__proto__']);
  });

  it('refuses a number that has no literal', () => {
    expect(() => literal(Number.NaN)).toThrow(RangeError);
  });
});

describe('regexLiteral', () => {
  it.each([
    ['import|eval', 'eval'],
    ['\\window', 'window'],
    ['\\window', 'xindow'],
    ['[/]x', '/x'],
    ['\\\\u0041', '\\u0041'],
    ['caf\u00e9 \u{1f600}', 'caf\u00e9 \u{1f600}'],
  ])('keeps the meaning of %s', (source, text) => {
    const code = regexLiteral(source, 'u').toString();
    expect(code).not.toMatch(word);
    expect((evaluate(code) as RegExp).test(text)).toBe(new RegExp(source, 'u').test(text));
  });
});

describe('js', () => {
  it('puts code into code', () => {
    expect(js`if (${name('hit')}) ${literal('a"b')};`.toString()).toBe('if (hit) "a\\"b";');
  });

  it('refuses a name that is not the compiler’s own', () => {
    expect(() => name('a;b')).toThrow(RangeError);
    expect(() => name('eval')).toThrow(RangeError);
  });
});
