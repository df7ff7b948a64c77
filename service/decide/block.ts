/** Plans that are decided together: lines of a batch, or one plan that is large. The same in a thread and in place. */
import type { Bundle, DecisionData } from '@plan-lint/runtime';
import { eachPlan, readPlan, readRecord } from 'plan-lint/plans';
import type { Part, Written } from 'plan-lint/plans';
import { decideData, digestOfBytes } from './decision.ts';
import type { PlanFacts } from './decision.ts';

/** What is asked of a thread. */
export interface BlockQuestion {
  readonly entry: string | null;
  readonly kind: 'lines' | 'whole';
  /** Of the first line, from 1. */
  readonly line: number;
  readonly bytes: Uint8Array;
  /** Why there is nothing to read: a line that is too long. */
  readonly problem?: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Each is `{plan, context}`, and that context is vouched for. */
  readonly isRecord: boolean;
  readonly includesArgs: boolean;
  readonly now: number;
  readonly values: 'now' | 'later';
}

/** What became of one plan. */
export type BlockItem = { readonly line: number } & (
  | { readonly data: DecisionData; readonly facts: PlanFacts }
  | { readonly problem: { readonly code: string; readonly message: string }; readonly sha256: string }
);

const bytesOf = (written: Written): Uint8Array =>
  typeof written === 'string' ? Buffer.from(written) : written;

/** A plan, and what its caller vouches for beside it; `form=record` alone reads the latter. */
export function readAsked(
  written: Written,
  isRecord: boolean,
):
  | { readonly ok: true; readonly plan: unknown; readonly context: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problem: { readonly code: string; readonly message: string } } {
  if (!isRecord) {
    const reading = readPlan(written);
    return reading.ok ? { ok: true, plan: reading.plan, context: {} } : reading;
  }
  const reading = readRecord(written);
  if (!reading.ok) return reading;
  const { context = {} } = reading.circumstances;
  if (typeof context !== 'object' || context === null || Array.isArray(context))
    return {
      ok: false,
      problem: { code: 'plan.unreadable', message: '`context` of the record is no object' },
    };
  return { ok: true, plan: reading.plan, context: context as Readonly<Record<string, unknown>> };
}

export function decideBlock(bundle: Bundle, question: BlockQuestion): readonly BlockItem[] {
  const { entry, kind, line, bytes, problem, context, isRecord, includesArgs, now, values } = question;
  if (problem !== undefined)
    return [{ line, problem: { code: 'plan.unreadable', message: problem }, sha256: digestOfBytes(bytes) }];
  const policy = bundle.policy(entry ?? undefined);
  const items: BlockItem[] = [];
  const part: Part = { file: 'body', kind, at: line, bytes };
  eachPlan(part, ({ line: at = line }, _, written) => {
    const sha256 = digestOfBytes(bytesOf(written));
    const reading = readAsked(written, isRecord);
    if (!reading.ok) {
      items.push({ line: at, problem: reading.problem, sha256 });
      return;
    }
    const asked = { plan: reading.plan, sha256, context: { ...reading.context, ...context }, now, values };
    items.push({ line: at, ...decideData(policy, asked, includesArgs) });
  });
  return items;
}
