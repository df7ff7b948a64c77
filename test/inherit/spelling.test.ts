/** Which spellings a rule looks at is part of its condition: looking at fewer is weaker, and is refused. */
import { describe, expect, test } from 'vitest';
import { diagnose } from '../support/decide.ts';

const base = (pattern: string): string =>
  `policies:\n  - name: base\n    rules:\n      - { rule: r, pattern: ${pattern} }\n`;

/** The codes of what is said when a child has `child` where its parent has `parent`, and the example. */
async function refine(parent: string, child: string): Promise<string> {
  const team = `extends: base.yaml\nrefine:\n  - rule: r\n    pattern: ${child}\n`;
  const said = await diagnose({ 'base.yaml': base(parent), 'team.yaml': team });
  return said
    .map((one) => `${/PL\d+/.exec(one)?.[0] ?? ''} ${/"args":(\{.*?\})\}\]/.exec(one)?.[1] ?? ''}`.trim())
    .join('; ');
}

const leaf = (operation: string, value: string, ...options: readonly string[]): string =>
  `{ ${[`operation: ${operation}`, `value: ${value}`, ...options].join(', ')} }`;

describe('is refused', () => {
  const cases: readonly (readonly [what: string, parent: string, child: string, said: string])[] = [
    [
      'texts as written only',
      leaf('note_contains', 'DROP'),
      leaf('note_contains', 'DROP', 'normalize: false'),
      'PL2201 {"note":"\uff44rop"}',
    ],
    [
      'case as written only',
      leaf('note_contains', 'DROP'),
      leaf('note_contains', 'DROP', 'ignore_case: false'),
      'PL2201 {"note":"DROp"}',
    ],
    [
      'the plain spelling only, in which an accent makes another letter',
      leaf('note_contains', 'DROP'),
      leaf('note_contains', 'DROP', 'normalize: true'),
      'PL2201 {"note":"drop\u0301"}',
    ],
    [
      'equality as written only',
      leaf('name_equals', 'admin'),
      leaf('name_equals', 'admin', 'normalize: false', 'ignore_case: false'),
      'PL2201 {"name":"ADMIN"}',
    ],
    [
      'a pattern over texts as written only',
      leaf('note_matches', '"DROP|--"'),
      leaf('note_matches', '"DROP|--"', 'normalize: false'),
      'PL2201 {"note":"\uff0d-"}',
    ],
    [
      'a wider reading of what must be there',
      `{ not: ${leaf('url_starts_with', 'https')} }`,
      `{ not: ${leaf('url_starts_with', 'https', 'ignore_case: true')} }`,
      'PL2201 {"url":"HTTPS"}',
    ],
    [
      'a wider reading of the accounts that may be paid',
      leaf('to_not_in', '[alice, bob]'),
      leaf('to_not_in', '[alice, bob]', 'ignore_case: true'),
      'PL2201 {"to":"ALICE"}',
    ],
  ];

  test.each(cases)('%s', async (_, parent, child, said) => {
    expect(await refine(parent, child)).toBe(said);
  });
});

describe('is proved', () => {
  const cases: readonly (readonly [what: string, parent: string, child: string])[] = [
    ['a shorter text', leaf('note_contains', 'DROP TABLE'), leaf('note_contains', 'drop')],
    ['a wider pattern', leaf('note_matches', '"DROP TABLE"'), leaf('note_matches', '"(?i)drop"')],
    ['every spelling', leaf('note_contains', 'DROP', 'normalize: false'), leaf('note_contains', 'DROP')],
    [
      'the plain spelling and the written one',
      leaf('note_contains', 'x', 'normalize: true'),
      leaf('note_contains', 'x'),
    ],
    ['more names', leaf('name_in', '[admin, root]'), leaf('name_in', '[admin, root, su]')],
    [
      'names in more spellings',
      leaf('name_equals', 'admin', 'normalize: false'),
      leaf('name_in', '[Admin, root]'),
    ],
    [
      'names in Greek',
      leaf('name_in', '[\u03b1\u03b2\u03b3]'),
      leaf('name_in', '[\u03b1\u03b2\u03b3, admin]'),
    ],
    ['numbers beside names', leaf('code_in', '[5, x]'), leaf('code_in', '[5, x, true]')],
    ['fewer accounts that may be paid', leaf('to_not_in', '[alice, bob]'), leaf('to_not_in', '[alice]')],
    [
      'a narrower reading of what must be there',
      `{ not: ${leaf('url_starts_with', 'https')} }`,
      `{ not: ${leaf('url_starts_with', 'https', 'ignore_case: false', 'normalize: false')} }`,
    ],
    [
      'the same the other way round',
      `{ not: ${leaf('note_contains', 'ok')} }`,
      leaf('note_not_contains', 'ok'),
    ],
  ];

  test.each(cases)('%s', async (_, parent, child) => {
    expect(await refine(parent, child)).toBe('');
  });
});
