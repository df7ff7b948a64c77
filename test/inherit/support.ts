/** Small policy directories for the tests of inheritance. */
import { compile, memoryHost, renderDiagnostic } from '../../compiler/index.ts';
import type { Compiled } from '../../compiler/index.ts';

export const BASE = `policies:
  - name: base
    rules:
      - rule: large_transfer
        severity: high
        pattern: { tool: [payments.transfer, payments.wire], operation: amount_gt, value: 10000 }
      - rule: sql
        severity: critical
        pattern: { tool: db.query, operation: matches, value: "DROP|1=1" }
      - rule: notes
        severity: low
        weight: 0.3
        pattern: { operation: contains, value: internal }
    max_steps: 20
    allow_tools: [payments.*, db.*]
    bounds: { payments.transfer.amount: [0, 50000] }
    deny_tokens_regex: ["AKIA[0-9A-Z]{16}"]
    fail_risk_threshold: 0.7
`;

/** A base whose rules take parameters. */
export const PARAMS = `params:
  limit: { type: number, value: 10000, domain: [0, 50000], tighten: lower }
  fixed: { type: text, value: EUR }
  blocked: { type: list, value: [RU, KP], tighten: add }
  label: { type: text, value: a, mode: default, domain: [a, b] }
policies:
  - name: base
    rules:
      - rule: large
        pattern: { tool: payments.transfer, operation: amount_gt, value: "\${params.limit}" }
      - rule: countries
        pattern: { tool: payments.transfer, operation: country_in, value: "\${params.blocked}" }
      - rule: currency
        pattern: { tool: payments.transfer, operation: currency_not_equals, value: "\${params.fixed}" }
      - rule: labelled
        pattern: { tool: payments.transfer, operation: label_equals, value: "\${params.label}" }
`;

/** The diagnostics of a base and a child that extends it, as a terminal shows them. */
export async function childSays(child: string, base = BASE): Promise<string> {
  return says({ 'base.yaml': base, 'team.yaml': `extends: base.yaml\n${child}` });
}

export async function says(files: Readonly<Record<string, string>>): Promise<string> {
  const { diagnostics } = await compile(memoryHost(files));
  return diagnostics.map(renderDiagnostic).join('\n');
}

/** What compiles without a word. */
export async function compiled(
  files: Readonly<Record<string, string>>,
  entries: readonly string[] = [],
): Promise<Compiled> {
  const { result, diagnostics } = await compile(memoryHost(files), { entries });
  if (!result || diagnostics.length > 0) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  return result;
}
