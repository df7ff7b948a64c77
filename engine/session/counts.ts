/**
 * `max_calls`, `max_total` and `max_steps` in a session: reserved when admitted, given back only to what never started. In a run
 * what is known of later steps is set aside from the beginning: what was not known when the plan was decided has to leave room
 * for it, in whatever order the calls come.
 */
import type { Cause } from '../module/cause.ts';
import { exactly, exceeds, keptExact, negated, openExact, plus } from '../text/exact.ts';
import type { Exact } from '../text/exact.ts';
import { amountPath, counts as isAmount } from '../whole-plan/max-total.ts';
import type { Amounts } from '../whole-plan/max-total.ts';
import { countedBy, EVERYTHING, subject, valueAt, whyNot } from '../whole-plan/value.ts';
import type { Names } from '../whole-plan/value.ts';
import type { Narrowing } from '../whole-plan/narrowing.ts';
import { spell } from '../whole-plan/bound.ts';
import { argsOf } from '../module/question.ts';
import { addTo, governsCall, listOf, openCounts, saveCounts } from './online.ts';
import type { Call, OnlineRule, Planned } from './online.ts';
import type { Kept } from '@plan-lint/runtime/contract';

type OfTool = (tool: string) => boolean;

/** The groups that a call counts in; `null` where nobody can tell. */
function groupsOf({ step, facts }: Planned, per: Names | null): readonly string[] | null {
  const counted = per ? countedBy(facts, valueAt(step, per)) : EVERYTHING;
  return counted && counted.names;
}

/** What is said where the group of a call cannot be told. */
function untold({ step, facts }: Call, per: Names, what: string, secret: (text: string) => boolean): Cause {
  const { path, says } = subject(facts, 0, per, secret);
  return { path, message: `${says} is ${whyNot(valueAt(step, per))}, so its ${what}` };
}

/** Whether all of a step was known when its plan was decided, so that what narrows the rule was too. */
const wasKnown = ({ step, planned }: Call): boolean =>
  planned !== null && spell(argsOf(planned.step)) === spell(argsOf(step));

export function onlineCalls(
  isOf: OfTool,
  tools: string,
  limit: number,
  per: Names | null,
  narrowing?: Narrowing,
): OnlineRule {
  return {
    concerns: isOf,
    open(saved) {
      const made = openCounts(saved);
      const later = new Map<string, number>();
      const isFull = (name: string, more: number): boolean => (made.get(name) ?? 0) + more >= limit;
      const giveBack = (kept: Kept): void => {
        for (const name of listOf(kept)) addTo(made, name as string, -1);
      };
      return {
        fires(call) {
          if (!governsCall(narrowing, call)) return false;
          const groups = groupsOf(call, per);
          if (groups === null) return true;
          const isOwn =
            call.planned !== null &&
            groupsOf(call.planned, per) !== null &&
            (narrowing === undefined || wasKnown(call));
          return groups.some((name) => isFull(name, isOwn ? 0 : (later.get(name) ?? 0)));
        },
        why(call, secret) {
          if (per && groupsOf(call, per) === null)
            return untold(call, per, 'calls cannot be counted', secret);
          const times = limit === 1 ? 'once' : `${limit} times`;
          const path = per ? per.join('.') : '';
          const same = per ? ` with this value of \`${path}\`` : '';
          if (groupsOf(call, per)?.some((name) => isFull(name, 0)) !== true)
            return {
              path,
              message: `with what the plan has yet to call, ${tools} is called${same} more than ${times}`,
            };
          return {
            path,
            message: `the session has called ${tools}${same} ${times} already, which is the most`,
          };
        },
        reserve(planned, sign) {
          if (!governsCall(narrowing, planned)) return;
          for (const name of groupsOf(planned, per) ?? []) addTo(later, name, sign);
        },
        admit(call) {
          const groups = governsCall(narrowing, call) ? (groupsOf(call, per) ?? []) : [];
          for (const name of groups) addTo(made, name, 1);
          return groups;
        },
        end(kept, { outcome }) {
          if (outcome === 'not_started') giveBack(kept);
        },
        lapse: giveBack,
        save: () => saveCounts(made),
      };
    },
  };
}

