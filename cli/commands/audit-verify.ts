/** `plan-lint audit verify`: whether an audit log is whole, and as it was signed. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseTrustRoot } from '@plan-lint/runtime';
import { UsageError } from '../../bundles/failure.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { verifyJson, verifyText } from '../text/audit.ts';
import { auditTools } from '../audit/tools.ts';

export interface AuditVerifyOptions {
  /** Path of the file that is written. */
  readonly log: string;
  readonly trust?: string;
  /** Checkpoints that were kept elsewhere. */
  readonly checkpoint?: readonly string[];
  /** Of the log. */
  readonly name?: string;
  readonly part?: boolean;
  readonly format?: 'text' | 'json';
}

export function auditVerify(options: AuditVerifyOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { verifyLog } = await auditTools();
    const { trust, checkpoint = [], name, part = false } = options;
    if (trust === undefined && checkpoint.length > 0)
      throw new UsageError('a checkpoint says nothing without a trust root', 'name it: --trust trust.json');
    const read = (path: string): Promise<Uint8Array> => readFile(resolve(io.cwd, path));
    const report = await verifyLog({
      path: resolve(io.cwd, options.log),
      trust: trust === undefined ? null : parseTrustRoot(await read(trust)),
      kept: await Promise.all(checkpoint.map(read)),
      ...(name !== undefined && { log: name }),
      isPart: part,
    });
    io.stdout(options.format === 'json' ? verifyJson(report) : verifyText(report));
    if (trust === undefined)
      io.stderr(
        'note: no checkpoint was verified: whether the end was cut off, or all of it written anew, nobody can tell\n  hint: --trust trust.json\n',
      );
    if (report.findings.some(({ code }) => code === 'checkpoint_refused')) return EXIT.trust;
    return report.findingCount > 0 ? EXIT.findings : EXIT.ok;
  });
}
