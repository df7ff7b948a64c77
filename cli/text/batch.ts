import { many, printable } from '../../compiler/inspect.ts';
import { keyOf } from '../../decisions/record.ts';
import type { PlanRecord } from '../../decisions/record.ts';
import { passedOverText, ranked } from '../../decisions/summary.ts';
import { stepText } from '../../decisions/step-text.ts';
import type { Summary } from '../../decisions/summary.ts';
import type { BatchFormat } from '../../decisions/format.ts';
import { waitingChecks } from './waiting.ts';
import { paint, STATUS_TINTS } from '../terminal/paint.ts';
import type { Tint } from '../terminal/paint.ts';

const WORDS: Readonly<Record<PlanRecord['status'], string>> = {
  pass: 'PASS',
  warn: 'WARN',
  approval: 'NEEDS APPROVAL',
  deny: 'DENIED',
};

/** Plans with findings, then the numbers. */
export const textReport: BatchFormat = {
  head: () => '',
  item(record, { colour }) {
    if (record.violations.length === 0) return '';
    const named = record.plan_id === null ? '' : `  ${printable(record.plan_id)}`;
    const lines = record.violations.map((violation) => {
      const { severity, rule, message } = violation;
      return `  ${severity.padEnd(8)}  ${stepText(violation, printable)}: ${printable(message)}  [${printable(rule)}]`;
    });
    const head = `${printable(keyOf(record))}${named}`;
    return `${paint(WORDS[record.status], STATUS_TINTS[record.status], colour)}  ${[head, ...lines].join('\n')}\n`;
  },
  separator: '',
  tail: (summary, { colour }) => summaryText(summary, colour),
};

/** The numbers of a run in a few lines. */
export function summaryText(summary: Summary, colour: boolean): string {
  const { plans, valid, statuses, known, pending, interrupted } = summary;
  const number = (n: number): string => n.toLocaleString('en-US');
  const parts = [
    many(plans, 'plan'),
    `${number(valid)} valid`,
    ...(statuses.approval > 0
      ? [`${number(statuses.approval)} ${statuses.approval === 1 ? 'needs' : 'need'} approval`]
      : []),
    ...(statuses.deny > 0 ? [`${number(statuses.deny)} denied`] : []),
    ...(pending > 0 ? [`${waitingChecks(pending)} for a run`] : []),
    ...(known > 0 ? [`${many(known, 'finding')} known from the baseline`] : []),
  ];
  const rules = ranked(summary)
    .slice(0, 10)
    .map(
      ({ severity, rule, count }) =>
        `  ${number(count).padStart(9)}  ${severity.padEnd(8)}  ${printable(rule)}\n`,
    );
  const tint: Tint = summary.failing > 0 || interrupted ? 'red' : 'green';
  const cut = interrupted ? 'interrupted: these are not all plans\n' : '';
  const passed = passedOverText(summary);
  const left = passed === '' ? '' : `${paint(printable(passed), 'yellow', colour)}\n`;
  return `${cut}${paint(parts.join(', '), tint, colour)}\n${left}${rules.join('')}`;
}
