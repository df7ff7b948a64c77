import type { RuleRow } from '@plan-lint/runtime/contract';

/** A rule as a report says it; policy, file and so on by their place in the tables. */
export interface RuleFacts {
  readonly id: string;
  readonly policy: number;
  readonly category: number;
  readonly severity: number;
  readonly enforcement: number;
  readonly weight: number;
  readonly description: string;
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

/** A row of the module's rules; `undefined` where it has none of this index. */
export function openRow(row: RuleRow | undefined): RuleFacts | undefined {
  if (row === undefined) return undefined;
  const [id, policy, category, severity, enforcement, weight, description, file, line, column] = row;
  return { id, policy, category, severity, enforcement, weight, description, file, line, column };
}
