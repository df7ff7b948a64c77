import { bad, get } from '../rules/core.ts';
import { argsOf } from '../module/question.ts';
import type { Facts, Step } from './shape.ts';
import { plain, readings } from '../text/plain.ts';
import { isOpaque, UnknownValue } from '../text/references.ts';
import { numberIn } from '../text/reads-like.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** Names that lead to one value. */
export type Names = readonly string[];

export function valueAt(step: Step, path: Names): unknown {
  return path.reduce<unknown>(get, argsOf(step));
}

/** Longer texts name nothing that one counts by, and would cost much to fold. */
const LONGEST = 256;
/** Different texts that are told apart in one plan. */
const MOST_TEXTS = 6_000;
/** Beyond, different texts are read as the same number. */
const MOST_EXACT = 9007199254740991;

/** What people write between the parts of one name or number: `DE89 3704`, `4111-1111`, `1,000`, `1_000`. */
const BETWEEN = /\s|[-_,'](?=\d)|(?<=\d)[-_,']/g;

/** What says of a text that it names an account, a person or a number: RFC 7565, 6068, 3966, 8905, 3261, and words for it. */
const SCHEME = /^(?:acct|account|iban|mailto|tel|payto|sips?|xmpp):(?:\/\/)?(?=.)/;

/**
 * The names of the groups that a value belongs to: what may be read alike shares one, `5`, `"5.0"` and `" 5 "` for example, or `true`
 * and `1`. More than one where a text is drawn like two (`TWO_FACED`). `null` where that cannot be told: a value that is
 * missing, null, a reference, a long text, one of too many, an array or an object, an integer that a double does not tell from its
 * neighbour.
 */
export function groupsOf(facts: Facts, value: unknown): readonly string[] | null {
  if (typeof value === 'boolean') return [value ? '1' : '0'];
  if (typeof value === 'number') return value <= MOST_EXACT && value >= -MOST_EXACT ? [`${value + 0}`] : null;
  if (typeof value !== 'string' || value.length > LONGEST) return null;
  let groups = facts.groups.get(value);
  if (groups === undefined) {
    groups = facts.groups.size < MOST_TEXTS ? groupsOfText(value) : null;
    facts.groups.set(value, groups);
  }
  return groups;
}

/** `null` where a text is much longer than it is written: one sign can stand for eighteen. */
function groupsOfText(text: string): readonly string[] | null {
  const groups: string[] = [];
  for (const reading of [plain(text), ...readings(text)]) {
    if (reading.length > LONGEST) return null;
    const name = nameOf(reading.trim().toUpperCase().toLowerCase());
    if (!groups.includes(name)) groups.push(name);
  }
  return groups;
}

function nameOf(text: string): string {
  if (text === 'true' || text === 'false') return text === 'true' ? '1' : '0';
  const joined = text.replace(SCHEME, '').replace(BETWEEN, '');
  for (const each of [text, joined]) {
    const number = numberIn(each);
    if (number !== null && number <= MOST_EXACT && number >= -MOST_EXACT) return `${number + 0}`;
  }
  return joined === '' ? text : joined;
}

/** What cannot be understood of a text, as part of a sentence. */
const OPAQUE = 'a text with an opener (`${` or `{{`) that is not understood';

/** A value as rules count by it: its groups, or a reference with its text, which is a group of its own. */
export interface Counted {
  readonly names: readonly string[];
  /** It may turn out to be of any group. */
  readonly waits: boolean;
}

/** `null` for what nobody can count by. */
export function countedBy(facts: Facts, value: unknown): Counted | null {
  if (value instanceof UnknownValue)
    return isOpaque(value) ? null : { names: [`later ${value.text}`], waits: true };
  const groups = groupsOf(facts, value);
  return groups === null ? null : { names: groups.map((group) => `=${group}`), waits: false };
}

/** The group of every call where there is no `per`. */
export const EVERYTHING: Counted = { names: [''], waits: false };

/** What keeps a value from being told, as part of a sentence. */
export function whyNot(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === bad) return 'inside something that is not an object';
  if (typeof value === 'string') {
    return value.length > LONGEST ? 'too long' : 'a text';
  }
  if (value instanceof UnknownValue) return isOpaque(value) ? OPAQUE : 'a reference';
  if (typeof value === 'number') return 'not a finite number';
  if (typeof value === 'boolean') return `${value}`;
  return isArray(value) ? 'an array' : 'an object';
}

/** The beginning of a sentence about an argument of a step. */
export function subject(
  facts: Facts,
  step: number,
  path: Names,
  secret: (text: string) => boolean,
): { readonly path: string; readonly says: string } {
  const tool = facts.steps[step]?.tool ?? '';
  const shown = path.join('.');
  return { path: shown, says: `argument \`${shown}\` of \`${secret(tool) ? '[secret]' : tool}\`` };
}
