/** `plan-lint report compliance`: what the logs of a period prove, control by control, beginning with whether they are whole. */
import type { TrustRoot } from '@plan-lint/runtime';
import { batchesFrom } from '../audit/reader.ts';
import { verifyLog } from '../audit/verify.ts';
import type { VerifyReport } from '../audit/verify.ts';
import { databaseAt } from '../database/configured.ts';
import { ServiceError, reasonOf } from '../failure.ts';
import { BundlesOverTime } from './bundles-over-time.ts';
import type { ActiveSpan, GapSpan, Period } from './bundles-over-time.ts';
import { Collected } from './collect.ts';
import type { ApprovalFact, ExceptionCount, RolloutFact, RuleCount } from './collect.ts';
import { names, readControls } from './controls.ts';
import type { Controls, Evidence } from './controls.ts';
import { totalsOf } from '../results/totals.ts';
import type { Totals } from '../results/totals.ts';

export interface ComplianceOptions {
  /** Paths of the files that are written: one log an instance. */
  readonly logs: readonly string[];
  /** Milliseconds since the epoch; default: the first line. */
  readonly from?: number;
  /** Default, and no later than: `now`. */
  readonly to?: number;
  readonly now: number;
  /** Text and name of the file with the controls. */
  readonly controls: { readonly text: string; readonly file: string };
  readonly trust: TrustRoot | null;
  /** A results database that is held against the logs. */
  readonly results?: string;
}

export interface ControlReport {
  readonly framework: string;
  readonly control: string;
  readonly title: string;
  readonly rules: readonly Omit<RuleCount, 'severity'>[];
  /** Names that no finding of the period has. */
  readonly quiet: readonly string[];
  readonly evidence: readonly { readonly kind: Evidence; readonly text: string }[];
}

export interface ComplianceReport {
  readonly from: string;
  readonly to: string;
  readonly generated: string;
  /** First of all: whether what follows can be believed. */
  readonly chain: {
    readonly whole: boolean;
    /** Checkpoints of somebody trusted vouch for it. */
    readonly witnessed: boolean;
    readonly logs: readonly VerifyReport[];
  };
  readonly decisions: {
    readonly total: number;
    readonly valid: number;
    readonly statuses: Readonly<Record<string, number>>;
    readonly policies: Readonly<Record<string, number>>;
  };
  readonly rules: readonly RuleCount[];
  readonly controls: readonly ControlReport[];
  /** Rules that fired and that no control names. */
  readonly unmapped: readonly string[];
  readonly bundles: readonly ActiveSpan[];
  readonly gaps: readonly GapSpan[];
  readonly bundles_refused: number;
  readonly exceptions: readonly ExceptionCount[];
  readonly approvals: Readonly<Record<string, number>>;
  readonly approval_list: readonly ApprovalFact[];
  readonly rollouts: number;
  readonly rollout_list: readonly RolloutFact[];
  readonly refusals: number;
  /** What could not be counted. */
  readonly not_counted: {
    readonly lines_removed: number;
    readonly lines_unreadable: number;
    readonly violations_omitted: number;
  };
  /** `null` where no database was asked. */
  readonly database: (Totals & { readonly agrees: boolean }) | null;
}

/** What keeps a report from being made. */
export interface NoReport {
  readonly problem: string;
  readonly hint: string;
}

interface Read {
  readonly collected: Collected;
  readonly spans: readonly ActiveSpan[];
  readonly gaps: readonly GapSpan[];
  readonly removed: number;
  readonly unreadable: number;
}

async function firstInstant(logs: readonly string[], now: number): Promise<number> {
  let first = now;
  for (const log of logs)
    for await (const { lines } of batchesFrom(log)) {
      const [line] = lines;
      if (!line) continue;
      first = Math.min(first, Date.parse(line.event.timestamp));
      break;
    }
  return first;
}

async function readLogs(logs: readonly string[], period: Period): Promise<Read> {
  const collected = new Collected(period);
  const spans: ActiveSpan[] = [];
  const gaps: GapSpan[] = [];
  let [removed, unreadable] = [0, 0];
  for (const log of logs) {
    const time = new BundlesOverTime(log, period);
    for await (const batch of batchesFrom(log)) {
      if (batch.gap) removed += batch.gap.to - batch.gap.from + 1;
      unreadable += batch.unreadable;
      for (const { event } of batch.lines) {
        if (Date.parse(event.timestamp) < period.to) time.see(event);
        collected.see(event);
      }
    }
    const finished = time.finish();
    spans.push(...finished.spans);
    gaps.push(...finished.gaps);
  }
  return { collected, spans, gaps, removed, unreadable };
}

