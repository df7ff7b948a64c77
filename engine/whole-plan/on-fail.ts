import { hit } from '../rules/core.ts';
import { idsOf, shownTool } from './facts.ts';
import type { Facts, WholePlanRule } from './facts.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/**
 * What a step's `on_fail` leads to: a word, the steps that handle the failure, or `unknown` for anything else, which
 * has to be taken for the worst: an id that is not there, the step itself, an empty list, a word inside a list.
 */
export type Effect = 'abort' | 'retry' | 'continue' | 'unknown' | readonly number[];

function wordOf(written: unknown): 'abort' | 'retry' | 'continue' | null {
  if (written === undefined || written === null) return 'abort';
  return written === 'abort' || written === 'retry' || written === 'continue' ? written : null;
}

export function effectOf(found: Facts, step: number): Effect {
  const written = found.steps[step]?.on_fail;
  const word = wordOf(written);
  if (word !== null) return word;
  const named = isArray(written) ? written : [written];
  const handlers: number[] = [];
  for (let i = 0; i < named.length; i += 1) {
    const id = named[i];
    const handler = typeof id === 'string' && wordOf(id) === null ? (idsOf(found).get(id) ?? step) : step;
    if (handler === step) return 'unknown';
    handlers.push(handler);
  }
  return handlers.length > 0 ? handlers : 'unknown';
}

/** Steps whose failure leads to none of what is allowed. */
export function onFail(
  governs: (tool: string) => boolean,
  allow: readonly string[],
  handles: (tool: string) => boolean,
  wanted: string,
): WholePlanRule {
  return {
    c(found, out, count, rule) {
      const { steps } = found;
      const isFine = (effect: Effect): boolean =>
        typeof effect === 'string'
          ? allow.includes(effect)
          : effect.some((step) => handles(steps[step]?.tool ?? ''));
      let n = count;
      for (let i = 0; i < steps.length; i += 1) {
        const step = steps[i];
        if (step && governs(step.tool) && !isFine(effectOf(found, i))) n = hit(out, n, rule, i);
      }
      return n;
    },
    w(found, i, secret) {
      const written = found.steps[i]?.on_fail;
      const word = wordOf(written);
      const is =
        written === undefined || written === null
          ? 'is not given, which means `abort`'
          : word !== null
            ? `is \`${word}\``
            : 'leads elsewhere';
      const message = `\`on_fail\` of \`${shownTool(found, i, secret)}\` ${is}; it must be ${wanted}`;
      return { path: '', message };
    },
  };
}
