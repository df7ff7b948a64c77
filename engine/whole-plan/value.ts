import { bad, get } from '../rules/core.ts';
import { argsOf } from './facts.ts';
import type { Facts, Step } from './shape.ts';
import { plain } from '../text/spelling.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** Names that lead to one value. */
export type Names = readonly string[];

export function valueAt(step: Step, path: Names): unknown {
  return path.reduce<unknown>(get, argsOf(step));
}

/** Whether a text may stand for a value that is not known before the plan runs, in any notation of templates. */
export function isReference(text: string): boolean {
  return text.includes('${') || text.includes('{{');
}

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const ASCII = /^[ -~]*$/;

/** Longer texts name nothing that one counts by, and would cost much to fold. */
const LONGEST = 256;

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * A text as people read it: without case, width, look-alikes of ASCII, invisible characters, how many spaces. `null` where it is
 * much longer than it is written (one sign can stand for eighteen). Among Latin letters a look-alike is read as it is
 * drawn; where there are none, the capitals are read, for `\u03bd` is drawn like `v` and is the small `\u039d`.
 */
function folded(text: string): string | null {
  if (ASCII.test(text)) return text.toLowerCase().replace(/ +/g, ' ').trim();
  if (text.normalize('NFKC').length > LONGEST) return null;
  const seen = text.replace(INVISIBLE, '');
  const drawn = tidy(plain(seen));
  if (/[a-z]/i.test(seen) && ASCII.test(drawn)) return drawn.toLowerCase();
  const capitals = seen.normalize('NFKC').toUpperCase();
  const read = tidy(plain(capitals));
  return (ASCII.test(read) ? read : tidy(plain(capitals.toLowerCase()))).toLowerCase();
}

/**
 * The group a value belongs to: what reads alike is one, `5`, `"5.0"` and `" 5 "` for example, or `true` and `1`.
 * `null` where that cannot be told: a value that is missing, null, a reference, a long text, an array or an object.
 */
export function groupOf(found: Facts, value: unknown): string | null {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return value - value === 0 ? `${value}` : null;
  if (typeof value !== 'string' || value.length > LONGEST || isReference(value)) return null;
  let group = found.groups.get(value);
  if (group === undefined) {
    const text = folded(value);
    group = text === null ? null : groupOfText(text);
    found.groups.set(value, group);
  }
  return group;
}

function groupOfText(text: string): string {
  if (text === 'true' || text === 'false') return text === 'true' ? '1' : '0';
  const number = text === '' ? NaN : +text;
  return number - number === 0 ? `${number}` : text;
}

/** What keeps a value from being told, as part of a sentence. */
export function whyNot(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === bad) return 'inside something that is not an object';
  if (typeof value === 'string') {
    return isReference(value) ? 'a reference' : value.length > LONGEST ? 'too long' : 'a text';
  }
  if (typeof value === 'number') return 'not a finite number';
  if (typeof value === 'boolean') return `${value}`;
  return isArray(value) ? 'an array' : 'an object';
}

/** The beginning of a sentence about an argument of a step. */
export function subject(
  found: Facts,
  step: number,
  path: Names,
  secret: (text: string) => boolean,
): { readonly path: string; readonly says: string } {
  const tool = found.steps[step]?.tool ?? '';
  const shown = path.join('.');
  return { path: shown, says: `argument \`${shown}\` of \`${secret(tool) ? '[secret]' : tool}\`` };
}
