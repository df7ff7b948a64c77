/** A report of compliance as a page: one file, nothing fetched, made to be printed. */
import { escapeMarkup as text } from '../../decisions/markup.ts';
import type { ComplianceReport } from '../audit/compliance.ts';
import { chainText, doubtsOf } from '../text/compliance.ts';
import { barRow, identity, PAGE_TAIL, pageHead, tile } from './page.ts';

/** Rows of a table, with the heads repeated in each cell for narrow screens. */
function table(
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  empty: string,
): string {
  if (rows.length === 0) return `<p class="soft">${text(empty)}</p>\n`;
  const head = heads.map((each) => `<th>${text(each)}</th>`).join('');
  const body = rows.map(
    (cells) =>
      `<tr>${cells.map((cell, i) => `<td data-label="${text(heads[i] ?? '')}">${text(String(cell))}</td>`).join('')}</tr>\n`,
  );
  return `<table class="stack"><thead><tr>${head}</tr></thead>${body.join('')}</table>\n`;
}

const control = ({
  framework,
  control: number,
  title,
  rules,
  quiet,
  evidence,
}: ComplianceReport['controls'][number]) => {
  const found = rules.map(({ rule, findings, waived }) => `${rule}: ${findings} findings, ${waived} waived`);
  const none = quiet.map((rule) => `${rule}: no finding`);
  return [
    `${framework} ${number}`,
    title,
    [...found, ...none, ...evidence.map((each) => each.text)].join('; '),
  ];
};

export function compliancePage(report: ComplianceReport): string {
  const { decisions, rules, controls, unmapped, bundles, gaps, exceptions, approvals, database } = report;
  const most = Math.max(0, ...rules.map(({ findings }) => findings));
  const doubts = doubtsOf(report);
  return [
    pageHead('Compliance'),
    '<h1>Compliance</h1>\n',
    ...doubts.map((doubt) => `<p class="state critical">${text(doubt)}</p>\n`),
    identity([
      { label: 'Period', value: `${report.from} to ${report.to}` },
      { label: 'Audit chain', value: chainText(report) },
      ...(database?.agrees ? [{ label: 'Database', value: 'has the same decisions and findings' }] : []),
      { label: 'Made', value: report.generated },
    ]),
    '<div class="tiles">',
    tile('decisions', decisions.total),
    tile('valid', decisions.valid, 'good'),
    tile('need approval', decisions.statuses['approval'] ?? 0, 'medium'),
    tile('denied', decisions.statuses['deny'] ?? 0, 'critical'),
    tile('exceptions used', exceptions.length),
    tile('gaps', gaps.length, gaps.length > 0 ? 'critical' : ''),
    '</div>\n<h2>Controls</h2>\n',
    table(['Control', 'Title', 'Evidence'], controls.map(control), 'no controls'),
    unmapped.length > 0 ? `<p class="medium">No control names ${text(unmapped.join(', '))}.</p>\n` : '',
    '<h2>Findings by rule</h2>\n<table class="chart"><tr><th>Rule</th><th>Waived</th><th class="n">Findings</th><th></th></tr>\n',
    ...rules.map(({ rule, severity, findings, waived }) =>
      barRow([`<code>${text(rule)}</code>`, String(waived)], findings, most, text(severity)),
    ),
    '</table>\n<h2>Bundles that decided</h2>\n',
    table(
      ['Policy', 'Version', 'Bundle', 'From', 'To', 'Ended', 'Signed', 'Log'],
      bundles.map((span) => [
        span.policy,
        span.version ?? '',
        span.bundle,
        span.from,
        span.to,
        span.ended,
        span.signed === true ? 'yes' : 'NO',
        span.log,
      ]),
      'none',
    ),
    '<h2>Times without a bundle</h2>\n',
    table(
      ['From', 'To', 'Log'],
      gaps.map(({ log, from, to }) => [from, to, log]),
      'none',
    ),
    '<h2>Exceptions used</h2>\n',
    table(
      ['Exception', 'Rule', 'Findings', 'First', 'Last'],
      exceptions.map(({ waiver, rule, findings, first, last }) => [waiver, rule, findings, first, last]),
      'none',
    ),
    `<h2>Approvals</h2>\n<p>${Object.entries(approvals)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}</p>\n`,
    table(
      ['When', 'Plan', 'Policy', 'Asked by', 'Decided by', 'Outcome', 'Rules'],
      report.approval_list.map((each) => [
        each.at,
        each.plan_id,
        each.policy,
        each.requested_by,
        each.decided_by,
        each.outcome,
        each.rules,
      ]),
      'none was settled',
    ),
    '<h2>Canaries and shadows</h2>\n',
    table(
      ['When', 'Policy', 'Bundle', 'Who', 'Step', 'Reason'],
      report.rollout_list.map((each) => [
        each.at,
        each.policy,
        each.bundle,
        each.user,
        each.step,
        each.reason ?? '',
      ]),
      'none',
    ),
    `<p class="soft">${report.refusals} callers were turned away; ${report.bundles_refused} bundles were refused.</p>\n`,
    PAGE_TAIL,
  ].join('');
}
