import { hit } from '../rules/core.ts';
import { effectOf, wordOf } from './effect.ts';
import type { Effect } from './effect.ts';
import { shownTool } from './facts.ts';
import type { WholePlanRule } from './shape.ts';

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
