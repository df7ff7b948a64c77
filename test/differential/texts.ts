/** Texts that policies name and plans hold, and the other ways in which people, tools and attackers write them. */
import fc from 'fast-check';
import { drawnLike, LISTED } from '../oracle/drawn.ts';

const TEXTS = [
  'x',
  'DROP',
  'a1',
  '7',
  'true',
  '1e3',
  ' 5 ',
  'caf\u00e9',
  '\u{1f600}',
  '--',
  'import(',
  '\u2028',
  '</script>',
] as const;

/** Texts with other spellings: in case, in look-alikes, in parts that join, or in what only looks like nothing. */
const SPELLED = [
  'Kiss',
  'stra\u00dfe',
  '\uff44\uff52op',
  '\u0440\u0430\u0443',
  '\u043f\u0440\u0438\u0432\u0435\u0442',
  'e\u0301',
  '\u03a3\u03bf\u03c2',
  '\u0130i',
  '\u00a0',
  '\u200b',
  'DR\u200bOP',
  '\u2014',
  '\u01c6a',
  'ACC-1',
  'pay pal',
] as const;

/** Numbers as people and programs write them, some of them other numbers to another reader. */
const NUMERIC = [
  '5.0',
  '+5',
  '05',
  '.5',
  '5.',
  '0x5',
  '1,000',
  '1 000',
  '1_000',
  "1'000",
  '10000.00',
  '1e21',
  '1E3',
  '-0',
  '0b101',
  'NaN',
  'Infinity',
  '\u0665',
  '\uff15',
  '\u2075',
  '9007199254740993',
] as const;

export const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.constantFrom(...SPELLED) },
  { weight: 1, arbitrary: fc.constantFrom(...NUMERIC) },
);

/** Characters that are drawn like an ASCII letter or digit, by that. */
const lookalikes = new Map<string, string[]>();
for (const c of LISTED) lookalikes.set(drawnLike(c), [...(lookalikes.get(drawnLike(c)) ?? []), c]);

const ZEROS = [0x660, 0x966, 0xe50, 0xff10, 0x1d7ce, 0x1e950] as const;
const CONTROLS = ['\0', '\b', '\x1b', '\x7f', '\x81', '\u200b', '\u00ad', '\u2066'] as const;
const SPACES = [' ', '\u00a0', '\u2003', '\t', '\u3000'] as const;

type Disguise = (plain: string, pick: number) => string;

const of = <T>(all: readonly T[], pick: number): T | undefined => all[pick % all.length];
const insert = (plain: string, more: string, pick: number): string => {
  const letters = [...plain];
  const at = pick % (letters.length + 1);
  return [...letters.slice(0, at), more, ...letters.slice(at)].join('');
};
const eachLetter = (plain: string, other: (c: string, i: number) => string): string =>
  [...plain].map(other).join('');

/** The same text to some reader: other case, other letters, or with something in it that is not seen. */
const DISGUISES: readonly Disguise[] = [
  (plain) => plain.toUpperCase(),
  (plain) => plain.toLowerCase(),
  (plain) => `${plain.slice(0, 1)}\u200b${plain.slice(1)}`,
  (plain) => `\u202e${plain}\ufe0f`,
  (plain) => plain.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  (plain, pick) => eachLetter(plain, (c, i) => of(lookalikes.get(c) ?? [c], pick + i) ?? c),
  (plain, pick) =>
    eachLetter(plain, (c, i) => (i === pick % plain.length ? (of(lookalikes.get(c) ?? [c], pick) ?? c) : c)),
  (plain, pick) => plain.replace(/[0-9]/g, (c) => String.fromCodePoint((of(ZEROS, pick) ?? 48) + Number(c))),
  (plain, pick) => insert(plain, of(CONTROLS, pick) ?? '', pick),
  (plain, pick) => insert(plain, of(SPACES, pick) ?? '', pick),
  (plain) => plain.replaceAll('s', '\u017f').replaceAll('K', '\u212a'),
  (plain) => plain.replaceAll(' ', '\u2003').normalize('NFD'),
  (plain) => `${plain}\u0301`,
  (plain) => `${plain}${'\u0316'.repeat(40)}x`,
  (plain) => `\ud800${plain}`,
  (plain) => `${plain}\ud83d\u200b\ude00`,
  (plain) => `re: ${plain}.`,
];

/** A text in one or two of its other spellings. */
export const disguisedAs = (plain: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      plain,
      fc.array(fc.tuple(fc.constantFrom(...DISGUISES), fc.nat({ max: 999 })), { minLength: 1, maxLength: 2 }),
    )
    .map(([written, disguises]) =>
      disguises.reduce<string>((now, [disguise, pick]) => disguise(now, pick), written),
    );

export const disguised = disguisedAs(text);
