import type { Severity } from '@plan-lint/runtime/contract';
import { lineOf, pathOf } from './format.ts';
import type { BatchFormat } from './format.ts';
import { keyOf } from './record.ts';
import { stepText } from './step-text.ts';
import { passedOverText } from './summary.ts';

const TYPE: Readonly<Record<Severity, 'error' | 'warning'>> = {
  info: 'warning',
  low: 'warning',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};

/** The escapes of the agent (`vso` commands), so that no text can end the command or begin one. */
const escapeData = (text: string): string =>
  text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(';', '%3B').replaceAll(']', '%5D');

function issue(
  type: 'error' | 'warning',
  properties: Readonly<Record<string, string | number>>,
  text: string,
): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))};`);
  return `##vso[task.logissue type=${type};${pairs.join('')}]${escapeData(text)}\n`;
}

/** Logging commands of Azure Pipelines: findings stand in the summary of the run. */
export const azureDevOpsReport: BatchFormat = {
  head: () => '',
  item: (record, options) =>
    record.violations
      .map((violation) => {
        const { severity, rule, message } = violation;
        const place = { sourcepath: pathOf(record, options), linenumber: lineOf(record, violation) };
        return issue(
          TYPE[severity],
          { ...place, code: rule },
          `${keyOf(record)}: ${stepText(violation)}: ${message}`,
        );
      })
      .join(''),
  separator: '',
  tail(summary) {
    const passed = passedOverText(summary);
    return passed === '' ? '' : issue('warning', {}, passed);
  },
};
