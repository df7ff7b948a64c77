/** The lines that led to a value, for people and for programs. */
import { originOf, place } from '../../compiler/inspect.ts';
import type { Explained, SessionClasses } from '../../compiler/index.ts';
import { classOf, sessionWords } from './session-class.ts';
import { shown } from './shown.ts';

const instant = (millis: number): string => new Date(millis).toISOString().replace('.000Z', 'Z');

export function chainText(
  target: string,
  found: readonly Explained[],
  classes: SessionClasses | null,
): string {
  return found
    .map(({ entry, file, value, chain, exceptions }) => {
      const width = Math.max(0, ...chain.map(({ span }) => place(span).length));
      const own = classOf(classes, entry, target);
      const steps = chain.map(({ span, says }) => shown`  ${place(span).padEnd(width)}  ${says}`);
      return [
        shown`${target} in ${entry} (${file}): ${value}`,
        ...(steps.length > 0 ? steps : ['  a default of the language; no file sets it']),
        ...(own === undefined ? [] : [`  ${sessionWords(own)}`]),
        ...exceptions.map(
          ({ ticket, reason, approvedBy, expires, span }) =>
            shown`  waived at ${place(span)} until ${instant(expires.value)}: ${ticket}, ${reason} (approved by ${approvedBy.value})`,
        ),
        '',
      ].join('\n');
    })
    .join('\n');
}

export function chainJson(
  target: string,
  found: readonly Explained[],
  classes: SessionClasses | null,
): string {
  const entries = found.map(({ entry, file, value, chain, exceptions }) => ({
    entry,
    file,
    value,
    ...(classOf(classes, entry, target) && { session: classOf(classes, entry, target) }),
    chain: chain.map(({ span, says }) => ({ ...originOf(span), says })),
    exceptions: exceptions.map(
      ({ ticket, reason, requestedBy, approvedBy, notBefore, expires, scope, span }) => ({
        ticket,
        reason,
        requested_by: requestedBy.value,
        approved_by: approvedBy.value,
        not_before: notBefore && instant(notBefore.value),
        expires: instant(expires.value),
        scope,
        origin: originOf(span),
      }),
    ),
  }));
  return `${JSON.stringify({ target, entries }, null, 2)}\n`;
}
