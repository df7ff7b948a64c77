import { hit } from '../rules/core.ts';
import type { WholePlanRule } from './shape.ts';
import { groupsOf, subject, valueAt, whyNot } from './value.ts';
import type { Names } from './value.ts';

/** The group of every call where there is no `per`. */
export const ALL: readonly string[] = [''];

/**
 * Every call beyond the limit, not the first alone: an exception that covers one of them must not hide the others.
 * A call whose group cannot be told is one too many.
 */
export function maxCalls(
  governs: (tool: string) => boolean,
  tools: string,
  limit: number,
  per: Names | null,
): WholePlanRule {
  return {
    c(found, out, count, rule) {
      const { steps } = found;
      const calls = new Map<string, number>();
      let n = count;
      for (let i = 0; i < steps.length; i += 1) {
        const step = steps[i];
        if (!step || !governs(step.tool)) continue;
        const groups = per ? groupsOf(found, valueAt(step, per)) : ALL;
        let fires = groups === null;
        for (const group of groups ?? []) {
          const made = calls.get(group) ?? 0;
          calls.set(group, made + 1);
          if (made >= limit) fires = true;
        }
        if (fires) n = hit(out, n, rule, i);
      }
      return n;
    },
    w(found, i, secret) {
      const many = `the plan calls ${tools} more than ${limit === 1 ? 'once' : `${limit} times`}`;
      const step = found.steps[i];
      if (!per || !step) return { path: '', message: many };
      const value = valueAt(step, per);
      const { path, says } = subject(found, i, per, secret);
      return groupsOf(found, value) === null
        ? { path, message: `${says} is ${whyNot(value)}, so its calls cannot be counted` }
        : { path, message: `${many} with this value of \`${path}\`` };
    },
  };
}
