import { idsOf } from './facts.ts';
import type { Facts } from './shape.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/**
 * What a step's `on_fail` leads to: a word, the steps that handle the failure, or `unknown` for anything else, which
 * has to be taken for the worst: an id that is not there, the step itself, an empty list, a word inside a list.
 */
export type Effect = 'abort' | 'retry' | 'continue' | 'unknown' | readonly number[];

export function wordOf(written: unknown): 'abort' | 'retry' | 'continue' | null {
  if (written === undefined || written === null) return 'abort';
  return written === 'abort' || written === 'retry' || written === 'continue' ? written : null;
}

export function effectOf(facts: Facts, step: number): Effect {
  const written = facts.steps[step]?.on_fail;
  const word = wordOf(written);
  if (word !== null) return word;
  const named = isArray(written) ? written : [written];
  const handlers: number[] = [];
  for (let i = 0; i < named.length; i += 1) {
    const id = named[i];
    const handler = typeof id === 'string' && wordOf(id) === null ? (idsOf(facts).get(id) ?? step) : step;
    if (handler === step) return 'unknown';
    handlers.push(handler);
  }
  return handlers.length > 0 ? handlers : 'unknown';
}
