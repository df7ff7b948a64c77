/** Spellings of a text, character by character. */
import { ALPHABETS, LOOKALIKES } from '../../engine/text/lookalikes.ts';

const isHidden = (c: string): boolean =>
  /[\p{Default_Ignorable_Code_Point}\p{Surrogate}]/u.test(c) ||
  /^[\ufff9-\ufffb]$/.test(c) ||
  (/^\p{Cc}$/u.test(c) && c > '\x7f' && c !== '\x85');

/** What a single character, already decomposed, is drawn like. */
function drawnLike(c: string): string {
  const code = c.codePointAt(0) ?? 0;
  if (code < 128) return c;
  const entry = LOOKALIKES.split('|').find((one) => one.slice(2).split(' ').includes(code.toString(16)));
  if (entry) return entry.charAt(0);
  const alphabet = ALPHABETS.find((first) => code >= first && code < first + 26);
  return alphabet === undefined ? c : String.fromCharCode(65 + code - alphabet);
}

/** A text without hidden characters, and without the marks behind the thirtieth on one letter. */
function seen(text: string): string {
  let marks = 0;
  let kept = '';
  for (const c of text) {
    if (isHidden(c)) continue;
    marks = /\p{M}/u.test(c) ? marks + 1 : 0;
    if (marks <= 30) kept += c;
  }
  return kept;
}

const known = new Map<string, string>();

/** The plain spelling: NFKC, nothing hidden, ASCII for what is drawn like it. */
export function plainOf(text: string): string {
  let spelled = known.get(text);
  if (spelled === undefined) {
    const decomposed = seen(seen(text).normalize('NFKD'));
    spelled = Array.from(decomposed).map(drawnLike).join('').normalize('NFC');
    if (known.size > 10_000) known.clear();
    known.set(text, spelled);
  }
  return spelled;
}

/** The ways in which a text may be read: as the policy says, or, where it says nothing, each. */
export interface Readings {
  readonly folds: readonly boolean[];
  readonly plain: readonly boolean[];
}

export function readingsOf(
  operation: string,
  ignoreCase: boolean | undefined,
  normalize: boolean | undefined,
): Readings {
  const isPattern = operation.endsWith('matches');
  return {
    folds: ignoreCase === undefined ? (isPattern ? [false] : [false, true]) : [ignoreCase],
    plain: normalize === undefined ? [false, true] : [normalize],
  };
}

/** Whether a comparison holds: surely where it does in the first reading, perhaps where in any. */
export function inReadings(
  { folds, plain }: Readings,
  holds: (folds: boolean, plain: boolean) => boolean,
): boolean | 'unknown' {
  const [first = false, ...others] = plain.flatMap((p) => folds.map((f) => holds(f, p)));
  return first || (others.includes(true) ? 'unknown' : false);
}

export function compareTexts(
  operation: string,
  text: string,
  wanted: string,
  readings: Readings,
): boolean | 'unknown' {
  const tries = readings.plain.length > 1;
  return inReadings(readings, (folds, plain) => {
    const x = plain && operation !== 'matches' ? plainOf(wanted) : wanted;
    // What is about a no-break space is not about a space.
    if (plain && tries && x !== wanted && !/[\p{L}\p{N}]/u.test(x)) return false;
    return compareOne(operation, plain ? plainOf(text) : text, x, folds);
  });
}

function compareOne(operation: string, text: string, wanted: string, folds: boolean): boolean {
  if (operation === 'matches') return new RegExp(wanted, folds ? 'iu' : 'u').test(text);
  const escaped = wanted.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const holds = (source: string, plainly: boolean): boolean =>
    folds ? new RegExp(source, 'iu').test(text) : plainly;
  switch (operation) {
    case 'equals':
      return holds(`^${escaped}$`, text === wanted);
    case 'contains':
      return holds(escaped, text.includes(wanted));
    case 'starts_with':
      return holds(`^${escaped}`, text.startsWith(wanted));
    case 'ends_with':
      return holds(`${escaped}$`, text.endsWith(wanted));
    default:
      throw new Error(`the oracle does not know ${operation} on text`);
  }
}