/** Every call counts, whatever its tool. */
export function onlineSteps(limit: number): OnlineRule {
  const { open } = onlineCalls(() => true, '', limit, null);
  const message = `the session has made ${limit} calls already or, with what its plan has yet to call, will, which is the most`;
  return {
    concerns: () => true,
    open: (saved, contexts) => ({ ...open(saved, contexts), why: () => ({ path: '', message }) }),
  };
}

export function onlineTotal(
  isOf: OfTool,
  what: string,
  amounts: Amounts,
  limit: number,
  per: Names | null,
  _maxima: unknown,
  narrowing?: Narrowing,
): OnlineRule {
  const most = exactly(limit);
  const amountOf = ({ step }: Planned): number | null => {
    const amount = valueAt(step, amountPath(amounts, step.tool));
    return isAmount(amount) ? amount : null;
  };
  return {
    concerns: isOf,
    open(saved) {
      const sums = new Map<string, Exact>();
      for (const pair of saved === null ? [] : listOf(saved)) {
        const [name, sum] = pair as readonly [string, number | string];
        sums.set(name, openExact(sum));
      }
      const later = new Map<string, Exact>();
      const add = (groups: readonly string[], amount: Exact, to = sums): void => {
        for (const name of groups) to.set(name, plus(to.get(name) ?? 0, amount));
      };
      /** Whether the sum of a group is beyond the limit with this amount. */
      const isBeyond = (name: string, amount: Exact): boolean =>
        exceeds(plus(sums.get(name) ?? 0, amount), most);
      const isOwn = (call: Call): boolean => {
        const { planned } = call;
        if (planned === null || amountOf(planned) === null || groupsOf(planned, per) === null) return false;
        return narrowing === undefined || wasKnown(call);
      };
      const giveBack = (kept: Kept): void => {
        if (kept === null) return;
        const [amount, groups] = kept as readonly [number, readonly string[]];
        add(groups, negated(exactly(amount)));
      };
      return {
        fires(call) {
          if (!governsCall(narrowing, call)) return false;
          const amount = amountOf(call);
          const groups = groupsOf(call, per);
          if (amount === null || groups === null) return true;
          const exact = exactly(amount);
          if (later.size === 0 || isOwn(call)) return groups.some((name) => isBeyond(name, exact));
          return groups.some((name) => isBeyond(name, plus(later.get(name) ?? 0, exact)));
        },
        why(call, secret) {
          const { step, facts } = call;
          const arg = amountPath(amounts, step.tool);
          const { path, says } = subject(facts, 0, arg, secret);
          const amount = valueAt(step, arg);
          if (!isAmount(amount)) {
            const is = typeof amount === 'number' && amount < 0 ? 'negative' : whyNot(amount);
            return { path, message: `${says} is ${is}, so it cannot be added up` };
          }
          if (per && groupsOf(call, per) === null)
            return untold(call, per, 'amount cannot be added up', secret);
          const same = per ? ` with this value of \`${per.join('.')}\`` : '';
          const alone = groupsOf(call, per)?.some((name) => isBeyond(name, exactly(amount)));
          const further = alone ? '' : ', with what its plan has yet to call';
          return {
            path,
            message: `${what}${same} adds up to more than ${limit} in this session${further}`,
          };
        },
        reserve(planned, sign) {
          if (!governsCall(narrowing, planned)) return;
          const amount = amountOf(planned);
          const groups = groupsOf(planned, per);
          if (amount === null || groups === null) return;
          const exact = exactly(amount);
          add(groups, sign < 0 ? negated(exact) : exact, later);
        },
        admit(call) {
          if (!governsCall(narrowing, call)) return null;
          const amount = amountOf(call);
          const groups = groupsOf(call, per);
          if (amount === null || groups === null) return null;
          add(groups, exactly(amount));
          return [amount, groups];
        },
        end(kept, { outcome }) {
          if (outcome === 'not_started') giveBack(kept);
        },
        lapse: giveBack,
        save() {
          const pairs: Kept[] = [];
          sums.forEach((sum, name) => pairs.push([name, keptExact(sum)]));
          return pairs;
        },
      };
    },
  };
}
