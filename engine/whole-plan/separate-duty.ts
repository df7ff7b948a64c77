import { hit, LATER, NOW, QUIET } from '../module/question.ts';
import { factsOf } from './facts.ts';
import { mayGovern, surelyGoverns } from './narrowing.ts';
import type { Narrowing } from './narrowing.ts';
import { UnknownValue } from '../text/references.ts';
import type { Facts, Step, WholePlanRule } from './shape.ts';
import { countedBy, subject, valueAt, whyNot } from './value.ts';
import type { Names } from './value.ts';

export type Pair = readonly [here: Names, there: Names];

/** What may be equal to anything: a value that cannot be told. */
const ANY = '*';

/** What may be equal to anything, alone. */
const ANYTHING: readonly string[] = [ANY];

/** What a step may be known for, each as one text; nothing where nobody can tell. */
interface Keys {
  readonly texts: readonly string[] | null;
  /** A reference stands among the values, so that they may be equal to any others. */
  readonly waits: boolean;
}

const UNTOLD: Keys = { texts: null, waits: false };

/** Who may do a step. */
function person(facts: Facts, value: unknown): Keys {
  const counted = typeof value === 'boolean' ? null : countedBy(facts, value);
  return counted === null ? UNTOLD : { texts: counted.names, waits: counted.waits };
}

/** More combinations of what values may be read like than this are not told apart. */
const MOST_KEYS = 16;

/** The values that may relate a step to others, each combination as one text. */
function relation(facts: Facts, step: Step, same: readonly Pair[], side: 0 | 1): Keys {
  let texts: readonly string[] = ['='];
  let waits = false;
  for (const pair of same) {
    const counted = countedBy(facts, valueAt(step, pair[side]));
    if (counted === null || counted.names.length * texts.length > MOST_KEYS) return UNTOLD;
    texts = texts.flatMap((text) => counted.names.map((name) => `${text}${name.length}:${name}`));
    waits ||= counted.waits;
  }
  return { texts, waits };
}

const keyOf = (relates: string, by: string): string => `${relates.length}:${relates}${by}`;

/** What one step is known for. */
interface Duty {
  readonly relations: Keys;
  readonly people: Keys;
}

/** By key, the last step that was entered, and whether others were before it. */
type Entered = Map<string, { readonly last: number; readonly others: boolean }>;

/** Keys as they are looked up: what waits, where that counts, is like what nobody can tell. */
const looked = ({ texts, waits }: Keys, opens: boolean): readonly string[] =>
  texts === null || (opens && waits) ? ANYTHING : texts;

/** The keys by which a step is entered: what it is known for and, with '' in its place, anything. */
export function dutyKeys({ relations, people }: Duty, opens = false): readonly string[] {
  return [...looked(relations, opens), ''].flatMap((relates) =>
    [...looked(people, opens), ''].map((who) => keyOf(relates, who)),
  );
}

function enter(entered: Entered, duty: Duty, opens: boolean, step: number): void {
  for (const key of dutyKeys(duty, opens)) {
    const before = entered.get(key);
    entered.set(key, {
      last: step,
      others: before !== undefined && (before.others || before.last !== step),
    });
  }
}

/** Keys by which the other duty may have been entered, given that a value may be unknown on either side. */
const met = (own: readonly string[]): readonly string[] => (own === ANYTHING ? [''] : [...own, ANY]);

/** The keys by which a step of the other duty is looked for. */
export function keysThatMeet({ relations, people }: Duty, opens = false): readonly string[] {
  return met(looked(relations, opens)).flatMap((relates) =>
    met(looked(people, opens)).map((who) => keyOf(relates, who)),
  );
}

/** Whether a step meets one that was entered. A step of both duties is no other step to itself. */
function meets(entered: Entered, duty: Duty, opens: boolean, step: number): boolean {
  return keysThatMeet(duty, opens).some((key) => {
    const first = entered.get(key);
    return first !== undefined && (first.others || first.last !== step);
  });
}

/** What steps are known for, on either side. */
export function newDutyOf(
  same: readonly Pair[],
  by: Pair | null,
): (facts: Facts, step: Step, side: 0 | 1) => Duty {
  return (facts, step, side) => ({
    relations: relation(facts, step, same, side),
    people: by ? person(facts, valueAt(step, by[side])) : { texts: ['='], waits: false },
  });
}

/**
 * Steps of the other duty for which there is a step of this one, related to it, by who may be the same. One pass over
 * the steps of each duty.
 */
export function separateDuty(
  isOf: (tool: string) => boolean,
  tools: string,
  other: (tool: string) => boolean,
  same: readonly Pair[],
  by: Pair | null,
  narrowing?: Narrowing,
): WholePlanRule {
  const dutyOf = newDutyOf(same, by);
  return {
    c(question, rule) {
      const facts = factsOf(question);
      const { mode } = question;
      const { steps } = facts;
      const sure: Entered = new Map();
      const open: Entered = new Map();
      let lastGoverned = -1;
      steps.forEach((step, i) => {
        if (!isOf(step.tool) || !mayGovern(narrowing, question, facts, i)) return;
        lastGoverned = i;
        const duty = dutyOf(facts, step, 0);
        if (mode === NOW || surelyGoverns(narrowing, question, facts, i)) enter(sure, duty, false, i);
        if (mode !== QUIET) enter(open, duty, true, i);
      });
      steps.forEach((step, i) => {
        if (!other(step.tool)) return;
        const duty = dutyOf(facts, step, 1);
        if (meets(sure, duty, false, i)) hit(question, rule, i);
        else if (mode !== QUIET && meets(open, duty, true, i))
          hit(question, rule, mode >= LATER && lastGoverned > i ? lastGoverned : i);
      });
    },
    w(question, i, secret) {
      const facts = factsOf(question);
      const step = facts.steps[i];
      const tool = secret(step?.tool ?? '') ? '[secret]' : (step?.tool ?? '');
      if (!by || !step) return { path: '', message: `\`${tool}\` stands in one plan with ${tools}` };
      // The last of the values that are compared is told at this step.
      if (!other(step.tool))
        return { path: '', message: `\`${tool}\` may be done by who does the other duty` };
      const value = valueAt(step, by[1]);
      const { path, says } = subject(facts, i, by[1], secret);
      const first = `\`${by[0].join('.')}\` of ${tools}`;
      const isTold = person(facts, value).texts !== null;
      return isTold && !(value instanceof UnknownValue)
        ? { path, message: `${says} is, or may be, the same as ${first}` }
        : { path, message: `${says} is ${whyNot(value)}, so it cannot be told from ${first}` };
    },
  };
}
