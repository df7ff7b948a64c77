/** What became of exceptions: scope and time of each, held against those of the other side. */
import type { ExceptionScope } from '../ir/document.ts';
import type { ResolvedException } from '../ir/resolved.ts';
import { outside } from '../laws/domains.ts';
import type { Step } from './change.ts';

/** One exception as a change of its rule. */
export interface ExceptionStep {
  readonly what: string;
  readonly step: Step;
}

/**
 * An exception that the other side does not allow as widely or as long makes the side that has it the looser one.
 * Exceptions of one ticket to one rule are told as one that changed.
 */
export function ofExceptions(
  before: readonly ResolvedException[],
  after: readonly ResolvedException[],
): readonly ExceptionStep[] {
  const wider = after.filter((one) => !before.some((other) => allows(other, one)));
  const narrower = before.filter((one) => !after.some((other) => allows(other, one)));
  const isOf = (a: ResolvedException) => (b: ResolvedException) => a.rule === b.rule && a.ticket === b.ticket;
  return [
    ...wider.map((one) => {
      const old = before.find(isOf(one));
      const both = narrower.some(isOf(one));
      return told(
        one,
        both ? 'incomparable' : 'looser',
        old ? `${shown(old)} → ${shown(one)}` : `added: ${shown(one)}`,
      );
    }),
    ...narrower
      .filter((one) => !wider.some(isOf(one)))
      .map((one) => {
        const now = after.find(isOf(one));
        return told(one, 'stricter', now ? `${shown(one)} → ${shown(now)}` : `removed: ${shown(one)}`);
      }),
  ];
}

const told = (
  { rule, ticket }: ResolvedException,
  direction: Step['direction'],
  says: string,
): ExceptionStep => ({ what: rule, step: { direction, says: `exception ${ticket} ${says}` } });

/** Whether one exception holds wherever and whenever another one does. */
function allows(wide: ResolvedException, narrow: ResolvedException): boolean {
  return (
    wide.rule === narrow.rule &&
    beginOf(wide) <= beginOf(narrow) &&
    wide.expires.value >= narrow.expires.value &&
    coversScope(wide.scope, narrow.scope)
  );
}

const beginOf = ({ notBefore }: ResolvedException): number => notBefore?.value ?? -Infinity;

function coversScope(wide: ExceptionScope, narrow: ExceptionScope): boolean {
  if (wide.tools && (!narrow.tools || outside(namesOf(narrow.tools), namesOf(wide.tools)).length > 0))
    return false;
  return wide.context.every(({ path, values }) =>
    narrow.context.some(
      (one) =>
        JSON.stringify(one.path) === JSON.stringify(path) &&
        one.values.every((value) => values.includes(value)),
    ),
  );
}

const namesOf = (tools: readonly { readonly value: string }[]): readonly string[] =>
  tools.map(({ value }) => value);

function shown({ scope, notBefore, expires }: ResolvedException): string {
  const tools = scope.tools ? namesOf(scope.tools).join(', ') : 'every tool';
  const context = scope.context.map(
    ({ path, values }) => `${path.join('.')} is ${values.map(String).join(' or ')}`,
  );
  const from = notBefore ? ` from ${instant(notBefore.value)}` : '';
  return `for ${[tools, ...context].join(' where ')}${from} until ${instant(expires.value)}`;
}

const instant = (millis: number): string => new Date(millis).toISOString().replace('.000Z', 'Z');
