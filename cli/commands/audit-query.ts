/** `plan-lint audit query`: lines of an audit log. */
import { resolve } from 'node:path';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { eventText } from '../text/audit.ts';
import { auditTools, instants } from '../audit/tools.ts';

export interface AuditQueryOptions {
  /** Path of the file that is written. */
  readonly log: string;
  readonly from?: string;
  readonly to?: string;
  readonly user?: string;
  readonly plan?: string;
  readonly policy?: string;
  readonly status?: string;
  readonly rule?: string;
  readonly action?: string;
  readonly decision?: string;
  readonly limit?: number;
  readonly format?: 'text' | 'jsonl';
}

export function auditQuery(options: AuditQueryOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { queryLog } = await auditTools();
    const { user, plan, policy, status, rule, action, decision, limit, format } = options;
    const asked = { user, plan, policy, status, rule, action, decision };
    const query = {
      ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
      ...instants(options, io),
    };
    const skipped = new Map<string, number>();
    const lines = queryLog(resolve(io.cwd, options.log), query, (what, count) =>
      skipped.set(what, (skipped.get(what) ?? 0) + count),
    );
    const last: string[] = [];
    for await (const { text, event } of lines) {
      const line = format === 'jsonl' ? `${text}\n` : eventText(event);
      if (limit === undefined) io.stdout(line);
      else if (last.push(line) > limit) last.shift();
    }
    io.stdout(last.join(''));
    for (const [what, count] of skipped) io.stderr(`note: ${count} lines were not looked at: ${what}\n`);
    return skipped.has('unreadable') ? EXIT.usage : EXIT.ok;
  });
}
