/** The workload as a policy file. */
import type { Workload } from './workload.ts';

const quote = (value: unknown): string => JSON.stringify(value);

export function policyText({ rules, allow, deny, maxSteps }: Workload): string {
  const head = [
    `allow_tools: ${quote(allow)}`,
    `deny_tokens_regex: ${quote(deny)}`,
    `max_steps: ${maxSteps}`,
    'policies:',
    '  - name: bench',
    '    rules:',
  ];
  const lines = rules.flatMap(({ id, tool, arg, check }) => [
    `      - rule: ${id}`,
    `        pattern: { tool: ${quote(tool)}, arg: ${arg}, operation: ${check.operation}, value: ${quote(check.value)} }`,
  ]);
  return [...head, ...lines, ''].join('\n');
}
