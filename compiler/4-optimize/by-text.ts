import type { NumberRange, SoughtText, TripKind, Trips } from '../ir/guard.ts';
import type { Test } from '../ir/program.ts';
import { EXACT, plainOperands, textsOf } from '../spelling/index.ts';
import { hasOtherForms } from '../operations/equality.ts';
import type { NarrowPass } from './pass.ts';

/** Texts that an argument is compared with, or that are looked for in it. */
export const byText: NarrowPass = {
  name: 'by-text',
  triggers({ path, test, negated }) {
    const [arg] = path ?? [];
    if (negated || path?.length !== 1 || typeof arg !== 'string') return null;
    const trips = equality(test) ?? search(test);
    return trips && [{ by: 'argument', arg, trips }];
  },
};

const ALL_NUMBERS: NumberRange = { low: -Infinity, high: Infinity };
const NONE: Trips = {
  everyText: false,
  literals: false,
  missing: false,
  numbers: ALL_NUMBERS,
  equal: [],
  sought: [],
};

/** Only texts that nothing of another type reads like: those that do are rare, and asked in full. */
function equality(test: Test): Trips | null {
  const { operation, operand } = test;
  if (operation !== 'equals' && operation !== 'in') return null;
  const texts = textsOf(operand);
  const isText = Array.isArray(operand) ? texts.length === operand.length : texts.length === 1;
  if (!isText || texts.some(hasOtherForms)) return null;
  const spelled = texts.flatMap((text) => spellings(text, test, true));
  const { ignoreCase, normalize } = test.spelling ?? EXACT;
  const folds = ignoreCase !== 'no';
  // `s` and `k` are also the long s and the Kelvin sign in another case, which the plain spelling undoes.
  const lowered = (text: string): boolean =>
    isAscii(text) && !(folds && normalize === 'no' && /[ks]/i.test(text));
  const isPlain = texts.every((text) => isAscii(text) && lowered(text) && text.trim() === text);
  return {
    ...NONE,
    ...(isPlain && { kind: { by: 'equal' } }),
    equal: spelled.filter(lowered).map((text) => text.toLowerCase()),
    sought: spelled
      .filter((text) => !lowered(text))
      .map((text) => ({ kind: 'literal', where: 'whole', text, folds })),
  };
}

/** A text as it is written and what is compared with what another text reads like. */
function spellings(text: string, { spelling }: Test, whole: boolean): readonly string[] {
  return [...new Set([text, ...plainOperands(text, spelling ?? EXACT, whole)])];
}

/** It is its own plain spelling. */
const isAscii = (text: string): boolean => /^[\t-\r -~]*$/.test(text);

function search(test: Test): Trips | null {
  const sought = soughtTexts(test);
  if (!sought) return null;
  if (sought.some(mayBeInNumber)) return { ...NONE, sought, numbers: null };
  const [first, second] = sought;
  const kind = first && !second ? kindOf(first) : null;
  return { ...NONE, sought, ...(kind && { kind }) };
}

function kindOf(sought: SoughtText): TripKind | null {
  if (sought.kind === 'pattern') {
    const { plan } = sought;
    return plan.engine === 'native' && plan.flags === 'u' ? { by: 'pattern' } : null;
  }
  const { text, where, folds } = sought;
  return isAscii(text) && where !== 'whole' ? { by: 'literal', where, folds } : null;
}

const WHERE = { contains: 'anywhere', starts_with: 'start', ends_with: 'end' } as const;

/** What a test of texts looks for; `null` for other tests. */
export function soughtTexts(test: Test): readonly SoughtText[] | null {
  const { operation, operand, pattern, spelling } = test;
  if (operation === 'matches' && pattern) return [{ kind: 'pattern', plan: pattern }];
  const where = Object.hasOwn(WHERE, operation) ? WHERE[operation as keyof typeof WHERE] : null;
  if (!where || typeof operand !== 'string') return null;
  const folds = (spelling ?? EXACT).ignoreCase !== 'no';
  return spellings(operand, test, false).map((text) => ({ kind: 'literal', where, text, folds }));
}

/** Whether the decimal text of a number, `Infinity` and `NaN` among them, may hold it. */
export function mayBeInNumber(sought: SoughtText): boolean {
  return sought.kind === 'pattern'
    ? sought.plan.notInNumbers !== true
    : /^[-+.0-9eInfityNa]*$/i.test(sought.text);
}
