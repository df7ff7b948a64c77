/** What a replay says of each line, for people. */
import type { CallDecisionData } from '@plan-lint/runtime/session';
import { printable } from '../../compiler/inspect.ts';
import type { Answer } from '../session/conversation.ts';

/** One line for what passed, one more for each finding. */
export function replayText(answer: Answer, line: number): string {
  const { op, code, message, id, decision } = answer as {
    readonly op: string;
    readonly code?: string;
    readonly message?: string;
    readonly id?: string;
    readonly decision?: CallDecisionData;
  };
  const place = `line ${line}: ${op}${id === undefined ? '' : ` ${id}`}`;
  if (op === 'error') return `${printable(`line ${line}: error[${code ?? ''}]: ${message ?? ''}`)}\n`;
  if (!decision) return `${printable(place)}\n`;
  const findings = decision.violations.map(({ rule, message: why, approved_by: by, origin }) => {
    const from = origin ? ` (${origin.file}:${origin.line})` : '';
    return `  ${rule}: ${why}${by === undefined ? '' : ` [approved by ${by}]`}${from}`;
  });
  return [`${place}: ${decision.status}`, ...findings].map((each) => `${printable(each)}\n`).join('');
}
