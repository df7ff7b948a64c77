/** `plan-lint backup`: policies, state and trust root as one file that has been read back. */
import { resolve } from 'node:path';
import { collect } from '../../bundles/backup/collect.ts';
import { writeBackup } from '../../bundles/backup/write.ts';
import { policyPath } from '../../bundles/policy-path.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { shown } from '../text/shown.ts';

export interface BackupOptions {
  readonly policyDir?: string;
  readonly backupDir: string;
  readonly stateDir?: string;
  readonly trust?: string;
  readonly config?: readonly string[];
  readonly auditLog?: string;
  readonly keep?: number;
  readonly format?: 'text' | 'json';
}

export function backup(options: BackupOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const at = (path: string): string => resolve(io.cwd, path);
    const { stateDir, trust, config = [], auditLog, keep = 10 } = options;
    const collected = await collect({
      policies: at(policyPath(options.policyDir, io)),
      ...(stateDir !== undefined && { state: at(stateDir) }),
      ...(trust !== undefined && { trust: at(trust) }),
      config: config.map(at),
      ...(auditLog !== undefined && { audit: at(auditLog) }),
    });
    const directory = at(options.backupDir);
    const { path, size, removed } = await writeBackup({ directory, collected, keep, now: io.now() });
    const files = collected.files.size;
    io.stdout(
      options.format === 'json'
        ? `${JSON.stringify({ file: path, size, files, left: collected.left, removed }, null, 2)}\n`
        : shown`backup       ${path}, ${files} files, ${size} bytes, read back\n` +
            collected.left.map((each) => shown`left out     ${each}\n`).join('') +
            removed.map((each) => shown`let go       ${each}\n`).join(''),
    );
    return EXIT.ok;
  });
}
