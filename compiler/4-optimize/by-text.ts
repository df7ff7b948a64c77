import type { Scalar } from '../ir/document.ts';
import type { NumberRange, SoughtText, Trips } from '../ir/guard.ts';
import type { Test } from '../ir/program.ts';
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
function equality({ operation, operand }: Test): Trips | null {
  if (operation !== 'equals' && operation !== 'in') return null;
  const operands = Array.isArray(operand) ? (operand as readonly Scalar[]) : [operand as Scalar];
  const texts = operands.filter((x) => typeof x === 'string');
  return texts.length === operands.length && !texts.some(readsLikeAnother) ? { ...NONE, equal: texts } : null;
}

function readsLikeAnother(text: string): boolean {
  const trimmed = text.trim().toLowerCase();
  return trimmed === 'true' || trimmed === 'false' || (trimmed !== '' && Number.isFinite(Number(trimmed)));
}

function search(test: Test): Trips | null {
  const sought = soughtText(test);
  return sought && { ...NONE, sought: [sought], numbers: mayBeInNumber(sought) ? null : ALL_NUMBERS };
}

const WHERE = { contains: 'anywhere', starts_with: 'start', ends_with: 'end' } as const;

/** What a test of texts looks for; `null` for other tests. */
export function soughtText({ operation, operand, pattern }: Test): SoughtText | null {
  if (operation === 'matches' && pattern) return { kind: 'pattern', plan: pattern };
  const where = Object.hasOwn(WHERE, operation) ? WHERE[operation as keyof typeof WHERE] : null;
  return where && typeof operand === 'string' ? { kind: 'literal', where, text: operand } : null;
}

/** Whether the decimal text of a number, `Infinity` and `NaN` among them, may hold it. */
export function mayBeInNumber(sought: SoughtText): boolean {
  return sought.kind === 'pattern'
    ? sought.plan.notInNumbers !== true
    : /^[-+.0-9eInfityNa]*$/.test(sought.text);
}
