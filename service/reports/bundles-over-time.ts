/** Which bundles decided when, of one log; and when none did. */
import type { WrittenEvent } from '../audit/line.ts';

export interface ActiveSpan {
  readonly log: string;
  readonly policy: string;
  /** `sha256:…` */
  readonly bundle: string;
  readonly version: string | null;
  readonly sequence: number | null;
  readonly signed: boolean | null;
  /** ISO 8601 in UTC; no earlier than the beginning of the report, no later than its end. */
  readonly from: string;
  readonly to: string;
  /** How it ended. */
  readonly ended: 'replaced' | 'deleted' | 'stopped' | 'crashed' | 'goes on';
}

export interface GapSpan {
  readonly log: string;
  readonly from: string;
  readonly to: string;
}

interface Open extends Omit<ActiveSpan, 'from' | 'to' | 'ended' | 'log'> {
  readonly at: number;
}

export interface Period {
  /** Milliseconds since the epoch: from (inclusive), to (exclusive). */
  readonly from: number;
  readonly to: number;
}

const iso = (at: number): string => new Date(at).toISOString();

export class BundlesOverTime {
  readonly #log: string;
  readonly #period: Period;
  readonly #open = new Map<string, Open>();
  readonly #spans: ActiveSpan[] = [];
  #isClosed = true;
  #last = 0;

  constructor(log: string, period: Period) {
    this.#log = log;
    this.#period = period;
  }

  /** Every line, in the order of the log, from its beginning: what decided before the period decides in it. */
  see({ action, timestamp, policy_id: policy, bundle, detail }: WrittenEvent): void {
    const at = Date.parse(timestamp);
    if (action === 'audit_opened') {
      // Nobody has closed it: nobody knows how long it went on.
      if (!this.#isClosed) this.#endAll(this.#last, 'crashed');
      this.#isClosed = false;
    }
    this.#last = at;
    if (action === 'policy_activated' && bundle !== undefined) {
      this.#end(policy, at, 'replaced');
      const { version = null, sequence = null, signed = null } = detail ?? {};
      this.#open.set(policy, {
        policy,
        bundle,
        version: version === null ? null : String(version),
        sequence: typeof sequence === 'number' ? sequence : null,
        signed: typeof signed === 'boolean' ? signed : null,
        at,
      });
    }
    if (action === 'policy_deleted') this.#end(policy, at, 'deleted');
    if (action === 'service_stopped' || action === 'audit_closed') this.#endAll(at, 'stopped');
    if (action === 'audit_closed') this.#isClosed = true;
  }

  #endAll(at: number, ended: ActiveSpan['ended']): void {
    for (const policy of [...this.#open.keys()]) this.#end(policy, at, ended);
  }

  #end(policy: string, until: number, ended: ActiveSpan['ended']): void {
    const open = this.#open.get(policy);
    if (!open) return;
    this.#open.delete(policy);
    const { at, ...facts } = open;
    const [from, to] = [Math.max(at, this.#period.from), Math.min(until, this.#period.to)];
    if (from < to || (at >= this.#period.from && at < this.#period.to))
      this.#spans.push({ log: this.#log, ...facts, from: iso(from), to: iso(Math.max(from, to)), ended });
  }

  /** At the end of the log: what has not ended goes on to the end of the period. */
  finish(): { readonly spans: readonly ActiveSpan[]; readonly gaps: readonly GapSpan[] } {
    this.#endAll(this.#period.to, 'goes on');
    return { spans: this.#spans, gaps: this.#gaps() };
  }

  #gaps(): readonly GapSpan[] {
    const gaps: GapSpan[] = [];
    let covered = this.#period.from;
    const sorted = [...this.#spans].sort((left, right) => Date.parse(left.from) - Date.parse(right.from));
    for (const { from, to } of sorted) {
      if (Date.parse(from) > covered) gaps.push({ log: this.#log, from: iso(covered), to: from });
      covered = Math.max(covered, Date.parse(to));
    }
    if (covered < this.#period.to)
      gaps.push({ log: this.#log, from: iso(covered), to: iso(this.#period.to) });
    return gaps;
  }
}
