/** Changes between two versions of the policies, for people and for programs. */
import { many, printable } from '../../compiler/inspect.ts';
import type { Change, Example } from '../../compiler/index.ts';
import { paint } from '../terminal/paint.ts';
import type { Tint } from '../terminal/paint.ts';

/** A plan that the two versions decide differently. */
export interface Replayed {
  readonly plan: string;
  readonly before: string;
  readonly after: string;
  readonly looser: boolean;
  /** Why neither could be asked. */
  readonly problem?: string;
}

/** What plans were asked, where any were. */
export interface Replay {
  /** How many were decided by both sides. */
  readonly plans: number;
  readonly differing: readonly Replayed[];
}

const TINTS: Readonly<Record<string, Tint>> = { stricter: 'green', looser: 'red', unread: 'red' };

/** What became of one thing, in the first column. */
function line(direction: string, text: string, colour: boolean | undefined): string {
  const word = direction.toUpperCase().padEnd(12);
  return `${paint(word, TINTS[direction] ?? 'yellow', colour)}  ${printable(text)}`;
}

export function diffText(changes: readonly Change[], replay: Replay | null, colour?: boolean): string {
  const lines = changes.flatMap(({ entry, what, direction, says, stopped, passed }) => [
    line(direction, `${entry === '*' ? 'all entries' : entry}: ${what} (${says})`, colour),
    ...(stopped ? [printable(`    stopped only now: ${exampleText(stopped)}`)] : []),
    ...(passed ? [printable(`    stopped no longer: ${exampleText(passed)}`)] : []),
  ]);
  const differing = replay?.differing ?? [];
  const plans = differing.map(({ plan, before, after, looser, problem }) =>
    problem === undefined
      ? line(looser ? 'looser' : 'stricter', `plan ${plan}: ${before} → ${after}`, colour)
      : line('unread', `plan ${plan}: ${problem}`, colour),
  );
  return [
    ...(changes.length + differing.length === 0 ? ['nothing got stricter or looser'] : []),
    ...lines,
    ...plans,
    ...(replay && differing.length === 0 ? [`${many(replay.plans, 'plan')}, none decided differently`] : []),
    '',
  ].join('\n');
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

export function diffJson(changes: readonly Change[], replay: Replay | null): string {
  return `${JSON.stringify({ changes: changes.map(plainChange), plans: replay?.differing ?? [] }, null, 2)}\n`;
}
