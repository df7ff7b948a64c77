/** `plan-lint audit`: what the validation service has written down. Its flags only; the work is in commands/. */
import type { Command } from 'commander';
import type { AuditExportOptions } from '../commands/audit-export.ts';
import type { AuditQueryOptions } from '../commands/audit-query.ts';
import type { AuditRebuildOptions } from '../commands/audit-rebuild.ts';
import type { AuditVerifyOptions } from '../commands/audit-verify.ts';
import { atLeastOne, example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

const VERIFY = 'plan-lint audit verify /var/log/plan-lint/audit.log --trust trust.json';
const QUERY = 'plan-lint audit query /var/log/plan-lint/audit.log --user agent-7 --status deny';
const EXPORT =
  'plan-lint audit export /var/log/plan-lint/audit.log --from 2026-06-01 --to 2026-07-01 --output june.log';

const REBUILD = 'plan-lint audit rebuild /var/log/plan-lint/audit.log --into sqlite:results.db';

const LOG = [
  '[log]',
  'the file that is written; closed ones beside it are read, too',
  '/var/log/plan-lint/audit.log',
] as const;

const span = (verb: Command): Command =>
  verb
    .option('--from <instant>', 'lines from then on: 2026-06-01, 2026-06-01T08:00:00Z')
    .option('--to <instant>', 'lines before then');

function addVerify(verb: Command, { io, done }: Registrar): void {
  verb
    .argument(...LOG)
    .option('--trust <file>', 'the trust root, which says who signs checkpoints')
    .option(
      '--checkpoint <file...>',
      'checkpoints that were kept elsewhere: the log must hold what they signed',
    )
    .option('--name <log>', 'accept only checkpoints of this log')
    .option('--part', 'it is a part of a log: lines before its first are not missed')
    .addOption(format())
    .addOption(json())
    .addHelpText('after', example(VERIFY))
    .action(async (log: string, options: Omit<AuditVerifyOptions, 'log'>) =>
      done(await (await import('../commands/audit-verify.ts')).auditVerify({ ...options, log }, io)),
    );
}

function addQuery(verb: Command, { io, done }: Registrar): void {
  span(verb.argument(...LOG))
    .option('--user <name>', 'who asked')
    .option('--plan <id>', 'of this plan')
    .option('--policy <name>', 'decided by this policy')
    .option('--status <status>', 'pass, warn, approval or deny')
    .option('--rule <rule>', 'in which this rule fired')
    .option('--action <action>', 'validate_plan, auth_denied, policy_activated …')
    .option('--decision <id>', 'the decision of an answer')
    .option('--limit <n>', 'no more than so many, the last ones', atLeastOne)
    .addOption(format('text', 'jsonl'))
    .addHelpText('after', example(QUERY))
    .action(async (log: string, options: Omit<AuditQueryOptions, 'log'>) =>
      done(await (await import('../commands/audit-query.ts')).auditQuery({ ...options, log }, io)),
    );
}

function addExport(verb: Command, { io, done }: Registrar): void {
  span(verb.argument(...LOG))
    .requiredOption('--output <file>', 'the lines, as they are; checkpoints are written beside it')
    .option('--force', 'replace what is there')
    .addHelpText('after', example(EXPORT))
    .action(async (log: string, options: Omit<AuditExportOptions, 'log'>) =>
      done(await (await import('../commands/audit-export.ts')).auditExport({ ...options, log }, io)),
    );
}

function addRebuild(verb: Command, { io, done }: Registrar): void {
  verb
    .argument(...LOG)
    .option('--into <address>', 'the database: sqlite:FILE or postgres://…')
    .option('--into-file <file>', 'a file with the address, where that holds a secret')
    .option('--name <log>', 'name of the log, as `audit.log` has it (default: the host’s)')
    .addHelpText('after', example(REBUILD))
    .action(async (log: string, options: Omit<AuditRebuildOptions, 'log'>) =>
      done(await (await import('../commands/audit-rebuild.ts')).auditRebuild({ ...options, log }, io)),
    );
}

export function addAudit(registrar: Registrar): void {
  const { verb } = registrar;
  const parent = verb(
    'audit',
    'verify, search, export and read again the audit log of the service',
  ).addHelpText('after', example(VERIFY, QUERY));
  addVerify(verb('verify', 'say whether the log is whole, and as it was signed', parent), registrar);
  addQuery(verb('query', 'print lines of the log', parent), registrar);
  addExport(verb('export', 'copy a part of the log that verifies like the whole', parent), registrar);
  addRebuild(verb('rebuild', 'fill the results database anew from the log', parent), registrar);
}
