/** A report of compliance for a terminal; what makes all else doubtful stands first. */
import { many, printable } from '../../compiler/inspect.ts';
import type { ComplianceReport } from '../audit/compliance.ts';
import { shown } from './shown.ts';

/** What an auditor has to know before any number: each a sentence. */
export function doubtsOf({ chain, database, not_counted: left }: ComplianceReport): readonly string[] {
  const broken = chain.logs.filter(({ findingCount }) => findingCount > 0);
  return [
    ...broken.map(({ path, findingCount, findings }) => {
      const [first] = findings;
      const where = first ? `: ${first.message} (${first.file}:${first.line})` : '';
      return `THE AUDIT CHAIN IS BROKEN in ${path}, ${many(findingCount, 'finding')}${where}`;
    }),
    ...(database?.agrees === false
      ? [
          `THE DATABASE DIFFERS FROM THE LOG: it has ${many(database.decisions, 'decision')}, ${database.valid} of them valid`,
        ]
      : []),
    ...(left.lines_unreadable > 0 ? [`${many(left.lines_unreadable, 'line')} cannot be read`] : []),
    ...(left.lines_removed > 0
      ? [`${many(left.lines_removed, 'line')} were removed by retention, and are in no number here`]
      : []),
    ...(left.violations_omitted > 0
      ? [
          `${many(left.violations_omitted, 'finding')} were too many for their lines, and are in no number of a rule`,
        ]
      : []),
  ];
}

/** Whether the logs can be believed, in a sentence. */
export function chainText({ chain }: ComplianceReport): string {
  const lines = chain.logs.reduce((sum, { lines: count }) => sum + count, 0);
  const state = chain.whole ? 'whole' : 'NOT WHOLE';
  const witness = chain.witnessed ? 'signed checkpoints vouch for it' : 'no signed checkpoint vouches for it';
  return `${state}: ${many(chain.logs.length, 'log')}, ${many(lines, 'line')}; ${witness}`;
}

const short = (bundle: string): string => bundle.slice(0, 'sha256:'.length + 12);

export function complianceText(report: ComplianceReport): string {
  const { decisions, controls, unmapped, bundles, gaps, exceptions, approvals, database } = report;
  const statuses = Object.entries(decisions.statuses).map(([status, count]) => `${count} ${status}`);
  return [
    ...doubtsOf(report).map((doubt) => `${printable(doubt)}\n`),
    `period     ${report.from} to ${report.to}\n`,
    `chain      ${chainText(report)}\n`,
    shown`decisions  ${decisions.total}, ${decisions.valid} valid: ${statuses.join(', ')}\n`,
    ...(database?.agrees ? [`database   has the same\n`] : []),
    ...controls.map(
      ({ framework, control, title, rules, quiet, evidence }) =>
        shown`${framework} ${control}  ${title}\n` +
        rules
          .map(({ rule, findings, waived }) => shown`  ${findings} findings, ${waived} waived  ${rule}\n`)
          .join('') +
        quiet.map((rule) => shown`  no finding  ${rule}\n`).join('') +
        evidence.map(({ text }) => `  ${printable(text)}\n`).join(''),
    ),
    ...(unmapped.length > 0 ? [shown`no control names  ${unmapped.join(', ')}\n`] : []),
    ...bundles.map(
      ({ policy, bundle, version, signed, from, to, ended }) =>
        shown`bundle     ${policy} ${version ?? ''} ${short(bundle)}  ${from} to ${to}, ${ended}${signed === true ? '' : ', NOT SIGNED'}\n`,
    ),
    ...gaps.map(({ log, from, to }) => shown`no bundle  ${from} to ${to}  ${log}\n`),
    ...exceptions.map(
      ({ waiver, rule, findings }) => shown`exception  ${waiver}  ${rule}, ${findings} findings\n`,
    ),
    `approvals  ${Object.entries(approvals)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}\n`,
  ].join('');
}
