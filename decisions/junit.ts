import { keyOf } from './record.ts';
import type { Summary } from './summary.ts';
import { stepText } from './step-text.ts';
import type { BatchFormat } from './format.ts';
import { escapeMarkup } from './markup.ts';

/** A plan is a test case; one that may not run has failed. */
export const junitReport: BatchFormat = {
  head: (summary) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite name="plan-lint" ${counts(summary)}>\n`,
  item(record) {
    const { is_valid, status, violations, plan_id } = record;
    const name = escapeMarkup(keyOf(record));
    const open = `<testcase classname="${escapeMarkup(record.entry ?? 'plans')}" name="${name}"`;
    if (violations.length === 0) return `${open}/>`;
    const lines = violations
      .map((violation) => {
        const { severity, rule, message } = violation;
        return `${severity} ${rule} ${stepText(violation)}: ${message}`;
      })
      .join('\n');
    const body = escapeMarkup(`${plan_id === null ? '' : `plan ${plan_id}\n`}${lines}`);
    const what = escapeMarkup(`${status}: ${violations.map(({ rule }) => rule).join(', ')}`);
    return is_valid
      ? `${open}><system-out>${body}</system-out></testcase>`
      : `${open}><failure type="${status}" message="${what}">${body}</failure></testcase>`;
  },
  separator: '\n',
  tail: ({ passedOver }) => `\n${passedOver.map(skipped).join('')}</testsuite>\n</testsuites>\n`,
};

const skipped = (name: string): string =>
  `<testcase classname="plans" name="${escapeMarkup(name)}"><skipped message="passed over"/></testcase>\n`;

const WIDTH = 80;

/** The counts stand before the cases but are known after them: room is left, white space may stay. */
function counts(summary: Summary | null): string {
  const text = summary
    ? `tests="${summary.plans + summary.passedOver.length}" failures="${summary.plans - summary.valid}" errors="0"` +
      (summary.passedOver.length > 0 ? ` skipped="${summary.passedOver.length}"` : '')
    : '';
  return text.padEnd(WIDTH);
}
