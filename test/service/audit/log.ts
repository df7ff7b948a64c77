/** A log in a directory of its own, and events for it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent } from '../../../service/audit/event.ts';
import { openAuditFiles } from '../../../service/audit/open.ts';
import type { AuditOptions } from '../../../service/audit/options.ts';
import type { Writer } from '../../../service/audit/writer.ts';

export interface LogPlace {
  readonly directory: string;
  readonly path: string;
  /** Opens the log; it is closed when the place is removed. */
  open(options?: Partial<AuditOptions>): Promise<Writer>;
  /** The lines of the file that is written. */
  lines(): readonly string[];
  remove(): Promise<void>;
}

export function logPlace(): LogPlace {
  const directory = mkdtempSync(join(tmpdir(), 'plan-lint-audit-'));
  const path = join(directory, 'audit.log');
  const opened: Writer[] = [];
  return {
    directory,
    path,
    async open(options = {}) {
      const log = await openAuditFiles({ path, log: 'tests', ...options });
      opened.push(log);
      return log;
    },
    lines: () => readFileSync(path, 'utf8').split('\n').slice(0, -1),
    async remove() {
      for (const log of opened) await log.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export const decision = (id: string, more: Partial<AuditEvent> = {}): AuditEvent => ({
  action: 'validate_plan',
  plan_id: `plan-${id}`,
  policy_id: 'finance',
  user: 'agent-7',
  result: { is_valid: true, violation_count: 0, violations: [] },
  decision_id: id,
  status: 'pass',
  risk_score: 0,
  ...more,
});

export const violation = (rule: string, message = 'it is not allowed') =>
  ({
    rule,
    policy: 'finance',
    message,
    severity: 'high',
    enforcement: 'deny',
    category: 'PATTERN',
    step_index: 0,
    step_id: 's1',
    arg_path: 'amount',
    origin: null,
    waiver: null,
  }) as const;

export const denied = (id: string, ...rules: readonly string[]): AuditEvent =>
  decision(id, {
    result: {
      is_valid: false,
      violation_count: rules.length,
      violations: rules.map((rule) => violation(rule)),
    },
    status: 'deny',
    risk_score: 0.8,
  });
