/** Plans of up to 2 MB that are made to be slow: every text that is costly to read, in every arrangement, and every shape of graph. */

/** The size of a plan's text, in bytes. */
export const MOST_BYTES = 2_000_000;

export interface HostilePlan {
  readonly name: string;
  readonly make: () => object;
}

/** Pieces that texts are made of; `#` is the number of the text. */
const PIECES: Readonly<Record<string, string>> = {
  letters: 'a',
  words: 'select # from ',
  quotes: "' ",
  'pairs of quotes': "'a'",
  brackets: '((',
  'always true': ' or 1=1',
  'keys that are none': 'AKIA# password=',
  addresses: 'https://a#.example/x@',
  'opening braces': '{{',
  'references, the same': '${s0.result}',
  'references, different': '${s0.result.x#}',
  'references as templates': '{{ s0.result.x# }}',
  'openers not understood': '${x#',
  'known parts between references': 'x${s0.result}y',
  'letters drawn like others': '\u0430',
  'signs that stand for eighteen': '\ufdfa',
  'marks in a row': 'a\u0301\u0327',
  syllables: '\uac00',
  'halves of characters': '\ud83d',
  'digits of another script': '\u0661',
  'what is not seen': '\u200b',
  'white space': ' \t',
  digits: '12345678901234567890',
  'small letters drawn like capitals': '\u03f2\u04cf',
};

