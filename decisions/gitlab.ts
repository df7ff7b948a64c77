/** What GitLab shows in a merge request: Code Quality (a list of issues) and SAST (report schema 15). */
import { createHash } from 'node:crypto';
import { RUNTIME_VERSION } from '@plan-lint/runtime/contract';
import type { Severity } from '@plan-lint/runtime/contract';
import type { ViolationObject } from './decision.ts';
import { fingerprint } from './fingerprint.ts';
import { lineOf, pathOf } from './format.ts';
import type { BatchFormat, ItemOptions } from './format.ts';
import { keyOf } from './record.ts';
import type { PlanRecord } from './record.ts';
import { stepText } from './step-text.ts';

const QUALITY: Readonly<Record<Severity, string>> = {
  info: 'info',
  low: 'minor',
  medium: 'major',
  high: 'critical',
  critical: 'blocker',
};

const SAST: Readonly<Record<Severity, string>> = {
  info: 'Info',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

const digest = (record: PlanRecord, violation: ViolationObject): string =>
  createHash('sha256').update(fingerprint(record, violation)).digest('hex');

const sentence = (violation: ViolationObject): string => `${stepText(violation)}: ${violation.message}`;

type Issue = (record: PlanRecord, violation: ViolationObject, options: ItemOptions) => object;

const each =
  (issue: Issue): BatchFormat['item'] =>
  (record, options) =>
    record.violations.map((violation) => JSON.stringify(issue(record, violation, options))).join(',\n');

export const gitlabCodeQualityReport: BatchFormat = {
  head: () => '[\n',
  item: each((record, violation, options) => ({
    description: `${keyOf(record)}: ${sentence(violation)}`,
    check_name: violation.rule,
    fingerprint: digest(record, violation),
    severity: QUALITY[violation.severity],
    location: { path: pathOf(record, options), lines: { begin: lineOf(record, violation) } },
  })),
  separator: ',\n',
  tail: () => '\n]\n',
};

const SCANNER = {
  id: 'plan-lint',
  name: 'Plan-Lint',
  version: RUNTIME_VERSION,
  vendor: { name: 'Plan-Lint' },
};

export const gitlabSastReport: BatchFormat = {
  head: () => '{"version":"15.0.7","vulnerabilities":[\n',
  item: each((record, violation, options) => {
    const { rule, policy, severity, origin } = violation;
    return {
      id: digest(record, violation),
      name: `${rule} (${policy})`,
      description: `${keyOf(record)}: ${sentence(violation)}`,
      severity: SAST[severity],
      location: { file: pathOf(record, options), start_line: lineOf(record, violation) },
      identifiers: [{ type: 'plan_lint_rule', name: rule, value: `${origin?.file ?? policy}#${rule}` }],
    };
  }),
  separator: ',\n',
  tail({ interrupted }, { about }) {
    // The schema wants seconds, and no zone.
    const time = about.at.slice(0, 19);
    const status = interrupted ? 'failure' : 'success';
    const scan = {
      type: 'sast',
      analyzer: SCANNER,
      scanner: SCANNER,
      start_time: time,
      end_time: time,
      status,
    };
    return `\n],"scan":${JSON.stringify(scan)}}\n`;
  },
};
