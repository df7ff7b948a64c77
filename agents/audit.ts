/** What was decided, a JSON object a line, on disk before a call goes on. No argument and no result stands in it, only digests. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { CallDecision } from '@plan-lint/runtime/session';
import { CanonicalError, digestOf } from '@plan-lint/runtime/digest';

/** Where lines go. */
export interface AuditLog {
  /** @throws the file system's error: what cannot be written down does not happen */
  write(record: Readonly<Record<string, unknown>>): void;
  close(): void;
}

const NOWHERE: AuditLog = { write: () => undefined, close: () => undefined };

/** @param path - `undefined` for no log. @throws the file system's error */
export function openAudit(path: string | undefined): AuditLog {
  if (path === undefined) return NOWHERE;
  const file = openSync(path, 'a', 0o600);
  return {
    write(record) {
      // One write a line: lines of several processes do not run into each other.
      const line = Buffer.from(`${JSON.stringify(record)}\n`);
      if (writeSync(file, line) !== line.length) throw new Error('a line of the audit log was cut short');
    },
    close: () => closeSync(file),
  };
}

/** sha256 of a value's canonical JSON; `null` of what has none. */
export function digestOrNull(value: unknown): string | null {
  try {
    return value === undefined ? null : digestOf(value);
  } catch (error) {
    if (!(error instanceof CanonicalError)) throw error;
    return null;
  }
}

/** The members that say what was decided. */
export const decisionMembers = ({ status, riskScore, violations, entry, bundle }: CallDecision) => ({
  status,
  risk_score: riskScore,
  rules: [...new Set(violations.map(({ rule }) => rule))],
  entry,
  bundle: `sha256:${bundle.digest}`,
});
