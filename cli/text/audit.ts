/** Audit logs for people. */
import type { AuditLine, AuditReport } from '../audit/tools.ts';
import { many } from '../../compiler/inspect.ts';
import { shown } from './shown.ts';

function remarks({ remarkable, unwitnessed, checkpoints }: AuditReport): readonly string[] {
  const { torn, outages, crashes, removed, unfinished } = remarkable;
  return [
    ...(removed > 0
      ? [`removed      ${many(removed, 'line')} at the beginning, by retention; the log says so\n`]
      : []),
    ...(crashes > 0 ? [`crashes      opened ${many(crashes, 'time')} without having been closed\n`] : []),
    ...(torn > 0 ? [`torn         ${many(torn, 'line')} cut at start; the log says so\n`] : []),
    ...(outages > 0 ? [`outages      ${many(outages, 'time')} it could not be written for a while\n`] : []),
    ...(unfinished > 0 ? [`unfinished   ${many(unfinished, 'byte')} behind the last line\n`] : []),
    ...(checkpoints.last !== null && unwitnessed > 0
      ? [`unwitnessed  ${many(unwitnessed, 'line')} behind the last checkpoint\n`]
      : []),
  ];
}

/** What was found about a log, a line a fact. */
export function verifyText(report: AuditReport): string {
  const { path, files, lines, decisions, from, to, head, checkpoints, findings, findingCount } = report;
  const { last, verified, signers } = checkpoints;
  const isWhole = findingCount === 0;
  return [
    shown`log          ${path}: ${many(files, 'file')}, ${many(lines, 'line')}, ${many(decisions, 'decision')}\n`,
    from === null
      ? 'chain        empty\n'
      : `chain        ${isWhole ? 'whole' : 'NOT WHOLE'}, line ${from} to ${to ?? from}\n`,
    `head         sha256:${head}\n`,
    ...(last === null
      ? []
      : [
          shown`checkpoints  ${verified}, signed by ${signers.join(', ')}; the last of line ${last.seq}, ${last.timestamp} (${last.log})\n`,
        ]),
    ...remarks(report),
    ...findings.map(
      ({ code, message, file, line }) =>
        shown`${line > 0 ? `${file}:${line}` : file}: error[${code}]: ${message}\n`,
    ),
    ...(findingCount > findings.length
      ? [`… and ${many(findingCount - findings.length, 'finding')} more\n`]
      : []),
  ].join('');
}

/** The same for programs. */
export const verifyJson = (report: AuditReport): string => `${JSON.stringify(report, null, 2)}\n`;

/** A line of a log. */
export function eventText(event: AuditLine): string {
  const { timestamp, seq, action, user, plan_id, policy_id, status, result } = event;
  const rules = [...new Set(result?.violations.map(({ rule }) => rule) ?? [])].join(', ');
  const facts = Object.entries(event.detail ?? {}).map(([name, value]) => `${name}=${String(value)}`);
  return shown`${String(seq).padStart(7)}  ${timestamp}  ${action}  ${user}  ${plan_id}  ${policy_id}  ${status ?? ''}  ${[rules, ...facts].join(' ')}`
    .trimEnd()
    .concat('\n');
}