/** Pieces that may hold what is not known. */
const isOpen = (piece: string): boolean => /\$\{|\{\{/.test(piece);
const isOdd = (piece: string): boolean => /[^ -~]/.test(piece);

/** A text of so many characters at least, made of a piece; no two are equal. */
function textOf(piece: string, length: number, number: number): string {
  const own = piece.includes('#') ? piece.replaceAll('#', `${number}`) : piece;
  return own.repeat(Math.max(1, Math.floor(length / own.length))) + (piece.includes('#') ? '' : `${number}`);
}

const MIDDLE = 800;
export const range = (count: number): readonly number[] =>
  Array.from({ length: Math.floor(count) }, (_, i) => i);
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** How many of something fit into a plan. */
export const fitting = (make: (i: number) => unknown, most: number, bytes = MOST_BYTES): number =>
  Math.min(most, Math.floor((bytes - 2_000) / (bytesOf(make(10_000)) + 1)));

interface Arrangement {
  readonly name: string;
  readonly make: (piece: string, tool: string, most: Limits) => readonly object[];
}

/** What a plan may hold before it is refused without a look at it. */
interface Limits {
  readonly texts: number;
  readonly characters: number;
  readonly steps: number;
}

const LIMITS: Limits = { texts: 74_000, characters: 1_900_000, steps: 9_990 };
/** Of texts that may be read in another way than they are written. */
const ODD_LIMITS: Limits = { texts: 7_900, characters: 490_000, steps: 7_900 };

/** Of texts with references. */
const OPEN_LIMITS: Limits = { texts: 9_900, characters: 240_000, steps: 9_990 };

function limitsOf(piece: string): Limits {
  if (isOpen(piece)) return OPEN_LIMITS;
  return isOdd(piece) ? ODD_LIMITS : LIMITS;
}

export const step = (i: number, tool: string, args: object, more: object = {}): object => ({
  id: `s${i}`,
  tool,
  args,
  ...more,
});

const NAMES = ['query', 'url', 'path', 'body', 'command', 'text', 'to', 'amount'];

const ARRANGEMENTS: readonly Arrangement[] = [
  {
    name: 'one long text, as often as it fits',
    make(piece, tool, { characters }) {
      const count = Math.max(1, Math.floor(characters / 980_000));
      const length = Math.min(characters, 980_000);
      const args = (i: number): object => ({ query: textOf(piece, length / bytesIn(piece), i) });
      return range(count).map((i) => step(i + 1, tool, args(i)));
    },
  },
  {
    name: 'long texts, one a step',
    make(piece, tool, { characters }) {
      const make = (i: number): object =>
        step(i, tool, { [NAMES[i % NAMES.length] ?? '']: textOf(piece, MIDDLE, i) });
      return range(fitting(make, characters / MIDDLE)).map((i) => make(i + 1));
    },
  },
  {
    name: 'short texts in a list',
    make(piece, tool, { texts }) {
      const make = (i: number): string => textOf(piece, 12, i);
      return [step(1, tool, { query: range(fitting(make, texts)).map(make) })];
    },
  },
  {
    name: 'short texts, each under a name of its own',
    make(piece, tool, { texts }) {
      const make = (i: number): object => ({ [`k${i}`]: textOf(piece, 12, i) });
      return [
        step(
          1,
          tool,
          Object.fromEntries(range(fitting(make, texts)).map((i) => [`k${i}`, textOf(piece, 12, i)])),
        ),
      ];
    },
  },
  {
    name: 'names of members',
    make(piece, tool, { texts }) {
      const make = (i: number): object => ({ [textOf(piece, 12, i)]: 1 });
      const names = range(fitting(make, texts)).map((i) => [textOf(piece, 12, i), 1]);
      return [step(1, tool, { body: Object.fromEntries(names) as object })];
    },
  },
  {
    name: 'names of arguments',
    make(piece, tool, { texts }) {
      const steps = LIMITS.steps;
      const make = (i: number): object =>
        step(i, tool, Object.fromEntries(range(8).map((k) => [textOf(piece, 12, 8 * i + k), 'a'])));
      return range(fitting(make, Math.min(steps, texts / 8))).map((i) => make(i + 1));
    },
  },
  {
    name: 'short texts, eight a step',
    make(piece, tool, { steps, texts }) {
      const make = (i: number): object =>
        step(i, tool, Object.fromEntries(NAMES.map((name, k) => [name, textOf(piece, 12, 8 * i + k)])));
      return range(fitting(make, Math.min(steps, texts / 8))).map((i) => make(i + 1));
    },
  },
  {
    name: 'short texts, nested, many a step',
    make(piece, tool, { texts }) {
      const make = (i: number): object =>
        step(i, tool, { body: { list: range(90).map((k) => ({ x: textOf(piece, 12, 90 * i + k) })) } });
      return range(fitting(make, texts / 200)).map((i) => make(i + 1));
    },
  },
];

const bytesIn = (piece: string): number =>
  Math.max(1, Buffer.byteLength(JSON.stringify(piece)) - 2) / piece.length;

/** The step that references name. */
const FIRST = { id: 's0', tool: 'b', args: {} };
export const planOf = (steps: readonly object[]): object => ({ steps });

/** Texts of each kind in each arrangement, in steps that call a tool. */
export const plansOfTexts = (tool: string): readonly HostilePlan[] =>
  Object.entries(PIECES).flatMap(([kind, piece]) =>
    ARRANGEMENTS.map(({ name, make }) => ({
      name: `${kind}: ${name}`,
      make: () => planOf([FIRST, ...make(piece, tool, limitsOf(piece))]),
    })),
  );

const nested = (depth: number, end: unknown): unknown => (depth === 0 ? end : { in: nested(depth - 1, end) });

/** Values that are no texts, and steps that are many. */
export function plansOfValues(tool: string): readonly HostilePlan[] {
  const repeated = (name: string, most: number, make: (i: number) => object): HostilePlan => ({
    name,
    make: () => planOf([FIRST, ...range(fitting(make, most)).map((i) => make(i + 1))]),
  });
  const listed = (name: string, most: number, make: (i: number) => unknown): HostilePlan => ({
    name,
    make: () =>
      planOf([FIRST, step(1, tool, { amount: range(fitting(make, most)).map(make), query: 'select' })]),
  });
  return [
    listed('numbers that are long as decimals', 74_000, (i) => 5e-324 * (i + 1)),
    listed('numbers with many digits', 74_000, (i) => 1.2345678901234567 * (i + 1)),
    listed('large numbers', 74_000, (i) => 1e300 * (i + 1)),
    listed('lists in lists', 24_000, (i) => [[i]]),
    listed('words at the bottom of deep objects', 40, () =>
      nested(52, [...range(1_500).map((k) => `a${k}`), 'secret word7 drop']),
    ),
    listed('deep objects', 1_270, () => nested(55, 1)),
    repeated('steps without arguments', 9_990, (i) => step(i, tool, {})),
    repeated('steps with one number', 9_990, (i) => step(i, tool, { amount: i })),
    repeated('steps without a single argument of a name known', 9_990, (i) =>
      step(i, tool, { [`x${i}`]: 1 }),
    ),
    repeated('names of arguments in other letters', 9_990, (i) =>
      step(i, tool, { [`\u0430${i}`]: 1, [`\u0435${i}`]: 2 }),
    ),
    repeated('different tools, as many as may be', 2_040, (i) => step(i, `t${i}`, { query: `a${i}` })),
    repeated('different tools', 9_990, (i) => step(i, `t${i}`, {})),
    repeated('different tools with arguments', 9_990, (i) => step(i, `t${i}`, { query: `a${i}`, amount: i })),
    repeated('different tools of one name space', 9_990, (i) =>
      step(i, `db.query.x${i}`, { query: `a${i}` }),
    ),
    repeated('long names of tools', 9_990, (i) => step(i, `t${i}${'.a'.repeat(80)}`, {})),
    repeated('names of tools in other letters', 7_900, (i) => step(i, `\u0431${i}\u0434`, {})),
    repeated('further fields', 9_990, (i) => step(i, tool, {}, { note: 'a'.repeat(60), [`f${i}`]: i })),
    repeated('contexts and texts outside the arguments', 9_990, (i) =>
      step(i, tool, {}, { description: 'x${s0.result}' }),
    ),
  ];
}
