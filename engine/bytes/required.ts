/**
 * Literals without one of which a regular expression matches nothing. What is not plain to see has none: then the text itself is asked.
 * They are ASCII; of a character that has other cases only what ASCII has is told, for texts with others are asked, too.
 */

/** A text that has to occur; in small letters where case is no matter. */
export interface Literal {
  readonly text: string;
  readonly folds: boolean;
}

/** So many are looked for at once, over all alternatives. */
const MOST = 48;
/** A shorter literal occurs too often to say anything, unless its character is rare. */
const SHORTEST = 2;

/** Escapes of one unit that stand for no literal, or for a place. */
const CLASSES = 'dDwWsSnrtfv';
const PLACES = 'bB';
const SIGNS = '^$\\.*+?()[]{}|/-';

const NOTHING: readonly Literal[] | null = null as readonly Literal[] | null;

/** What is read of one alternative. */
interface Run {
  text: string;
  folds: boolean;
}

/** The literals of a pattern; `null` where there are none to be told. */
export function requiredBy({ source, flags }: RegExp): readonly Literal[] | null {
  if (/[vxy]/.test(flags)) return null;
  const literals = ofAlternatives(source, flags.includes('i'));
  return literals !== null && literals.length <= MOST ? literals : null;
}

/** One literal of each alternative. */
function ofAlternatives(source: string, folds: boolean): readonly Literal[] | null {
  const literals: Literal[] = [];
  for (const alternative of alternativesOf(source)) {
    const own = alternative === null ? null : ofSequence(alternative, folds);
    if (own === null) return null;
    literals.push(...own);
  }
  return literals;
}

/** What stands between the `|` of the outermost level; `null` for brackets that do not close. */
function alternativesOf(source: string): readonly (string | null)[] {
  const all: string[] = [];
  let from = 0;
  for (let at = 0; at < source.length;) {
    if (source.charAt(at) === '|') {
      all.push(source.slice(from, at));
      from = at + 1;
    }
    at = pastItem(source, at);
    if (at < 0) return [null];
  }
  all.push(source.slice(from));
  return all;
}

/** Behind one escape, class, group or character; -1 where it has no end. */
function pastItem(source: string, at: number): number {
  const sign = source.charAt(at);
  if (sign === '\\') return at + 2;
  if (sign === '[') return pastClass(source, at);
  if (sign !== '(') return at + 1;
  let next = at + 1;
  while (next >= 0 && next < source.length) {
    if (source.charAt(next) === ')') return next + 1;
    next = pastItem(source, next);
  }
  return -1;
}

function pastClass(source: string, at: number): number {
  for (let next = at + 1; next < source.length; next += 1) {
    if (source.charAt(next) === '\\') next += 1;
    else if (source.charAt(next) === ']') return next + 1;
  }
  return -1;
}

/** The best literal of items that follow each other, or the literals of a group among them. */
function ofSequence(source: string, folds: boolean): readonly Literal[] | null {
  let best = NOTHING;
  let run: Run = { text: '', folds };
  const offer = (literals: readonly Literal[] | null): void => {
    if (literals !== null && worth(literals) > worth(best)) best = literals;
  };
  const end = (): void => {
    if (run.text !== '') offer([{ text: run.folds ? run.text.toLowerCase() : run.text, folds: run.folds }]);
    run = { text: '', folds };
  };
  for (let at = 0; at < source.length;) {
    const next = pastItem(source, at);
    if (next < 0) return null;
    const item = source.slice(at, next);
    const count = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(next))?.[0] ?? '';
    const isOptional = count !== '' && !/^(?:\+|\{0*[1-9])/.test(count);
    const stands = charOf(item);
    if (stands === undefined) return null;
    const read = isOptional ? null : stands;
    if (read === '') {
      if (count !== '') return null;
    } else if (read === null) {
      end();
      if (!isOptional && isGroup(item)) offer(ofAlternatives(inside(item), folds));
    } else {
      run.text += read.charAt(0);
      if (read.length > 1) run.folds = true;
      if (count !== '') end();
    }
    at = next + count.length;
  }
  end();
  return worth(best) > 0 ? best : null;
}

const isGroup = (item: string): boolean => /^\((?!\?)|^\(\?:/.test(item);
const inside = (item: string): string => item.slice(item.startsWith('(?:') ? 3 : 1, -1);

/**
 * The character that an item stands for, twice where it is a letter in both cases; '' for a place, `null` for anything else that
 * takes nothing away; `undefined` for what is not read here at all.
 */
function charOf(item: string): string | null | undefined {
  const [first = '', second = ''] = item;
  if (first === '\\') {
    if (CLASSES.includes(second)) return null;
    if (PLACES.includes(second)) return '';
    return SIGNS.includes(second) && second !== '' ? second : undefined;
  }
  if (first === '^' || first === '$') return '';
  if (first === '[') return casesIn(item);
  // Look-around and named groups may say anything of what stands beside them; they ask for no text of their own.
  if (first === '(' || first === '.') return null;
  return /^[ -~]$/.test(first) ? first : null;
}

/** A class of one letter in both cases, with those outside of ASCII or without. */
function casesIn(item: string): string | null {
  const letters = item.slice(1, -1).replace(/[\u017f\u212a]/g, '');
  const [low = '', up = ''] = letters;
  if (letters.length !== 2 || !/[A-Za-z]/.test(low) || !/[A-Za-z]/.test(up)) return null;
  return low.toLowerCase() === up.toLowerCase() && low !== up ? low.toLowerCase() + up : null;
}

/** How much is won by looking for one of these. */
function worth(literals: readonly Literal[] | null): number {
  if (literals === null || literals.length === 0) return 0;
  let least = 1 / 0;
  for (const { text } of literals) {
    const own = text.length >= SHORTEST || /[^A-Za-z0-9 ._:,/\\-]/.test(text) ? text.length : 0;
    if (own < least) least = own;
  }
  return least;
}
