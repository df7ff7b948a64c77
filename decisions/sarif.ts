import { fingerprint } from './fingerprint.ts';
import { keyOf } from './record.ts';
import { passedOverText, ranked } from './summary.ts';
import type { Severity } from '@plan-lint/runtime/contract';
import { lineOf, pathOf } from './format.ts';
import type { BatchFormat } from './format.ts';
import { relativeUri, SARIF_SCHEMA, sarifTool } from './sarif-log.ts';
import type { SarifResult, SarifRule } from './sarif-log.ts';

export const SARIF_LEVEL: Readonly<Record<Severity, SarifResult['level']>> = {
  info: 'note',
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};

/** GitHub sorts code scanning alerts by this number: 9 and above is critical. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  info: '0.1',
  low: '3.0',
  medium: '5.0',
  high: '8.0',
  critical: '9.5',
};

/** Results come first and the rules they name last: only then are the rules known. */
export const sarifReport: BatchFormat = {
  head: () =>
    `{"$schema":${JSON.stringify(SARIF_SCHEMA)},"version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[\n`,
  item: (record, options) =>
    record.violations
      .map((violation): string => {
        const { rule, severity, message, step_index, step_id, policy, origin } = violation;
        // Per segment: `#` and `?` of a file name would end its path.
        const uri = relativeUri(pathOf(record, options));
        const name = `${keyOf(record)}${step_index === null ? '' : `#${step_id ?? step_index}`}`;
        const result: SarifResult = {
          ruleId: rule,
          level: SARIF_LEVEL[severity],
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri },
                region: { startLine: lineOf(record, violation) },
              },
              logicalLocations: [{ fullyQualifiedName: name }],
            },
          ],
          partialFingerprints: {
            'planLint/v3': fingerprint(record, violation),
          },
          properties: { severity, policy, status: record.status, ...(origin && { origin }) },
        };
        return JSON.stringify(result);
      })
      .join(',\n'),
  separator: ',\n',
  tail(summary) {
    const rules = new Map<string, SarifRule>();
    // Most severe first; where two policies have a rule of one name, that one describes it (ids are unique, §3.49.3).
    for (const { rule, policy, severity, origin } of ranked(summary)) {
      if (rules.has(rule)) continue;
      rules.set(rule, {
        id: rule,
        shortDescription: { text: `${rule} of policy ${policy}` },
        properties: { 'security-severity': SECURITY_SEVERITY[severity], policy, origin },
      });
    }
    const passed = passedOverText(summary);
    const invocations = [
      {
        executionSuccessful: !summary.interrupted,
        ...(passed !== '' && {
          toolExecutionNotifications: [{ level: 'warning', message: { text: passed } }],
        }),
      },
    ];
    return `\n],"tool":${JSON.stringify(sarifTool([...rules.values()]))},"invocations":${JSON.stringify(invocations)}}]}\n`;
  },
};
