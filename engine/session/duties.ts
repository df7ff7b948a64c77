/** `separate_duty` in a session: who comes second is told, whichever of the duties that is. */
import { dutyKeys, keysThatMeet, newDutyOf } from '../whole-plan/separate-duty.ts';
import type { Pair } from '../whole-plan/separate-duty.ts';
import { shownTool } from '../whole-plan/facts.ts';
import type { Narrowing } from '../whole-plan/narrowing.ts';
import { addTo, governsCall, listOf, openCounts, saveCounts } from './online.ts';
import type { Call, OnlineRule } from './online.ts';
import type { Kept } from '@plan-lint/runtime/contract';

const SIDES = [0, 1] as const;

export function onlineDuties(
  isOf: (tool: string) => boolean,
  tools: string,
  other: (tool: string) => boolean,
  same: readonly Pair[],
  by: Pair | null,
  narrowing?: Narrowing,
): OnlineRule {
  const dutyOf = newDutyOf(same, by);
  const isOnSide = (call: Call, side: 0 | 1): boolean => {
    const { tool } = call.step;
    return side === 0 ? isOf(tool) && governsCall(narrowing, call) : other(tool);
  };
  return {
    concerns: (tool) => isOf(tool) || other(tool),
    open(saved) {
      const [first = null, second = null] = saved === null ? [] : listOf(saved);
      /** By duty, how many calls have each key. */
      const entered = [openCounts(first), openCounts(second)] as const;
      const meets = (call: Call, side: 0 | 1): boolean =>
        isOnSide(call, side) &&
        keysThatMeet(dutyOf(call.facts, call.step, side)).some((key) => entered[side === 0 ? 1 : 0].has(key));
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
        admit(call) {
          return SIDES.map((side): Kept => {
            const keys = isOnSide(call, side) ? dutyKeys(dutyOf(call.facts, call.step, side)) : [];
            for (const key of keys) addTo(entered[side], key, 1);
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
