import { hit } from '../rules/core.ts';
import type { Facts, Step, WholePlanRule } from './shape.ts';
import { groupOf, subject, valueAt, whyNot } from './value.ts';
import type { Names } from './value.ts';

export type Pair = readonly [here: Names, there: Names];

/** What may be equal to anything: a value that cannot be told. */
const ANY = '*';

/** Who does a step, as one text; `ANY` where that cannot be told. */
function person(found: Facts, value: unknown): string {
  const group = typeof value === 'boolean' ? null : groupOf(found, value);
  return group === null ? ANY : `=${group}`;
}

/** The values that relate a step to others, as one text. */
function relation(found: Facts, step: Step, same: readonly Pair[], side: 0 | 1): string {
  let key = '=';
  for (const pair of same) {
    const group = groupOf(found, valueAt(step, pair[side]));
    if (group === null) return ANY;
    key += `${group.length}:${group}`;
  }
  return key;
}

const keyOf = (relates: string, by: string): string => `${relates.length}:${relates}${by}`;

/** Keys by which the other duty may have been entered, given that a value may be unknown on either side. */
function met(own: string): readonly string[] {
  return own === ANY ? [''] : [own, ANY];
}

/**
 * Steps of the other duty for which there is a step of this one, related to it, by who may be the same. One pass over
 * the steps of each duty: each is entered by what it is known for and, with '' in its place, by anything.
 */
export function separateDuty(
  governs: (tool: string) => boolean,
  tools: string,
  other: (tool: string) => boolean,
  same: readonly Pair[],
  by: Pair | null,
): WholePlanRule {
  const keysOf = (found: Facts, step: Step, side: 0 | 1): readonly [string, string] => [
    relation(found, step, same, side),
    by ? person(found, valueAt(step, by[side])) : ANY,
  ];
  return {
    c(found, out, count, rule) {
      const { steps } = found;
      const entered = new Map<string, number>();
      const enter = (key: string): void => void entered.set(key, (entered.get(key) ?? 0) + 1);
      for (const step of steps) {
        if (!governs(step.tool)) continue;
        const [relates, who] = keysOf(found, step, 0);
        enter(keyOf(relates, who));
        enter(keyOf(relates, ''));
        enter(keyOf('', who));
        enter(keyOf('', ''));
      }
      let n = count;
      for (let i = 0; i < steps.length; i += 1) {
        const step = steps[i];
        if (!step || !other(step.tool)) continue;
        const [relates, who] = keysOf(found, step, 1);
        let others = governs(step.tool) && meetsItself(keysOf(found, step, 0), [relates, who]) ? -1 : 0;
        for (const a of met(relates)) {
          for (const b of met(who)) others += entered.get(keyOf(a, b)) ?? 0;
        }
        if (others > 0) n = hit(out, n, rule, i);
      }
      return n;
    },
    w(found, i, secret) {
      const step = found.steps[i];
      const tool = secret(step?.tool ?? '') ? '[secret]' : (step?.tool ?? '');
      if (!by || !step) return { path: '', message: `\`${tool}\` stands in one plan with ${tools}` };
      const value = valueAt(step, by[1]);
      const { path, says } = subject(found, i, by[1], secret);
      const first = `\`${by[0].join('.')}\` of ${tools}`;
      return person(found, value) === ANY
        ? { path, message: `${says} is ${whyNot(value)}, so it cannot be told from ${first}` }
        : { path, message: `${says} is, or may be, the same as ${first}` };
    },
  };
}

/** A step of both duties is no other step to itself. */
function meetsItself(entered: readonly [string, string], asked: readonly [string, string]): boolean {
  const meets = (a: string | undefined, b: string | undefined): boolean => a === b || a === ANY || b === ANY;
  return meets(entered[0], asked[0]) && meets(entered[1], asked[1]);
}
