/** Changes between two versions of the policies, for people and for programs. */
import { printable } from '../../compiler/inspect.ts';
import type { Change, Example } from '../../compiler/index.ts';

/** A plan that the two versions decide differently. */
export interface Replayed {
  readonly plan: string;
  readonly before: string;
  readonly after: string;
  readonly looser: boolean;
  /** Why neither could be asked. */
  readonly problem?: string;
}

export function diffText(changes: readonly Change[], replayed: readonly Replayed[]): string {
  if (changes.length === 0 && replayed.length === 0) return 'nothing got stricter or looser\n';
  const lines = changes.flatMap(({ entry, what, direction, says, stopped, passed }) => [
    `${direction.toUpperCase().padEnd(12)}  ${entry}: ${what} (${says})`,
    ...(stopped ? [`    stopped only now: ${exampleText(stopped)}`] : []),
    ...(passed ? [`    stopped no longer: ${exampleText(passed)}`] : []),
  ]);
  const plans = replayed.map(({ plan, before, after, looser, problem }) =>
    problem === undefined
      ? `${(looser ? 'LOOSER' : 'STRICTER').padEnd(12)}  plan ${plan}: ${before} → ${after}`
      : `${'UNREAD'.padEnd(12)}  plan ${plan}: ${problem}`,
  );
  return [...lines, ...plans, ''].map(printable).join('\n');
}

const exampleText = ({ plan, context }: Example): string =>
  JSON.stringify(plan) + (context ? ` in the context ${JSON.stringify(context)}` : '');

/** Examples are plans; what the caller must vouch for stands beside them. */
function plainChange({ entry, what, direction, says, stopped, passed }: Change): object {
  return {
    entry,
    what,
    direction,
    says,
    ...(stopped && { stopped: stopped.plan }),
    ...(stopped?.context && { stoppedContext: stopped.context }),
    ...(passed && { passed: passed.plan }),
    ...(passed?.context && { passedContext: passed.context }),
  };
}

export function diffJson(changes: readonly Change[], replayed: readonly Replayed[]): string {
  return `${JSON.stringify({ changes: changes.map(plainChange), plans: replayed }, null, 2)}\n`;
}
