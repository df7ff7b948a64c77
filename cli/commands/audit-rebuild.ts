/** `plan-lint audit rebuild`: the results database, filled anew from an audit log. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { many } from '../../compiler/inspect.ts';
import { UsageError } from '../../bundles/failure.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { shown } from '../text/shown.ts';
import { auditTools } from '../audit/tools.ts';

export interface AuditRebuildOptions {
  /** Path of the file that is written. */
  readonly log: string;
  /** `sqlite:FILE` or `postgres://…`. */
  readonly into?: string;
  /** A file with the address. */
  readonly intoFile?: string;
  readonly name?: string;
}

/** @throws UsageError */
function addressOf({ into, intoFile }: AuditRebuildOptions, { cwd }: Io): string {
  if ((into === undefined) === (intoFile === undefined))
    throw new UsageError('one database is filled', 'name it: --into sqlite:results.db, or --into-file FILE');
  const url = into ?? readFileSync(resolve(cwd, intoFile ?? ''), 'utf8').trim();
  return url.startsWith('sqlite:') ? `sqlite:${resolve(cwd, url.slice('sqlite:'.length))}` : url;
}

export function auditRebuild(options: AuditRebuildOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { rebuildResults } = await auditTools();
    const { log, name = hostname() } = options;
    const url = addressOf(options, io);
    const outcome = await rebuildResults({ path: resolve(io.cwd, log), url, log: name });
    if ('problem' in outcome) throw new UsageError(outcome.problem, outcome.hint);
    const { lines, missed } = outcome;
    io.stdout(shown`rebuilt  ${many(lines, 'line')} of \`${name}\`\n`);
    if (missed > 0)
      io.stderr(`note: ${many(missed, 'line')} were removed from the log, and are in no table\n`);
    return EXIT.ok;
  });
}
