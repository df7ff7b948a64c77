/** A rule that looks back for a while only: what a call left with it is taken back when the call is older than that. */
import type { Call, OnlineRule, RuleState } from './online.ts';
import type { Kept, Outcome } from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;

/** A call that was admitted within the window. */
interface Recent {
  readonly number: number;
  /** When it was admitted, in milliseconds. */
  readonly at: number;
  readonly kept: Kept;
  /** `null` while it is in flight. */
  outcome: Outcome | null;
}

/** Recent calls are forgotten in heaps of this size. */
const HEAP = 512;

/**
 * @param milliseconds - how far back it looks: a call counts until so much time has passed since it was admitted
 * @param written - the same as a message shows it
 */
export function onlineWithin(rule: OnlineRule, milliseconds: number, written: string): OnlineRule {
  return {
    ...rule,
    open(saved, contexts) {
      const [own, next, all] = (saved ?? [null, 0, []]) as readonly [Kept, number, readonly Kept[]];
      return within(rule.open(own, contexts), { milliseconds, written, next, all });
    },
  };
}

interface Saved {
  readonly milliseconds: number;
  readonly written: string;
  /** The number of the next call. */
  readonly next: number;
  readonly all: readonly Kept[];
}

function within(state: RuleState, { milliseconds, written, next, all }: Saved): RuleState {
  const recent: Recent[] = [];
  const byNumber = new Map<number, Recent>();
  let first = 0;
  let made = next;
  const note = (one: Recent): void => {
    recent.push(one);
    byNumber.set(one.number, one);
  };
  for (const each of all) {
    const [number, at, kept, outcome] = each as readonly [number, number, Kept, Outcome | null];
    note({ number, at, kept, outcome });
  }
  const forgetBefore = (now: number): void => {
    for (let one = recent[first]; one !== undefined && now - one.at >= milliseconds; one = recent[first]) {
      first += 1;
      // One that never started has been taken back.
      if (byNumber.delete(one.number)) state.lapse?.(one.kept, one.outcome);
    }
    if (first >= HEAP) {
      recent.splice(0, first);
      first = 0;
    }
  };
  const told = ({ now }: Call): void => {
    forgetBefore(now);
  };
  return {
    // As in a plan, all that is yet to come lies within the window.
    ...(state.reserve && { reserve: state.reserve }),
    fires(call) {
      told(call);
      return state.fires(call);
    },
    why(call, secret) {
      const { path, message } = state.why(call, secret);
      return { path, message: `${message}, within ${written}` };
    },
    admit(call) {
      told(call);
      made += 1;
      note({ number: made, at: call.now, kept: state.admit(call), outcome: null });
      return made;
    },
    end(number, ending) {
      const one = byNumber.get(number as number);
      if (one === undefined) return;
      one.outcome = ending.outcome;
      state.end(one.kept, ending);
      if (ending.outcome === 'not_started') byNumber.delete(one.number);
    },
    save() {
      const kept: Kept[] = [];
      byNumber.forEach(({ number, at, kept: own, outcome }) => kept.push([number, at, own, outcome]));
      return [state.save(), made, kept];
    },
  };
}
