import { hit, QUIET } from '../module/question.ts';
import { factsOf } from './facts.ts';
import { governs } from './narrowing.ts';
import type { Narrowing } from './narrowing.ts';
import type { WholePlanRule } from './shape.ts';
import { countedBy, EVERYTHING, subject, valueAt, whyNot } from './value.ts';
import type { Names } from './value.ts';
import { UnknownValue } from '../text/references.ts';

/**
 * Every call beyond the limit, not the first alone: an exception that covers one of them must not hide the others.
 * A call whose group cannot be told is one too many. One whose group is a reference may be of any group, and so may those
 * in front of it.
 */
export function maxCalls(
  isOf: (tool: string) => boolean,
  tools: string,
  limit: number,
  per: Names | null,
  narrowing?: Narrowing,
): WholePlanRule {
  return {
    c(question, rule) {
      const facts = factsOf(question);
      const { mode } = question;
      const { steps } = facts;
      const calls = new Map<string, number>();
      let open = 0;
      for (let i = 0; i < steps.length; i += 1) {
        const step = steps[i];
        if (!step || !isOf(step.tool) || !governs(narrowing, question, facts, i)) continue;
        const group = per ? countedBy(facts, valueAt(step, per)) : EVERYTHING;
        if (group === null) {
          hit(question, rule, i);
          continue;
        }
        let made = 0;
        for (const name of group.names) {
          const before = calls.get(name) ?? 0;
          calls.set(name, before + 1);
          if (before > made) made = before;
        }
        const isOpen = group.waits || (open > 0 && made + open >= limit);
        if (made >= limit || (isOpen && mode !== QUIET)) hit(question, rule, i);
        if (group.waits) open += 1;
      }
    },
    w(question, i, secret) {
      const facts = factsOf(question);
      const many = `the plan calls ${tools} more than ${limit === 1 ? 'once' : `${limit} times`}`;
      const step = facts.steps[i];
      if (!per || !step) return { path: '', message: many };
      const value = valueAt(step, per);
      const { path, says } = subject(facts, i, per, secret);
      return countedBy(facts, value) === null || value instanceof UnknownValue
        ? { path, message: `${says} is ${whyNot(value)}, so its calls cannot be counted` }
        : { path, message: `${many} with this value of \`${path}\`` };
    },
  };
}
