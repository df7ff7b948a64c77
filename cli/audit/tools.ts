/**
 * The reader of audit logs, which comes with the service and is loaded when it is asked for. The service is built after the command
 * line, so what is used of it is described here; a test holds the description to it.
 */
import { parseExpiry } from '../../bundles/instant.ts';
import type { TrustRoot } from '@plan-lint/runtime';
import { optionalPackage } from '../optional-package.ts';
import type { ComplianceReport, VerifiedLog } from './compliance.ts';
import type { Io } from '../terminal/io.ts';

/** A line of a log. */
export interface AuditLine {
  readonly timestamp: string;
  readonly seq: number;
  readonly action: string;
  readonly user: string;
  readonly plan_id: string;
  readonly policy_id: string;
  readonly status?: string;
  readonly result: { readonly violations: readonly { readonly rule: string }[] } | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What was found about a log. */
export interface AuditReport extends VerifiedLog {
  readonly files: number;
  readonly decisions: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly head: string;
  readonly checkpoints: {
    readonly verified: number;
    readonly last: { readonly log: string; readonly seq: number; readonly timestamp: string } | null;
    readonly signers: readonly string[];
  };
  readonly unwitnessed: number;
  readonly remarkable: Readonly<Record<'torn' | 'outages' | 'crashes' | 'removed' | 'unfinished', number>>;
}

/** As much of `@plan-lint/service/audit` as the verbs use. */
export interface AuditTools {
  readonly verifyLog: (options: {
    readonly path: string;
    readonly trust?: TrustRoot | null;
    readonly kept?: readonly Uint8Array[];
    readonly log?: string;
    readonly isPart?: boolean;
  }) => Promise<AuditReport>;
  readonly queryLog: (
    path: string,
    query: Readonly<Record<string, string | number>>,
    onSkipped: (what: 'unreadable' | 'removed', count: number) => void,
  ) => AsyncIterable<{ readonly text: string; readonly event: AuditLine }>;
  readonly exportLog: (options: {
    readonly path: string;
    readonly output: string;
    readonly from?: number;
    readonly to?: number;
    readonly force?: boolean;
  }) => Promise<{
    readonly lines: number;
    readonly first: number | null;
    readonly last: number | null;
    readonly checkpoints: number;
    readonly unreadable: number;
  }>;
  readonly complianceReport: (options: {
    readonly logs: readonly string[];
    readonly from?: number;
    readonly to?: number;
    readonly now: number;
    readonly controls: { readonly text: string; readonly file: string };
    readonly trust: TrustRoot | null;
    readonly results?: string;
  }) => Promise<ComplianceReport | { readonly problem: string; readonly hint: string }>;
  readonly rebuildResults: (options: {
    readonly path: string;
    readonly url: string;
    readonly log: string;
  }) => Promise<
    { readonly lines: number; readonly missed: number } | { readonly problem: string; readonly hint: string }
  >;
}

/** @throws UsageError where the service is not installed */
export const auditTools = (): Promise<AuditTools> =>
  optionalPackage<AuditTools>('@plan-lint/service', 'audit', '/audit');

/** Instants of `--from` and `--to`, milliseconds since the epoch. @throws UsageError */
export function instants(
  { from, to }: { readonly from?: string; readonly to?: string },
  io: Io,
): { readonly from?: number; readonly to?: number } {
  const at = (written: string): number => Date.parse(parseExpiry(written, io.now()));
  return { ...(from !== undefined && { from: at(from) }), ...(to !== undefined && { to: at(to) }) };
}
