import { hit } from '../module/question.ts';
import { effectOf, wordOf } from './effect.ts';
import type { Effect } from './effect.ts';
import { factsOf, shownTool } from './facts.ts';
import { governs } from './narrowing.ts';
import type { Narrowing } from './narrowing.ts';
import type { WholePlanRule } from './shape.ts';

/** Steps whose failure leads to none of what is allowed. */
export function onFail(
  isOf: (tool: string) => boolean,
  allow: readonly string[],
  handles: (tool: string) => boolean,
  wanted: string,
  narrowing?: Narrowing,
): WholePlanRule {
  return {
    c(question, rule) {
      const facts = factsOf(question);
      const { steps } = facts;
      const isFine = (effect: Effect): boolean =>
        typeof effect === 'string'
          ? allow.includes(effect)
          : effect.some((step) => handles(steps[step]?.tool ?? ''));
      for (let i = 0; i < steps.length; i += 1) {
        const step = steps[i];
        if (!step || !isOf(step.tool) || !governs(narrowing, question, facts, i)) continue;
        if (!isFine(effectOf(facts, i))) hit(question, rule, i);
      }
    },
    w(question, i, secret) {
      const facts = factsOf(question);
      const written = facts.steps[i]?.on_fail;
      const word = wordOf(written);
      const given = word === null ? 'leads elsewhere' : `is \`${word}\``;
      const is = written === undefined || written === null ? 'is not given, which means `abort`' : given;
      const message = `\`on_fail\` of \`${shownTool(facts, i, secret)}\` ${is}; it must be ${wanted}`;
      return { path: '', message };
    },
  };
}
