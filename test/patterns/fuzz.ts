/**
 * Differential test: random patterns and texts, every engine against the host's RegExp. Deterministic for a seed.
 */
import fc from 'fast-check';
import { compilePattern } from '../../compiler/patterns/index.ts';
import { FORCED, runnable, specTest } from './run.ts';
import { seedOfRound } from '../fuzz/seed.ts';

/** Characters that case folding, classes, line ends and surrogates treat in some special way. */
const CHARACTERS = [
  ...Array.from('aabbcAB01_ -.kKsS'),
  ...['\u017f', '\u212a', '\u0130', '\u0131', '\u00df', '\u1e9e', '\u00e9', '\u00c9', '\u03c3', '\u03c2'],
  ...['\n', '\r', '\u2028', '\u00a0', '\uffff', '\0', '😀', '😁', '\u{10400}', '\u{10428}'],
  ...['\ud83d', '\ude00', '\udbff', '\ud801'],
];

const character = fc.constantFrom(...CHARACTERS);

function written(text: string): string {
  const code = text.codePointAt(0) ?? 0;
  if (/[\\^$.*+?()[\]{}|/-]/.test(text)) return `\\x${code.toString(16)}`;
  return code < 0x20 || code > 0x7e ? `\\u{${code.toString(16)}}` : text;
}

const classMember = fc.oneof(
  { weight: 5, arbitrary: character.map(written) },
  { weight: 2, arbitrary: fc.constantFrom('\\d', '\\w', '\\s', '\\D', '\\W', '\\S', '\\p{L}', '\\P{Lu}') },
  {
    weight: 2,
    arbitrary: fc
      .tuple(character, character)
      .map((pair) => pair.sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)))
      .map(([low, high]) => `${written(low ?? '')}-${written(high ?? '')}`),
  },
);

const characterClass = fc
  .tuple(fc.constantFrom('', '', '', '^'), fc.array(classMember, { minLength: 1, maxLength: 3 }))
  .map(([negation, members]) => `[${negation}${members.join('')}]`);

const quantifier = fc.oneof(
  fc.constantFrom('*', '+', '?', '*?', '+?', '{2}', '{1,3}', '{0,2}', '{2,}', '{3}'),
  fc.tuple(fc.nat(3), fc.nat(4)).map(([min, more]) => `{${min},${min + more}}`),
);

// A type alias, not an interface: fast-check wants an index signature.
type Grammar = { pattern: string; sequence: string; part: string; atom: string };

const grammar = fc.letrec<Grammar>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'pattern' },
    { weight: 3, arbitrary: tie('sequence') },
    {
      weight: 1,
      arbitrary: fc.array(tie('sequence'), { minLength: 2, maxLength: 3 }).map((items) => items.join('|')),
    },
  ),
  sequence: fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { weight: 6, arbitrary: tie('atom') },
    {
      weight: 4,
      arbitrary: fc.tuple(tie('atom'), quantifier).map((parts) => parts.join('')),
    },
    { weight: 2, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B') },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('(?=', '(?!', '(?<=', '(?<!'), tie('pattern'))
        .map(([opening, body]) => `${opening}${body})`),
    },
  ),
  atom: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'pattern' },
    { weight: 6, arbitrary: character.map(written) },
    { weight: 1, arbitrary: fc.constantFrom('.', '\\d', '\\w', '\\s', '\\W', '\\p{Lu}') },
    { weight: 2, arbitrary: characterClass },
    { weight: 2, arbitrary: tie('pattern').map((body) => `(?:${body})`) },
  ),
}));

const texts = fc.array(
  fc.array(character, { maxLength: 10 }).map((characters) => characters.join('')),
  { minLength: 40, maxLength: 40 },
);

const flags = fc.tuple(
  fc.constantFrom('', '', 'i'),
  fc.constantFrom('', '', 'm'),
  fc.constantFrom('', '', 's'),
);

const counts = fc.tuple(fc.nat(9), fc.nat(9)).map(([min, more]) => `{${min},${min + more}}`);

