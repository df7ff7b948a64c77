import { describe, expect, it } from 'vitest';
import { refusalOf } from './run.ts';

/** Pattern with the underlined text between « and », reason, message and hint. */
const REFUSALS: readonly (readonly [string, string, string, string])[] = [
  ['a«(»b', 'syntax', '`(` is never closed', 'add `)`; to match a parenthesis write `\\(`'],
  [
    'a«)»b',
    'syntax',
    '`)` closes a group that was never opened',
    'remove it; to match a parenthesis write `\\)`',
  ],
  ['x«[»a', 'syntax', '`[` is never closed', 'add `]`; to match a bracket write `\\[`'],
  ['a«}»b', 'syntax', '`}` stands alone', 'to match the character itself put a backslash before it'],
  ['«{»"key"', 'syntax', '`{` stands alone', 'to match the character itself put a backslash before it'],
  [
    'a«{2,1}»',
    'syntax',
    'the quantifier `{2,1}` has its bounds in the wrong order',
    'write the smaller number first',
  ],
  [
    'a+«+»b',
    'syntax',
    'the quantifier `+` has nothing to repeat',
    'put before it what is to be repeated, other than a quantifier; for the character itself write a backslash before it',
  ],
  [
    '[«z-a»]',
    'syntax',
    'the range `z-a` has its ends in the wrong order or is not between two characters',
    'write the smaller character first; to match a hyphen write `\\-`',
  ],
  ['a«\\q»', 'syntax', 'the escape `\\q` is not known', 'to match a backslash write `\\\\`'],
  ['«\\A»abc', 'syntax', '`\\A` is not known', 'write `^` for the start of the text and `$` for its end'],
  [
    'x«\\p{Foo}»',
    'syntax',
    '`\\p{Foo}` is no Unicode property that is known',
    'properties are written as in `\\p{L}` or `\\p{Script=Greek}`',
  ],
  [
    '[«[:alpha:]]»+',
    'syntax',
    'the POSIX class `[:alpha:]]` is not known',
    'write the characters, as in `[A-Za-z]` or `[0-9]`',
  ],
  [
    'a«(?i)»b',
    'syntax',
    'the flags `(?i)` stand where they cannot apply to the whole pattern',
    'put `(?i)`, `(?m)` or `(?s)` at the very start, or write `(?i:…)` around the part it is for',
  ],
  [
    '«(?>»a)',
    'syntax',
    '`(?>` (an atomic group) is not known',
    'write `(?:…)`; no pattern here can backtrack for long',
  ],
  [
    '(a)«\\1»',
    'unsupported',
    'the back-reference `\\1` cannot be matched in linear time',
    'spell out the texts it may stand for, or use a condition instead of a pattern',
  ],
  [
    '(?P<n>a)«(?P=n)»',
    'syntax',
    'the back-reference `(?P=n)` cannot be matched in linear time',
    'spell out the texts it may stand for, or use a condition instead of a pattern',
  ],
  [
    '(?=.*[a-z]{2}).*«(?<![0-9]{2}x*)»y',
    'unsupported',
    '`(?<![0-9]{2}x*)` cannot be had in a pattern that also looks the other way',
    'keep either the lookaheads or the lookbehinds, or shorten one of them to a single character',
  ],
  [
    'a.«{3000}»b',
    'too-large',
    'the quantifier `{3000}` after `.` makes the pattern too large to decide in linear time',
    'lower its bounds, or use `*` or `+` where the exact number does not matter',
  ],
  [
    'x{2}(?:ab|[cd]e)«{3000,}»y{3}',
    'too-large',
    'the quantifier `{3000,}` after `(?:ab|[cd]e)` makes the pattern too large to decide in linear time',
    'lower its bounds, or use `*` or `+` where the exact number does not matter',
  ],
];

describe('refusals', () => {
  it.each(REFUSALS)('%s', (marked, reason, message, hint) => {
    const source = marked.replace(/[«»]/g, '');
    const start = marked.indexOf('«');
    const end = marked.indexOf('»') - 1;
    expect(refusalOf(source)).toEqual({ reason, message, hint, start, end });
  });

  it('keep their place behind rewritten text', () => {
    const source = '(?i)\\-\\"(?P<name>a)\\q';
    const { start, end } = refusalOf(source);
    expect(source.slice(start, end)).toBe('\\q');
  });

  it('have messages of one lower-case sentence that quote what is at fault', () => {
    for (const [marked] of REFUSALS) {
      const source = marked.replace(/[«»]/g, '');
      const { message, start, end } = refusalOf(source);
      expect(message).toMatch(/^[^A-Z]/);
      expect(message).not.toMatch(/\.$/);
      expect(message).toContain(`\`${source.slice(start, end)}\``);
    }
  });

  it('are quick for patterns that would write out to millions of states', () => {
    for (const source of [
      '(((a{1000}){1000}){1000}){1000}b|c',
      '(?:(?:x?){999}){999}y',
      `${'('.repeat(900)}a${')'.repeat(900)}{9999}b`,
    ]) {
      expect(refusalOf(source).reason).toBe('too-large');
    }
    expect(refusalOf('a'.repeat(100_001)).message).toContain('100000');
    expect(refusalOf('('.repeat(50_000)).message).toMatch(/^this `\(` is nested 50000 deep/);
  });
});
