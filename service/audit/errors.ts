/** What the audit log refuses, each with a code, a sentence and what to do about it. */

/** Codes, what they mean, and the way out. */
export const AUDIT_ERRORS = {
  audit_unavailable: [
    'the audit log cannot be written',
    'make room on its disk, or mend its permissions; it is tried again by itself',
  ],
  audit_full: [
    'the audit log has reached `audit.max_bytes`',
    'raise it, set `audit.keep`, or choose `audit.on_full: gap`',
  ],
  audit_locked: ['another process writes this audit log', 'give each process an `audit.path` of its own'],
  audit_lock_lost: [
    'another process has taken over this audit log',
    'this one was stopped for too long; restart it',
  ],
  audit_damaged: [
    'the end of the audit log cannot be read',
    '`plan-lint audit verify` says where; move the file aside to begin a new one',
  ],
  audit_closed: ['the audit log is closed', 'the service is shutting down'],
  audit_event_invalid: ['the event cannot be written as JSON', 'this is a fault of the service; report it'],
  cursor_unreadable: [
    'the position of a reader cannot be read',
    'remove the file: everything is then sent again from the first line that is kept',
  ],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

export type AuditErrorCode = keyof typeof AUDIT_ERRORS;

/**
 * The one error of the audit log.
 *
 * @example
 * try { await log.append(event); } catch (error) { if (error instanceof AuditError) answer503(error.code); }
 */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: AuditErrorCode;
  readonly hint: string;

  /** @param detail - what exactly: a path, a pid, what the system said */
  constructor(code: AuditErrorCode, detail?: string) {
    const [sentence, hint] = AUDIT_ERRORS[code];
    super(detail === undefined ? sentence : `${sentence}: ${detail}`);
    this.code = code;
    this.hint = hint;
  }
}

export const isSystemCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
