import { keyOf } from './record.ts';
import { lineOf, pathOf } from './format.ts';
import type { BatchFormat } from './format.ts';
import { annotation } from './annotation.ts';
import { passedOverText } from './summary.ts';
import { stepText } from './step-text.ts';

const LEVEL = { info: 'notice', low: 'notice', medium: 'warning', high: 'error', critical: 'error' } as const;

/** Annotations; GitHub shows the first ten of a step in the pull request, and all of them in its log. */
export const githubReport: BatchFormat = {
  head: () => '',
  item: (record, options) =>
    record.violations
      .map((violation) => {
        const { severity, rule, message } = violation;
        return annotation(LEVEL[severity], `${stepText(violation)}: ${message}`, {
          title: `${rule} (${keyOf(record)})`,
          file: pathOf(record, options),
          line: lineOf(record, violation),
        });
      })
      .join(''),
  separator: '',
  tail(summary) {
    const passed = passedOverText(summary);
    return passed === '' ? '' : annotation('notice', passed, { title: 'plan-lint' });
  },
};
