import { many, printable } from '../../compiler/inspect.ts';
import { keyOf } from '../../decisions/record.ts';
import { passedOverText, ranked } from '../../decisions/summary.ts';
import { stepText } from '../../decisions/step-text.ts';
import { identityLines } from '../../decisions/identity.ts';
import type { BatchFormat } from '../../decisions/format.ts';

/** For a job summary or a comment: GitHub takes 1 MiB a step, and people less. */
export const markdownReport: BatchFormat = {
  head: () =>
    '## Plan validation\n\n| Plan | Status | Severity | Rule | Step | Finding |\n|---|---|---|---|---|---|\n',
  item: (record) =>
    record.violations
      .map((violation) => {
        const { severity, rule, message } = violation;
        const cells = [keyOf(record), record.status, severity, rule, stepText(violation), message];
        return `| ${cells.map(cell).join(' | ')} |\n`;
      })
      .join(''),
  separator: '',
  tail(summary, { about }) {
    const { plans, valid, statuses, known, interrupted } = summary;
    const passed = passedOverText(summary);
    const rules = ranked(summary).map(
      ({ rule, severity, count }) => `| ${cell(rule)} | ${severity} | ${count} |\n`,
    );
    return [
      `\n${interrupted ? '**Interrupted: these are not all plans.** ' : ''}`,
      `**${many(plans, 'plan')}**, ${valid} valid, ${statuses.approval} ${statuses.approval === 1 ? 'needs' : 'need'} approval, ${statuses.deny} denied`,
      known > 0 ? `, ${many(known, 'finding')} known from the baseline` : '',
      '.\n',
      passed === '' ? '' : `\n${cell(passed)}\n`,
      `\n${identityLines(summary, about)
        .map(({ label, value }) => `- ${label}: ${cell(value)}\n`)
        .join('')}`,
      rules.length > 0 ? `\n| Rule | Severity | Findings |\n|---|---|---|\n${rules.join('')}` : '',
    ].join('');
  },
  limit: 200_000,
};

/** A table cell: text of a plan is neither markup nor a link, and stays on its line. */
const cell = (text: string): string =>
  printable(text)
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|<>~$@:-]/g, (sign) => `\\${sign}`)
    .replace(/\\<|\\>/g, (sign) => (sign === '\\<' ? '&lt;' : '&gt;'));