const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function evidenceText(kind: Evidence, { collected, spans, gaps }: Read, isWhole: boolean): string {
  const { approvals, exceptions, decisions, statuses, rollouts, refusals } = collected;
  const texts: Readonly<Record<Evidence, () => string>> = {
    decisions: () => `${many(decisions, 'decision')}, ${statuses['deny'] ?? 0} of them denied`,
    bundles: () =>
      `${many(new Set(spans.map(({ bundle }) => bundle)).size, 'bundle')} decided, ${spans.every(({ signed }) => signed === true) ? 'all signed' : 'NOT ALL SIGNED'}; ${many(gaps.length, 'gap')} without one`,
    approvals: () =>
      `${many(approvals.requested, 'approval')} asked for: ${approvals.approved} given, ${approvals.denied} denied, ${approvals.expired} expired`,
    exceptions: () => `${many(exceptions.size, 'exception')} used`,
    rollouts: () => many(rollouts, 'step') + ' of canaries and shadows',
    refusals: () => `${many(refusals, 'caller')} turned away`,
    chain: () => (isWhole ? 'the audit chain is whole' : 'THE AUDIT CHAIN IS BROKEN'),
  };
  return texts[kind]();
}

function controlsOf(frameworks: Controls, read: Read, isWhole: boolean): readonly ControlReport[] {
  const all = [...read.collected.rules.values()];
  return [...frameworks].flatMap(([framework, controls]) =>
    [...controls].map(([control, { title, rules, evidence }]) => {
      const named = all.filter(({ rule }) => rules.some((pattern) => names(pattern, rule)));
      return {
        framework,
        control,
        title,
        rules: named.map(({ rule, findings, waived, decisions }) => ({ rule, findings, waived, decisions })),
        quiet: rules.filter((pattern) => !all.some(({ rule }) => names(pattern, rule))),
        evidence: evidence.map((kind) => ({ kind, text: evidenceText(kind, read, isWhole) })),
      };
    }),
  );
}

/** Whether a database has exactly what the logs say; one that is behind, or was emptied in part, has not. */
function agrees(totals: Totals, { decisions, valid, statuses, rules }: Collected): boolean {
  if (totals.decisions !== decisions || totals.valid !== valid) return false;
  const same = (left: Readonly<Record<string, number>>, right: Readonly<Record<string, number>>): boolean =>
    [...new Set([...Object.keys(left), ...Object.keys(right)])].every(
      (name) => (left[name] ?? 0) === (right[name] ?? 0),
    );
  const findings = Object.fromEntries([...rules.values()].map(({ rule, findings: count }) => [rule, count]));
  return same(totals.statuses, statuses) && same(totals.rules, findings);
}

/** @returns the report, or what keeps it from being made */
export async function complianceReport(options: ComplianceOptions): Promise<ComplianceReport | NoReport> {
  try {
    return await report(options);
  } catch (error) {
    if (error instanceof ServiceError) return { problem: error.message, hint: error.hint };
    return {
      problem: `the report cannot be made: ${reasonOf(error)}`,
      hint: 'name logs and databases that can be read',
    };
  }
}

async function report(options: ComplianceOptions): Promise<ComplianceReport> {
  const { logs, now, trust, results } = options;
  const frameworks = readControls(options.controls.text, options.controls.file);
  const verified = await Promise.all(logs.map((path) => verifyLog({ path, trust })));
  const period: Period = {
    from: options.from ?? (await firstInstant(logs, now)),
    // What has not been yet is no gap, and no evidence.
    to: Math.min(options.to ?? now, now),
  };
  if (!(period.from < period.to))
    throw new ServiceError(
      'the period is empty: it ends before it begins',
      '--from 2026-06-01 --to 2026-07-01',
    );
  const read = await readLogs(logs, period);
  const { collected } = read;
  const whole = verified.every(({ findingCount }) => findingCount === 0);
  const rules = [...collected.rules.values()].sort(
    (left, right) => right.findings - left.findings || (left.rule < right.rule ? -1 : 1),
  );
  const controls = controlsOf(frameworks, read, whole);
  const mapped = new Set(controls.flatMap((control) => control.rules.map(({ rule }) => rule)));
  return {
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    generated: new Date(now).toISOString(),
    chain: {
      whole,
      witnessed: verified.every(({ checkpoints }) => checkpoints.last !== null),
      logs: verified,
    },
    decisions: {
      total: collected.decisions,
      valid: collected.valid,
      statuses: collected.statuses,
      policies: Object.fromEntries(collected.policies),
    },
    rules,
    controls,
    unmapped: rules.map(({ rule }) => rule).filter((rule) => !mapped.has(rule)),
    bundles: read.spans,
    gaps: read.gaps,
    bundles_refused: collected.bundlesRefused,
    exceptions: [...collected.exceptions.values()],
    approvals: { ...collected.approvals },
    approval_list: collected.approvalList,
    rollouts: collected.rollouts,
    rollout_list: collected.rolloutList,
    refusals: collected.refusals,
    not_counted: {
      lines_removed: read.removed,
      lines_unreadable: read.unreadable,
      violations_omitted: collected.violationsOmitted,
    },
    database: results === undefined ? null : await database(results, period, collected),
  };
}

async function database(url: string, period: Period, collected: Collected) {
  const opened = await databaseAt(url, null);
  try {
    const totals = await totalsOf(opened, period);
    return { ...totals, agrees: agrees(totals, collected) };
  } finally {
    await opened.close();
  }
}
