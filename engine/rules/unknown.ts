/**
 * What a test can say of a text of which only parts are known (design: *What is not known yet*). Each function gives the
 * answer that holds whatever the rest turns out to be, or `null`. `holds` is the test itself, of a value that is there.
 */
import { bare, UNSURE } from '../text/bare.ts';
import { numberIn } from '../text/reads-like.ts';
import { isWhole } from '../text/references.ts';
import type { UnknownValue } from '../text/references.ts';
import type { Foresight } from '../module/reason.ts';
import { size, Sized } from './core.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

export type Holds = (value: unknown) => boolean;

const parts = ({ known }: UnknownValue): readonly string[] => known ?? [];
const first = (value: UnknownValue): string => parts(value)[0] ?? '';
const last = (value: UnknownValue): string => parts(value)[parts(value).length - 1] ?? '';

/** Of tests that say the same of every text: of numbers, types. */
export const ofAnyText: Foresight = (value, holds) => (isWhole(value) ? null : holds('x'));

/** Whatever it stands for, it is there; what lies in it may not be. */
export const presence: Foresight = (value, holds) => (value.isInside ? null : holds('x'));

/** Of tests that ask what is written in the plan. */
export const asWritten: Foresight = (value, holds) => holds(value.text);

/** Of tests that nothing decides but the whole text. */
export const never: Foresight = () => null;

/** Found in a known part, it is found. */
export const inParts: Foresight = (value, holds) => (parts(value).some(holds) ? true : null);
export const inFirst: Foresight = (value, holds) => (isWhole(value) || !holds(first(value)) ? null : true);
export const inLast: Foresight = (value, holds) => (isWhole(value) || !holds(last(value)) ? null : true);

/** The same of tests that something is not found. */
export const notInParts: Foresight = (value, holds) => (parts(value).every(holds) ? null : false);
export const notInFirst: Foresight = (value, holds) => (isWhole(value) || holds(first(value)) ? null : false);
export const notInLast: Foresight = (value, holds) => (isWhole(value) || holds(last(value)) ? null : false);

/** The text begins with the operand, or its known beginning already differs. White space at an end may be left out. */
export const starting =
  (readings: number): Foresight =>
  (value, holds, operand) => {
    if (isWhole(value)) return null;
    if (holds(first(value))) return readings & UNSURE ? null : true;
    const [a, b] = [
      bare(first(value), readings)?.trimStart(),
      bare(operand as string, readings)?.trimStart(),
    ];
    return a === undefined || b === undefined || a.startsWith(b) || b.startsWith(a) ? null : false;
  };

export const ending =
  (readings: number): Foresight =>
  (value, holds, operand) => {
    if (isWhole(value)) return null;
    if (holds(last(value))) return readings & UNSURE ? null : true;
    const [a, b] = [bare(last(value), readings)?.trimEnd(), bare(operand as string, readings)?.trimEnd()];
    return a === undefined || b === undefined || a.endsWith(b) || b.endsWith(a) ? null : false;
  };

/** No operand can be the text. `opposite`: of tests that the text is none of them. */
export const equalling =
  (readings: number, opposite: boolean): Foresight =>
  (value, _, operand) => {
    if (isWhole(value)) return null;
    const known = parts(value).map((part) => bare(part, readings));
    const may = (one: unknown): boolean => {
      if (one === null) return false;
      // What passes for a number, or for a word like `true`, is written in many ways.
      if (typeof one !== 'string' || hasOtherForms(one)) return true;
      const sought = bare(one, readings);
      return sought === null || known.includes(null) || fits(known as string[], sought);
    };
    return (isArray(operand) ? operand.some(may) : may(operand)) ? null : opposite;
  };

const hasOtherForms = (text: string): boolean =>
  /^\s*(?:true|false)\s*$/i.test(text) || numberIn(text.trim()) !== null;

/** Whether a text is these parts, with anything between them. */
function fits(known: readonly string[], written: string): boolean {
  const head = (known[0] ?? '').trimStart();
  const tail = (known[known.length - 1] ?? '').trimEnd();
  const text = written.trim();
  const end = text.length - tail.length;
  if (!text.startsWith(head) || !text.endsWith(tail) || head.length > end) return false;
  let at = head.length;
  for (let i = 1; i < known.length - 1; i += 1) {
    const part = known[i] ?? '';
    const place = text.indexOf(part, at);
    if (place < 0 || place + part.length > end) return false;
    at = place + part.length;
  }
  return true;
}

/** Every length from that of the known parts on says the same. */
export const sized: Foresight = (value, holds, operand) => {
  if (isWhole(value)) return null;
  const least = size(parts(value).join(''));
  const ofSize = (length: number): boolean => {
    const stand = new Sized();
    stand.size = length;
    return holds(stand);
  };
  const told = ofSize(least);
  const ends: readonly unknown[] = isArray(operand) ? operand : [operand];
  for (const end of ends)
    for (const length of [(end as number) - 1, end as number, (end as number) + 1])
      if (length > least && ofSize(length) !== told) return null;
  return told;
};
