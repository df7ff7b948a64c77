/**
 * A line of the log. Its first six members are the source document's, in its order; ours follow. `prev` is the sha256 of the line
 * before, its line end with it: `sed -n 5p audit.log | sha256sum` gives the `prev` of line 6.
 */
import { hash } from 'node:crypto';
import { AuditError } from './errors.ts';
import type { AuditEvent, AuditResult } from './event.ts';
import { masked, type Mask } from './mask.ts';

/** Where a log stands: its last line. */
export interface Head {
  /** 0 before the first line. */
  readonly seq: number;
  /** sha256 of that line, in lower-case hex. */
  readonly hash: string;
}

/** `prev` of the first line. */
export const NO_LINE = '0'.repeat(64);
export const EMPTY_LOG: Head = { seq: 0, hash: NO_LINE };

/** A line as it is read back. */
export interface WrittenEvent extends Omit<AuditEvent, 'result'> {
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly seq: number;
  readonly prev: string;
  readonly result: (AuditResult & { readonly violations_omitted?: number }) | null;
  /** Members that are not there because they could not be masked, or were too long. */
  readonly dropped?: readonly string[];
}

export interface LineOptions {
  /** Whether `args` are written at all. */
  readonly includesArgs: boolean;
  readonly mask: Mask;
  /** Of a line, in bytes. */
  readonly maxLineBytes: number;
}

/** A line with its end, and the head that it makes. */
export interface Line {
  readonly text: string;
  readonly head: Head;
}

/** Characters that end a line for some reader, or steer a terminal: written as escapes. */

const UNSAFE = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The one way a value is written: `JSON.stringify`, and escapes for what is not safe in a line. */
export const canonicalText = (value: unknown): string => JSON.stringify(value).replace(UNSAFE, escaped);

/** sha256 of a line with its end. */
export const hashOf = (text: string): string => hash('sha256', text, 'hex');

type Shape = Omit<WrittenEvent, 'timestamp' | 'seq' | 'prev' | 'action'>;

/** Members in the order of the log; what is `undefined` is not written. */
function ordered(event: AuditEvent, shape: Partial<Shape>, { seq, hash: prev }: Head, at: number): object {
  return {
    timestamp: new Date(at).toISOString(),
    action: event.action,
    plan_id: event.plan_id,
    policy_id: event.policy_id,
    user: event.user,
    result: shape.result,
    decision_id: event.decision_id,
    seq: seq + 1,
    prev,
    request_id: event.request_id,
    source_ip: event.source_ip,
    team: event.team,
    environment: event.environment,
    bundle: event.bundle,
    entry: event.entry,
    status: event.status,
    risk_score: event.risk_score,
    plan_sha256: event.plan_sha256,
    duration_us: event.duration_us,
    shadow: event.shadow,
    via: event.via,
    detail: event.detail,
    args: shape.args,
    dropped: shape.dropped,
  };
}

const isTooLong = (text: string, limit: number): boolean =>
  text.length > limit || (text.length * 3 > limit && Buffer.byteLength(text) > limit);

/** As many violations as fit; how many do not is said. */
function shortened(result: AuditResult, keeps: number): WrittenEvent['result'] {
  const violations = result.violations.slice(0, keeps);
  return { ...result, violations, violations_omitted: result.violations.length - keeps };
}

/**
 * Writes the line that follows `before`.
 *
 * @param at - milliseconds since the epoch
 * @throws AuditError `audit_event_invalid` for what JSON cannot hold or no shortening makes short enough
 */
export function lineAfter(before: Head, event: AuditEvent, at: number, options: LineOptions): Line {
  const result = event.result ?? null;
  const dropped: string[] = [];
  let args: unknown;
  if (event.args !== undefined && options.includesArgs) {
    try {
      args = masked(event.args, options.mask);
      // What cannot be written is found out here, where only the field is lost.
      JSON.stringify(args);
    } catch {
      args = undefined;
      dropped.push('args');
    }
  }
  const written = (shape: Partial<Shape>): string =>
    `${canonicalText(ordered(event, { ...shape, ...(dropped.length > 0 && { dropped }) }, before, at))}\n`;
  let text: string;
  try {
    text = written({ result, args });
    if (isTooLong(text, options.maxLineBytes) && args !== undefined) {
      dropped.push('args');
      text = written({ result });
    }
    for (let keeps = result?.violations.length ?? 0; isTooLong(text, options.maxLineBytes);) {
      if (result === null || keeps === 0) throw new RangeError('longer than a line may be');
      keeps = Math.floor(keeps / 2);
      text = written({ result: shortened(result, keeps) });
    }
  } catch (error) {
    throw new AuditError('audit_event_invalid', error instanceof Error ? error.message : String(error));
  }
  return { text, head: { seq: before.seq + 1, hash: hashOf(text) } };
}

/**
 * Reads a line back, without its end. What is not, to the byte, what this log writes is refused: then no name is there twice, and none
 * was misread.
 *
 * @returns `null` for what is no line of this log
 */
export function readLine(text: string): WrittenEvent | null {
  try {
    const value = JSON.parse(text) as Partial<WrittenEvent> | null;
    if (typeof value !== 'object' || value === null || canonicalText(value) !== text) return null;
    const { timestamp, action, seq, prev, user } = value;
    const isLine =
      typeof timestamp === 'string' &&
      !Number.isNaN(Date.parse(timestamp)) &&
      typeof action === 'string' &&
      typeof user === 'string' &&
      Number.isSafeInteger(seq) &&
      typeof prev === 'string' &&
      /^[0-9a-f]{64}$/.test(prev);
    return isLine ? (value as WrittenEvent) : null;
  } catch {
    return null;
  }
}
