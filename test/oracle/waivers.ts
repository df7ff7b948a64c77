/** Exceptions, as the documentation words them: by the clock, the tool, and what the caller says of itself. */
import type { ResolvedException } from '../../compiler/ir/resolved.ts';
import { matchesGlob } from './tools.ts';

export interface Suspected {
  readonly rule: string;
  /** `null`: the plan as a whole, which uses no tool. */
  readonly tool: string | null;
  readonly context: unknown;
  readonly now: number;
}

/** The words of the first exception that covers a finding. */
export function waiverOf(exceptions: readonly ResolvedException[], found: Suspected): string | null {
  const covering = exceptions.find((exception) => covers(exception, found));
  if (!covering) return null;
  const { ticket, reason, approvedBy, expires } = covering;
  const until = new Date(expires.value).toISOString().replace('.000Z', 'Z');
  return `${ticket}: ${reason} (approved by ${approvedBy.value}, until ${until})`;
}

function covers(exception: ResolvedException, { rule, tool, context, now }: Suspected): boolean {
  const { tools, context: demands } = exception.scope;
  const begins = exception.notBefore?.value ?? -Infinity;
  return (
    exception.rule === rule &&
    now >= begins &&
    now < exception.expires.value &&
    (tools === null || tools.some(({ value }) => tool !== null && matchesGlob(value, tool))) &&
    demands.every(({ path, values }) => values.some((value) => value === at(context, path)))
  );
}

function at(value: unknown, [name, ...path]: readonly string[]): unknown {
  if (name === undefined) return value;
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isObject ? at((value as Record<string, unknown>)[name], path) : undefined;
}