/** Patterns that count: few characters, many repetitions, so that tables grow and threads cover each other. */
const counting = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(?:ab|b)', '\\w', '(?:a|\\b)'),
      fc.oneof(counts, counts, fc.constantFrom('', '{7}', '{12}', '?')),
    ),
    { minLength: 2, maxLength: 5 },
  )
  .chain((parts) => {
    const pattern = parts.map((part) => part.join('')).join('');
    return fc.constantFrom(pattern, `\\b${pattern}\\b`, `a${pattern}$`, `(?<!ba)${pattern}(?!ab)`);
  });

const longTexts = fc.array(fc.string({ unit: fc.constantFrom('a', 'a', 'b', 'c', ' '), maxLength: 40 }), {
  minLength: 40,
  maxLength: 40,
});

const scene = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(grammar.pattern, flags, texts) },
  { weight: 1, arbitrary: fc.tuple(counting, flags, longTexts) },
);

export interface FuzzOptions {
  readonly seed: number;
  /** Stops after this many comparisons of one engine with the host on one text. */
  readonly comparisons: number;
}

export interface FuzzReport {
  comparisons: number;
  patterns: number;
  /** Comparisons in which the pattern matched. */
  matches: number;
  readonly engines: Record<string, number>;
  /** Refusals by reason, over the forced engines. */
  readonly refused: Record<string, number>;
  /** Patterns that no engine takes. */
  readonly impossible: string[];
  readonly differences: { engine: string; source: string; flags: string; text: string; expected: boolean }[];
}

const BATCH = 200;

/** Small enough that a table which explodes is given up soon. */
const LARGE_TABLE = { states: 600, raw: 600, threads: 120 };

/** Texts made of the pattern's own characters match more often than random ones. */
function ownTexts(source: string, random: readonly string[]): string[] {
  const own = Array.from(
    source.replaceAll(/\\u\{(\w+)\}/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16))),
  );
  const usable = own.filter((it) => !'^$()[]{}|?*+\\'.includes(it));
  if (usable.length === 0) return [];
  return random.slice(0, 16).map((text, i) => {
    const start = i % usable.length;
    const taken = usable.slice(start, start + 1 + (i % 5)).join('');
    return i % 2 === 0 ? taken + text.slice(0, i % 4) : text.slice(0, i % 4) + taken;
  });
}

export function fuzzPatterns({ seed, comparisons }: FuzzOptions): FuzzReport {
  const report: FuzzReport = {
    comparisons: 0,
    patterns: 0,
    matches: 0,
    engines: {},
    refused: {},
    impossible: [],
    differences: [],
  };
  for (let batch = 0; report.comparisons < comparisons; batch++) {
    for (const [source, flagParts, random] of fc.sample(scene, {
      seed: seedOfRound(seed, batch),
      numRuns: BATCH,
    })) {
      if (report.comparisons >= comparisons) break;
      comparePattern(source, flagParts.join(''), [...random, ...ownTexts(source, random)], report);
    }
  }
  return report;
}

function comparePattern(
  source: string,
  flagText: string,
  samples: readonly string[],
  report: FuzzReport,
): void {
  const oracle = specTest(source, `${flagText}u`);
  const inline = flagText.replace('i', '');
  const ours = inline === '' ? source : `(?${inline})${source}`;
  const expected = samples.map(oracle);
  report.patterns++;
  let taken = 0;
  for (const forced of FORCED) {
    const engine = [forced.engine, forced.direction, forced.limits && 'packed'].filter(Boolean).join(' ');
    const result = compilePattern(ours, {
      ...forced,
      ignoreCase: flagText.includes('i'),
      limits: { smallTable: LARGE_TABLE, largeTable: LARGE_TABLE, ...forced.limits },
    });
    if (!result.ok) {
      const key = `${engine}: ${result.refusal.reason}`;
      report.refused[key] = (report.refused[key] ?? 0) + 1;
      continue;
    }
    taken++;
    const scan = runnable(result.plan);
    samples.forEach((text, i) => {
      const wanted = expected[i] === true;
      report.comparisons++;
      report.engines[engine] = (report.engines[engine] ?? 0) + 1;
      if (wanted) report.matches++;
      if (scan(text) !== wanted) {
        report.differences.push({ engine, source, flags: flagText, text, expected: wanted });
      }
    });
  }
  if (taken === 0) report.impossible.push(source);
}
