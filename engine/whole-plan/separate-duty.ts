import { hit } from '../rules/core.ts';
import type { Facts, Step, WholePlanRule } from './shape.ts';
import { groupsOf, subject, valueAt, whyNot } from './value.ts';
import type { Names } from './value.ts';

export type Pair = readonly [here: Names, there: Names];

/** What may be equal to anything: a value that cannot be told. */
const ANY = '*';

/** What may be equal to anything, alone. */
const ANYTHING: readonly string[] = [ANY];

/** Who may do a step, each as one text; `ANY` where that cannot be told. */
function person(found: Facts, value: unknown): readonly string[] {
  const groups = typeof value === 'boolean' ? null : groupsOf(found, value);
  return groups === null ? ANYTHING : groups.map((group) => `=${group}`);
}

/** More combinations of what values may be read like than this are not told apart. */
const MOST_KEYS = 64;

/** The values that may relate a step to others, each combination as one text. */
function relation(found: Facts, step: Step, same: readonly Pair[], side: 0 | 1): readonly string[] {
  let keys: readonly string[] = ['='];
  for (const pair of same) {
    const groups = groupsOf(found, valueAt(step, pair[side]));
    if (groups === null || groups.length * keys.length > MOST_KEYS) return ANYTHING;
    keys = keys.flatMap((key) => groups.map((group) => `${key}${group.length}:${group}`));
  }
  return keys;
}

const keyOf = (relates: string, by: string): string => `${relates.length}:${relates}${by}`;

/** What one step is known for. */
interface Duty {
  readonly relations: readonly string[];
  readonly people: readonly string[];
}

/** Keys by which the other duty may have been entered, given that a value may be unknown on either side. */
function met(own: readonly string[]): readonly string[] {
  return own === ANYTHING ? [''] : [...own, ANY];
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
  const dutyOf = (found: Facts, step: Step, side: 0 | 1): Duty => ({
    relations: relation(found, step, same, side),
    people: by ? person(found, valueAt(step, by[side])) : ANYTHING,
  });
  return {
    c(found, out, count, rule) {
      const { steps } = found;
      // By key, the last step that was entered, and whether others were before it.
      const entered = new Map<string, { readonly last: number; readonly others: boolean }>();
      const enter = (key: string, step: number): void => {
        const before = entered.get(key);
        entered.set(key, {
          last: step,
          others: before !== undefined && (before.others || before.last !== step),
        });
      };
      steps.forEach((step, i) => {
        if (!governs(step.tool)) return;
        const { relations, people } = dutyOf(found, step, 0);
        for (const relates of [...relations, ''])
          for (const who of [...people, '']) enter(keyOf(relates, who), i);
      });
      let n = count;
      for (let i = 0; i < steps.length; i += 1) {
        const step = steps[i];
        if (!step || !other(step.tool)) continue;
        const { relations, people } = dutyOf(found, step, 1);
        // A step of both duties is no other step to itself.
        const meets = met(relations).some((relates) =>
          met(people).some((who) => {
            const first = entered.get(keyOf(relates, who));
            return first !== undefined && (first.others || first.last !== i);
          }),
        );
        if (meets) n = hit(out, n, rule, i);
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
      return person(found, value) === ANYTHING
        ? { path, message: `${says} is ${whyNot(value)}, so it cannot be told from ${first}` }
        : { path, message: `${says} is, or may be, the same as ${first}` };
    },
  };
}
