/** `flows` in a session: what a call takes in is told by what the caller says it reads, or by what its arguments hold. */
import { CLEAN, COPIED, copyTestOf, intoArguments, TOO_MANY } from '../whole-plan/flows.ts';
import type { Flows } from '../whole-plan/flows.ts';
import { argsOf } from '../module/question.ts';
import { texts } from '../rules/core.ts';
import { copiedFrom, remember } from './grams.ts';
import type { Runs } from './grams.ts';
import type { Segments } from '../module/reason.ts';

import { governsCall } from './online.ts';
import type { Call, OnlineRule } from './online.ts';
import type { Kept, Source } from '@plan-lint/runtime/contract';

/** A call whose result carries what comes from a source. */
interface Origin {
  readonly id: string;
  readonly tool: string;
}

/** The calls whose results stand at a path, or in what lies on the way there. */
const standingIn = (sources: readonly Source[], path: Segments): readonly string[] =>
  sources.filter(({ at }) => meets(at, path)).map(({ call }) => call);

/** Whether one of two places lies in the other; a place that is of another form than the path says is what is there. */
function meets(at: Source['at'], path: Segments): boolean {
  for (let i = 0; i < at.length && i < path.length; i += 1) {
    const [own, asked] = [at[i], path[i]];
    if (typeof own === 'number' ? asked !== 0 : typeof asked !== 'string') return true;
    if (typeof own === 'string' && own !== asked) return false;
  }
  return true;
}

export function onlineFlows(data: Flows): OnlineRule {
  const { tool: isSink, into = [], from: isSource, through: cleans } = data;
  return {
    concerns: () => true,
    open(saved, contexts) {
      const copied = copyTestOf(contexts, data.context);
      const runs: Runs = new Map();
      const origins: Origin[] = [];
      const numbers = new Map<string, number>();
      /** A result that nobody can look for copies of: from then on anything may hold one. */
      let unseen = CLEAN;
      const enter = (origin: Origin): number => {
        numbers.set(origin.id, origins.length);
        return origins.push(origin) - 1;
      };
      if (saved !== null) {
        const [all, kept, blind] = saved as readonly [readonly Kept[], readonly number[], number];
        for (const one of all) {
          const [id, tool, gone] = one as readonly [string, string, 1?];
          enter({ id, tool });
          if (gone) numbers.delete(id);
        }
        for (let i = 0; i + 1 < kept.length; i += 2) runs.set(kept[i] as number, kept[i + 1] as number);
        unseen = blind;
      }
      let first = 0;
      let asked: Call | null = null;
      let answer = CLEAN;
      const originOf = (call: Call): number => {
        if (asked !== call) {
          asked = call;
          answer = findOrigin(call);
        }
        return answer;
      };
      /** The first call that gives something and was not taken back. */
      const earliest = (): number => {
        while (first < origins.length && !numbers.has((origins[first] as Origin).id)) first += 1;
        return first < origins.length ? first : CLEAN;
      };
      /** @param reads - the calls whose results stand in the value; `null` where nobody says */
      const originIn = (value: unknown, reads: readonly string[] | null, isInSink: boolean): number => {
        for (const id of reads ?? []) {
          const origin = numbers.get(id);
          if (origin !== undefined) return origin;
        }
        if (copied === null) return isInSink ? TOO_MANY : CLEAN;
        if (copied !== 'nothing' && texts(value, copied)) return COPIED;
        if (reads !== null) return CLEAN;
        if (data.order) return earliest();
        return unseen === CLEAN ? copiedFrom(runs, value) : unseen;
      };
      const findOrigin = ({ step, reads }: Call): number => originIn(argsOf(step), reads, isSink(step.tool));
      /** What a sink takes in: all of its arguments count, or one. */
      const sinkOrigin = (call: Call): number => {
        const { step, reads, sources } = call;
        if (isSink(step.tool)) return originOf(call);
        return intoArguments(step, into, (value, path) =>
          // In a list, so that names inside it are looked at as in all arguments.
          originIn([value], sources === null ? reads : standingIn(sources, path), true),
        );
      };
      const carries = (result: string, isRead: boolean): string => {
        if (isRead) return `the call reads ${result}`;
        if (data.order) return `it comes after ${result}, which it may carry: say what it \`reads\``;
        if (unseen === CLEAN) return `an argument carries what ${result} says`;
        return `nothing tells that it does not carry ${result}, which was not handed over or is too large: say what it \`reads\``;
      };
      return {
        fires: (call) => governsCall(data.narrowing, call) && sinkOrigin(call) !== CLEAN,
        why(call, secret) {
          const at = sinkOrigin(call);
          if (at === TOO_MANY)
            return { path: '', message: 'the context holds more values than are looked for' };
          if (at === COPIED) return { path: '', message: 'an argument carries a value of the context' };
          const { id, tool } = origins[at] as Origin;
          const result = `the result of \`${secret(tool) ? '[secret]' : tool}\` (call \`${secret(id) ? '[secret]' : id}\`)`;
          return { path: '', message: carries(result, call.reads !== null) };
        },
        admit(call) {
          const { id, tool } = call.step;
          const origin = originOf(call);
          const gives = isSource(tool) || (origin !== CLEAN && !cleans(tool));
          return gives ? enter({ id, tool }) : null;
        },
        end(origin, { id, outcome, result }) {
          if (origin === null) return;
          if (outcome === 'not_started') numbers.delete(id);
          else if (data.order) return;
          else if (result === undefined ? outcome !== 'failed' : !remember(runs, result, origin as number))
            unseen = origin as number;
        },
        save() {
          const kept: number[] = [];
          runs.forEach((origin, run) => kept.push(run, origin));
          // One that never started gives nothing, and keeps its number.
          const all = origins.map(({ id, tool }): Kept => (numbers.has(id) ? [id, tool] : [id, tool, 1]));
          return [all, kept, unseen];
        },
      };
    },
  };
}
