/** `separate_duty` in a session: who comes second is told, whichever of the duties that is. */
import { dutyKeys, keysThatMeet, newDutyOf } from '../whole-plan/separate-duty.ts';
import type { Pair } from '../whole-plan/separate-duty.ts';
import { shownTool } from '../whole-plan/facts.ts';
import { addTo, listOf, openCounts, saveCounts } from './online.ts';
import type { Call, OnlineRule } from './online.ts';
import type { Kept } from '@plan-lint/runtime/contract';

export function onlineDuties(
  governs: (tool: string) => boolean,
  tools: string,
  other: (tool: string) => boolean,
  same: readonly Pair[],
  by: Pair | null,
): OnlineRule {
  const dutyOf = newDutyOf(same, by);
  const sides = [governs, other] as const;
  return {
    concerns: (tool) => governs(tool) || other(tool),
    open(saved) {
      const [first = null, second = null] = saved === null ? [] : listOf(saved);
      /** By duty, how many calls have each key. */
      const entered = [openCounts(first), openCounts(second)] as const;
      const meets = ({ step, facts }: Call, side: 0 | 1): boolean =>
        sides[side](step.tool) &&
        keysThatMeet(dutyOf(facts, step, side)).some((key) => entered[side === 0 ? 1 : 0].has(key));
      return {
        fires: (call) => meets(call, 0) || meets(call, 1),
        why({ facts }, secret) {
          const tool = shownTool(facts, 0, secret);
          const path = by ? by[other(facts.steps[0]?.tool ?? '') ? 1 : 0].join('.') : '';
          const who = by ? ', or may be,' : '';
          const message = by
            ? `who calls \`${tool}\` is${who} who has done the other duty in this session`
            : `\`${tool}\` is called in the session in which the other duty was done (${tools})`;
          return { path, message };
        },
        admit({ step, facts }) {
          return sides.map((isOf, side): Kept => {
            const keys = isOf(step.tool) ? dutyKeys(dutyOf(facts, step, side === 0 ? 0 : 1)) : [];
            for (const key of keys) addTo(entered[side === 0 ? 0 : 1], key, 1);
            return keys;
          });
        },
        end(kept, { outcome }) {
          if (outcome !== 'not_started') return;
          listOf(kept).forEach((keys, side) => {
            for (const key of listOf(keys)) addTo(entered[side === 0 ? 0 : 1], key as string, -1);
          });
        },
        save: () => entered.map(saveCounts),
      };
    },
  };
}
