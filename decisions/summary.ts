/** What a batch amounts to. Sums only, so that summaries of blocks, threads and shards add up. */
import { SEVERITIES } from '@plan-lint/runtime/contract';
import type { BundleIdentity, Origin, Severity, Status } from '@plan-lint/runtime/contract';
import type { PlanRecord } from './record.ts';

export interface RuleCount {
  readonly rule: string;
  readonly policy: string;
  readonly severity: Severity;
  readonly origin: Origin | null;
  count: number;
}

export interface Summary {
  plans: number;
  valid: number;
  /** Plans because of which the run fails. */
  failing: number;
  /** Findings that a baseline has taken away. */
  known: number;
  /** Checks that wait for the runs of their plans. */
  pending: number;
  readonly statuses: Record<Status, number>;
  readonly severities: Record<Severity, number>;
  /** By policy and rule. */
  readonly rules: Map<string, RuleCount>;
  /** Which bundles decided, by digest, and by which entries; `null`: all of a bundle. */
  readonly bundles: Map<string, BundleIdentity>;
  readonly entries: Set<string | null>;
  /** Files, and directories with a slash at their end, that were there and not looked at. */
  readonly passedOver: string[];
  /** Whether the run ended before its plans did. */
  interrupted: boolean;
}

export function emptySummary(): Summary {
  return {
    plans: 0,
    valid: 0,
    failing: 0,
    known: 0,
    pending: 0,
    statuses: { pass: 0, warn: 0, approval: 0, deny: 0 },
    severities: { info: 0, low: 0, medium: 0, high: 0, critical: 0 },
    rules: new Map(),
    bundles: new Map(),
    entries: new Set(),
    passedOver: [],
    interrupted: false,
  };
}

/** Which findings make a run fail: from a severity up, none, or, by default, plans that may not run. */
export type FailOn = Severity | 'never' | undefined;

/** What makes a run fail: findings, and, where that is asked for, checks that wait. */
export interface FailWhen {
  readonly failOn: FailOn;
  readonly failOnPending?: boolean | undefined;
}

export function addRecord(
  summary: Summary,
  record: PlanRecord,
  { failOn, failOnPending = false }: FailWhen,
): void {
  summary.plans += 1;
  if (record.is_valid) summary.valid += 1;
  const waiting = record.pending?.length ?? 0;
  if (fails(record, failOn) || (failOnPending && waiting > 0)) summary.failing += 1;
  summary.pending += waiting;
  summary.known += record.known ?? 0;
  summary.statuses[record.status] += 1;
  for (const { rule, policy, severity, origin } of record.violations) {
    summary.severities[severity] += 1;
    const key = `${policy}\n${rule}`;
    const found = summary.rules.get(key);
    if (found) found.count += 1;
    else summary.rules.set(key, { rule, policy, severity, origin, count: 1 });
  }
  const { bundle, entry } = record;
  if (!bundle) return;
  if (!summary.bundles.has(bundle.digest)) summary.bundles.set(bundle.digest, bundle);
  if (!summary.entries.has(entry)) summary.entries.add(entry);
}

function fails({ is_valid, violations, known }: PlanRecord, failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  // What a baseline knows does not fail a run again, whatever was decided.
  if (failOn === undefined) return !is_valid && (violations.length > 0 || known === undefined);
  const least = SEVERITIES.indexOf(failOn);
  return violations.some(({ severity }) => SEVERITIES.indexOf(severity) >= least);
}

export function addSummary(sum: Summary, part: Summary): void {
  for (const key of ['plans', 'valid', 'failing', 'known', 'pending'] as const) sum[key] += part[key];
  for (const key of ['pass', 'warn', 'approval', 'deny'] as const) sum.statuses[key] += part.statuses[key];
  for (const key of SEVERITIES) sum.severities[key] += part.severities[key];
  for (const [key, count] of part.rules) {
    const found = sum.rules.get(key);
    if (found) found.count += count.count;
    else sum.rules.set(key, { ...count });
  }
  for (const [digest, bundle] of part.bundles) sum.bundles.set(digest, bundle);
  for (const entry of part.entries) sum.entries.add(entry);
  sum.passedOver.push(...part.passedOver);
  sum.interrupted ||= part.interrupted;
}

/** Rules by how much they matter: severity first, then how often they fired. */
export function ranked(summary: Summary): readonly RuleCount[] {
  return [...summary.rules.values()].sort(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      b.count - a.count ||
      (a.rule < b.rule ? -1 : 1),
  );
}

const MOST_NAMED = 5;

/** What was not looked at, in one line for people; `''` where there is nothing. */
export function passedOverText({ passedOver }: { readonly passedOver: readonly string[] }): string {
  if (passedOver.length === 0) return '';
  const named = passedOver.slice(0, MOST_NAMED).join(', ');
  const more = passedOver.length - MOST_NAMED;
  const what = passedOver.length === 1 ? '1 file' : `${passedOver.length} files`;
  return `${what} passed over: ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
