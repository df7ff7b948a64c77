/** A decision in words that a model can act on. */
import type { CallDecision, EndAnswer } from '@plan-lint/runtime/session';

const MOST = 5;
const LONGEST = 400;

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/**
 * Why a call is not made: a line, then one for each finding.
 *
 * @example
 * plan-lint denied `payments.transfer`:
 * - `amount` is above 10000 (rule limits)
 */
export function reasonOf(
  tool: string,
  { violations }: Pick<CallDecision, 'violations'>,
  head: string,
): string {
  const told = violations.filter(({ waiver, approvedBy }) => waiver === null && approvedBy === null);
  const lines = told.slice(0, MOST).map(({ message, rule }) => `- ${cut(message)} (rule ${rule})`);
  const more = told.length - lines.length;
  return [
    `plan-lint ${head} \`${cut(tool)}\`${lines.length > 0 ? ':' : '.'}`,
    ...lines,
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}

/** Why something of a result is kept back: a line, then one for each finding. The call was made. */
export function keptBackOf(tool: string, { blocked, findings }: EndAnswer): string {
  const what = blocked ? 'kept back the result of' : 'took something out of the result of';
  const lines = findings.slice(0, MOST).map(({ message, rule }) => `- ${cut(message)} (rule ${rule})`);
  return [`plan-lint ${what} \`${cut(tool)}\`, which was called:`, ...lines].join('\n');
}
