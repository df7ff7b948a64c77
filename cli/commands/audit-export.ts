/** `plan-lint audit export`: a part of an audit log for somebody else. */
import { resolve } from 'node:path';
import { many } from '../../compiler/inspect.ts';
import { UsageError } from '../../bundles/failure.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { shown } from '../text/shown.ts';
import { auditTools, instants } from '../audit/tools.ts';

export interface AuditExportOptions {
  /** Path of the file that is written. */
  readonly log: string;
  readonly output: string;
  readonly from?: string;
  readonly to?: string;
  readonly force?: boolean;
}

export function auditExport(options: AuditExportOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { exportLog } = await auditTools();
    const { log, output, force = false } = options;
    const path = resolve(io.cwd, log);
    if (path === resolve(io.cwd, output))
      throw new UsageError('a log is not exported onto itself', 'name another file: --output part.log');
    const { lines, first, last, checkpoints, unreadable } = await exportLog({
      path,
      output: resolve(io.cwd, output),
      force,
      ...instants(options, io),
    });
    const numbers = first === null ? '' : `, ${first} to ${last ?? first}`;
    io.stdout(
      shown`exported  ${many(lines, 'line')}${numbers}, ${many(checkpoints, 'checkpoint')} → ${output}\n`,
    );
    if (unreadable > 0)
      io.stderr(`note: ${many(unreadable, 'line')} of the log could not be read, and are not in it\n`);
    return unreadable > 0 ? EXIT.findings : EXIT.ok;
  });
}
