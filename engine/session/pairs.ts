/** `require_before` and `require_after` in a session: what has happened is known, and in what order. */
import type { Cause } from '../module/cause.ts';
import { boundTo, isNothing } from '../whole-plan/bound.ts';
import { shownTool } from '../whole-plan/facts.ts';
import type { Pairing } from '../whole-plan/pairing.ts';
import type { After } from '../whole-plan/after.ts';
import { subject, valueAt, whyNot } from '../whole-plan/value.ts';
import { addTo, governsCall, openCounts, saveCounts } from './online.ts';
import type { Call, Debt, OnlineRule } from './online.ts';
import type { Kept } from '@plan-lint/runtime/contract';

/** What is said of a call whose values keep it from having a counterpart. */
function unbound({ step, facts }: Call, data: Pairing, secret: (text: string) => boolean): Cause {
  const names = data.here.find((each) => isNothing(valueAt(step, each))) ?? [];
  const { path, says } = subject(facts, 0, names, secret);
  return { path, message: `${says} is ${whyNot(valueAt(step, names))}, so no call can be ${data.says}` };
}

/** A call is asked for what has succeeded before it; what is in flight, or has failed, is before nobody. */
export function onlineBefore(data: Pairing): OnlineRule {
  return {
    concerns: (tool) => data.tool(tool) || data.other(tool),
    open(saved) {
      /** By key, how many have. */
      const succeeded = openCounts(saved);
      return {
        fires(call) {
          const { step } = call;
          if (!data.tool(step.tool) || !governsCall(data.narrowing, call)) return false;
          const key = boundTo(step, data.here);
          return key === null || !succeeded.has(key);
        },
        why(call, secret) {
          if (boundTo(call.step, data.here) === null) return unbound(call, data, secret);
          const tool = shownTool(call.facts, 0, secret);
          return { path: '', message: `\`${tool}\` may be called once ${data.says} has succeeded` };
        },
        admit: ({ step }) => (data.other(step.tool) ? boundTo(step, data.there) : null),
        end(key, { outcome }) {
          if (outcome === 'succeeded' && key !== null) addTo(succeeded, key as string, 1);
        },
        lapse(key, outcome) {
          if (outcome === 'succeeded' && key !== null) addTo(succeeded, key as string, -1);
        },
        save: () => saveCounts(succeeded),
      };
    },
  };
}

/** What must follow a call. */
interface Owing extends Debt {
  /** `null`: its values are such that nothing can follow it. */
  readonly key: string | null;
  /** When it ended, by the rule's own count; `null` while it is in flight. */
  ended: number | null;
}

/**
 * A governed call owes one that starts when it has ended, and succeeds. One that has failed owes nothing, but where the rule
 * asks for it then too; of an unknown outcome the worst is assumed on both sides.
 */
export function onlineAfter(data: After): OnlineRule {
  return {
    owes: data.says,
    concerns: (tool) => data.tool(tool) || data.other(tool),
    isFence: data.whileOwed !== undefined,
    open(saved) {
      const owing = new Map<string, Owing>();
      const byKey = new Map<string, Map<string, Owing>>();
      let clock = 0;
      const note = (owed: Owing): void => {
        owing.set(owed.id, owed);
        if (owed.key === null) return;
        const same = byKey.get(owed.key) ?? new Map<string, Owing>();
        byKey.set(owed.key, same.set(owed.id, owed));
      };
      const settle = ({ id, key }: Owing): void => {
        owing.delete(id);
        if (key === null) return;
        const same = byKey.get(key);
        same?.delete(id);
        if (same?.size === 0) byKey.delete(key);
      };
      const debts = (): readonly Debt[] => {
        const all: Debt[] = [];
        owing.forEach((owed) => all.push(owed));
        return all;
      };
      if (saved !== null) {
        const [time, all] = saved as readonly [number, readonly Kept[]];
        clock = time;
        for (const one of all) {
          const [id, tool, place, key, ended] = one as readonly [
            string,
            string,
            number,
            string | null,
            number | null,
          ];
          note({ id, tool, place, key, ended });
        }
      }
      return {
        fires: () => false,
        why: () => ({ path: '', message: '' }),
        admit(call) {
          const { step, place } = call;
          const { id, tool } = step;
          clock += 1;
          const isGoverned = data.tool(tool) && governsCall(data.narrowing, call);
          if (isGoverned) note({ id, tool, place, key: boundTo(step, data.here), ended: null });
          return data.other(tool) ? [boundTo(step, data.there), clock] : null;
        },
        end(kept, { id, outcome }) {
          const [key = null, admitted = 0] = (kept ?? []) as readonly [(string | null)?, number?];
          if (outcome === 'succeeded' && key !== null)
            byKey.get(key)?.forEach((owed) => {
              if (owed.ended !== null && owed.ended < admitted) settle(owed);
            });
          const own = owing.get(id);
          if (!own) return;
          clock += 1;
          own.ended = clock;
          if (outcome === 'not_started' || (outcome === 'failed' && !data.failing)) settle(own);
        },
        save() {
          const all: Kept[] = [];
          owing.forEach(({ id, tool, place, key, ended }) => all.push([id, tool, place, key, ended]));
          return [clock, all];
        },
        owed: debts,
        bars: (tool) => (data.other(tool) || data.whileOwed?.(tool) !== false ? null : (debts()[0] ?? null)),
      };
    },
  };
}
