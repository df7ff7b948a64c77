import { keyOf } from './record.ts';
import { pathOf } from './format.ts';
import type { BatchFormat } from './format.ts';
import { annotation } from './annotation.ts';
import { passedOverText } from './summary.ts';

const LEVEL = { info: 'notice', low: 'notice', medium: 'warning', high: 'error', critical: 'error' } as const;

/** Annotations; GitHub shows the first ten of a step in the pull request, and all of them in its log. */
export const githubReport: BatchFormat = {
  head: () => '',
  item: (record, options) =>
    record.violations
      .map(({ severity, rule, message, step_id, line }) =>
        annotation(LEVEL[severity], `${step_id === null ? '' : `step ${step_id}: `}${message}`, {
          title: `${rule} (${keyOf(record)})`,
          file: pathOf(record, options),
          line: line ?? record.line ?? 1,
        }),
      )
      .join(''),
  separator: '',
  tail(summary) {
    const passed = passedOverText(summary);
    return passed === '' ? '' : annotation('notice', passed, { title: 'plan-lint' });
  },
};
