/** The one way from the text of a plan to a plan: every verb, report and test reads plans here. */
import { parsePlan } from '@plan-lint/runtime';
import { JsonError } from '@plan-lint/runtime/json';

/** `plan.unreadable` stands for what is not JSON, not UTF-8, or nests too deeply. */
export const PLAN_PROBLEMS = ['plan.unreadable', 'plan.duplicate_member', 'plan.inexact_number'] as const;
export type PlanProblemCode = (typeof PLAN_PROBLEMS)[number];

export interface PlanProblem {
  readonly code: PlanProblemCode;
  /** One lower-case sentence; nothing of the plan is quoted in it. */
  readonly message: string;
  /** Place in the text behind a byte order mark, in UTF-16 units from 0; `null` where there is none. */
  readonly offset: number | null;
}

/** A plan as it is written, not yet looked at, or why it cannot be had. */
export type PlanReading =
  { readonly ok: true; readonly plan: unknown } | { readonly ok: false; readonly problem: PlanProblem };

const CODES: Readonly<Record<JsonError['code'], PlanProblemCode>> = {
  not_json: 'plan.unreadable',
  too_deep: 'plan.unreadable',
  duplicate_member: 'plan.duplicate_member',
  inexact_number: 'plan.inexact_number',
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** A byte order mark may open a text (RFC 8259 §8.1). */
const MARK = '\ufeff';

/** @example const reading = readPlan(await readFile('plan.json')); */
export function readPlan(source: string | Uint8Array): PlanReading {
  const text = typeof source === 'string' ? source : decode(source);
  if (text === null) return refused('plan.unreadable', 'not UTF-8 text', null);
  try {
    return { ok: true, plan: parsePlan(text.startsWith(MARK) ? text.slice(MARK.length) : text) };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return refused(CODES[error.code], error.message, error.offset);
  }
}

/** A text that holds no plan, and why. */
export const refused = (
  code: PlanProblemCode,
  message: string,
  offset: number | null,
): { readonly ok: false; readonly problem: PlanProblem } => ({
  ok: false,
  problem: { code, message, offset },
});

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The message of a problem with its place as line and column, for a reader with an editor. */
export function placed({ message, offset }: PlanProblem, text: string): string {
  if (offset === null) return message;
  const lines = text.replace(MARK, '').slice(0, offset).split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  return message.replace(/ at offset \d+$/, ` at line ${lines.length}, column ${column}`);
}

/** The text of a plan that has been read: `''` for what is not UTF-8. */
export const textOf = (source: string | Uint8Array): string =>
  typeof source === 'string' ? source : (decode(source) ?? '');
