import { hit } from '../rules/core.ts';
import { scaled } from '../text/decimal.ts';
import type { WholePlanRule } from './shape.ts';
import { ALL } from './max-calls.ts';
import { groupsOf, subject, valueAt, whyNot } from './value.ts';
import type { Names } from './value.ts';

/** Whether an amount is one that can be added up. */
const counts = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value - value === 0;

/** Every step with which, or behind which, the sum of its group is beyond the limit, and those that cannot be added. */
export function maxTotal(
  governs: (tool: string) => boolean,
  tools: string,
  arg: Names,
  limit: number,
  per: Names | null,
): WholePlanRule {
  const most = scaled(limit);
  return {
    c(found, out, count, rule) {
      const { steps } = found;
      const totals = new Map<string, bigint>();
      let n = count;
      for (let i = 0; i < steps.length; i += 1) {
        const step = steps[i];
        if (!step || !governs(step.tool)) continue;
        const amount = valueAt(step, arg);
        const groups = per ? groupsOf(found, valueAt(step, per)) : ALL;
        if (groups === null || !counts(amount)) {
          n = hit(out, n, rule, i);
          continue;
        }
        // How far beyond is no matter, so a sum stays about as long as the limit: 1e308 costs what 1 does.
        const added = amount > limit ? most + 1n : scaled(amount);
        let fires = false;
        for (const group of groups) {
          const total = (totals.get(group) ?? 0n) + added;
          totals.set(group, total);
          if (total > most) fires = true;
        }
        if (fires) n = hit(out, n, rule, i);
      }
      return n;
    },
    w(found, i, secret) {
      const step = found.steps[i];
      const amount = step && valueAt(step, arg);
      const own = subject(found, i, arg, secret);
      if (!counts(amount)) {
        const is = typeof amount === 'number' && amount < 0 ? 'negative' : whyNot(amount);
        return { path: own.path, message: `${own.says} is ${is}, so it cannot be added up` };
      }
      const group = step && per ? valueAt(step, per) : '';
      if (per && groupsOf(found, group) === null) {
        const { path, says } = subject(found, i, per, secret);
        return { path, message: `${says} is ${whyNot(group)}, so its amount cannot be added up` };
      }
      const same = per ? ` with this value of \`${per.join('.')}\`` : '';
      return {
        path: own.path,
        message: `\`${own.path}\` of ${tools}${same} adds up to more than ${limit} up to this step`,
      };
    },
  };
}
