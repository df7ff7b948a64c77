import { readText } from '../text/references.ts';
import type { Fields } from './walk.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

interface Plan {
  readonly steps: readonly Fields[];
}

/**
 * A checked plan as rules see it: in the arguments of some steps, an `UnknownValue` stands for each text that says
 * something only when the plan runs. `templates` gives the arguments of a tool that are meant as they stand.
 */
export function viewOf(
  plan: unknown,
  steps: readonly number[],
  templates: ReadonlyMap<string, readonly string[]>,
): unknown {
  const seen = (plan as Plan).steps.slice();
  for (const i of steps) {
    const step = seen[i] as Fields;
    const field = step['args'] === undefined ? 'parameters' : 'args';
    const kept = templates.get(step['tool'] as string);
    seen[i] = { ...step, [field]: membersOf(step[field] as Fields, kept) };
  }
  return { ...(plan as Plan), steps: seen };
}

/** A copy of an object has its members as its own, whatever their names, so each can be set anew. */
function membersOf(object: Fields, kept?: readonly string[]): Fields {
  const copy: Record<string, unknown> = { ...object };
  for (const key in copy) if (!kept?.includes(key)) copy[key] = valueOf(copy[key]);
  return copy;
}

function valueOf(value: unknown): unknown {
  if (typeof value === 'string') return readText(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  return isArray(value) ? value.map(valueOf) : membersOf(value as Fields);
}
