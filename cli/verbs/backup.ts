/** `plan-lint backup` and `restore`. Their flags only; the work is in commands/. */
import type { BackupOptions } from '../commands/backup.ts';
import type { RestoreOptions } from '../commands/restore.ts';
import { atLeastOne, example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addBackup({ verb, io, done }: Registrar): void {
  verb('backup', 'put policies, state and trust root into one file, read back, and let old ones go')
    .option('--policy-dir <dir>', 'the policies or bundles (default: PLAN_LINT_POLICY_PATH)')
    .requiredOption('--backup-dir <dir>', 'where backups are kept')
    .option('--state-dir <dir>', 'what the service has seen')
    .option('--trust <file>', 'the trust root')
    .option('--config <file...>', 'files of the configuration; no secrets')
    .option('--audit-log <file>', 'its last signed checkpoint goes along; the log itself is too large')
    .option('--keep <number>', 'how many good backups stay (default: 10)', atLeastOne)
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example('plan-lint backup --policy-dir /etc/planlint/policies --backup-dir /mnt/backups/plan-lint'),
    )
    .action(async (options: BackupOptions) =>
      done(await (await import('../commands/backup.ts')).backup(options, io)),
    );
}

export function addRestore({ verb, io, done }: Registrar): void {
  verb('restore', 'say what a backup would bring back, and with --apply bring it back')
    .argument('<file>', 'the backup')
    .requiredOption('--policy-dir <dir>', 'where the policies or bundles go')
    .option('--state-dir <dir>', 'where the state goes')
    .option('--trust <file>', 'the trust root as it is now')
    .option('--unsigned', 'restore policies that nobody has signed')
    .option('--accept-rollback', 'go back to older bundles, and let the state go back with them')
    .option('--apply', 'do it')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint restore policy-backup-20260601-030000.tar.gz --policy-dir /etc/planlint/policies --trust trust.json',
      ),
    )
    .action(async (file: string, options: Omit<RestoreOptions, 'file'>) =>
      done(await (await import('../commands/restore.ts')).restore({ ...options, file }, io)),
    );
}
