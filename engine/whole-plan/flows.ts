import { anyOf } from '../text/any-of.ts';
import { bad, get, texts } from '../rules/core.ts';
import { explainTest } from '../messages/explain.ts';
import { argsOf, askOf, hit } from '../module/question.ts';
import { factsOf, shownTool } from './facts.ts';
import { governs } from './narrowing.ts';
import type { Narrowing } from './narrowing.ts';
import type { Facts, Step, WholePlanRule } from './shape.ts';
import { spendOnSteps } from '../rules/text-work.ts';
import { isOpaque, readText, UnknownValue } from '../text/references.ts';
import { graphOf, remembered } from './graph.ts';
import { mayReadOtherwise, plain, readings } from '../text/plain.ts';
import type { PlanGraph, Steps } from './shape.ts';
import { CHANGED } from './pairing.ts';
import type { Kind, Segments, TestReason } from '../module/reason.ts';
import { asWritten } from '../rules/unknown.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

type OfTool = (tool: string) => boolean;

/** An argument of the tools that it is one of. */
export type Into = readonly [isOf: OfTool, path: Segments];

/** The data of a `flows`: sinks, sources, declassifiers, and paths into both contexts. */
export interface Flows {
  readonly tool: OfTool;
  /** Sinks of which one argument alone must stay clean. */
  readonly into?: readonly Into[];
  readonly narrowing?: Narrowing;
  readonly from: OfTool;
  readonly through: OfTool;
  readonly context: readonly Segments[];
  /** In a session, whatever comes after a source may carry what it gave. */
  readonly order?: boolean;
}

/** More values of the contexts than this are not looked for: every sink fires. */
const MOST_VALUES = 64;
/** A shorter text is a copy only as a whole, for it stands in many others by chance. */
const SHORTEST_PART = 4;
/** Who copies as much as this of a longer text has copied it. */
const LONGEST_PART = 1000;

/** Where what a step takes in comes from: the number of the source step, or one of these. */
export const CLEAN = -1;
export const COPIED = -2;
export const TOO_MANY = -3;

export interface Taint {
  /** The sinks that fire, each with what its arguments hold. */
  readonly sinks: ReadonlyMap<number, number>;
  /** What its result carries. */
  readonly given: Steps;
  /** Whether a text holds a value of the contexts, as a copy. */
  readonly copied: (text: string) => boolean;
}

/** What a sink's arguments are asked for the report: whether one of their texts brings something in, which is told apart. */
const BRINGS = {
  onText: true,
  negated: false,
  after: undefined,
  shows: false,
  trip: 0,
  foresight: asWritten,
} as const;
const ANY_TEXT: TestReason = [null, -1];

/** `flows`: fires on the sinks whose arguments hold what comes from a source. */
export function flows(data: Flows): WholePlanRule {
  const tainted = (facts: Facts): Taint =>
    remembered(graphOf(facts), data, (graph) => taint(graph, data, [facts.context, facts.claimed]));
  return {
    c(question, rule) {
      const facts = factsOf(question);
      if (data.context.length > 0) spendOnSteps(question, facts.steps);
      tainted(facts).sinks.forEach((_, i) => {
        if (governs(data.narrowing, question, facts, i)) hit(question, rule, i);
      });
    },
    w(question, i, secret) {
      const facts = factsOf(question);
      const step = facts.steps[i];
      const tainting = tainted(facts);
      const origin = tainting.sinks.get(i);
      if (!step || origin === undefined) return CHANGED;
      if (origin === TOO_MANY)
        return { path: '', message: `the context holds more than ${MOST_VALUES} values to look for` };
      const before =
        origin === COPIED
          ? 'carries a value of the context'
          : `carries the result of \`${shownTool(facts, origin, secret)}\` (step ${origin + 1})`;
      const test = brings(graphOf(facts), tainting);
      const kind: Kind = { ...BRINGS, before, test: test as Kind['test'] };
      askOf(question, step);
      const places = data.tool(step.tool) ? [ANY_TEXT] : placesOf(data, step);
      for (const place of places) {
        const cause = explainTest(kind, place, question, secret);
        if (cause !== null) return cause;
      }
      return CHANGED;
    },
  };
}

/** Follows the results of sources, and copies from the contexts, through references. Linear in steps and references. */
export function taint(
  { steps, order, waits, reads, readsAny, indexOf }: PlanGraph,
  rule: Flows,
  contexts: readonly unknown[],
): Taint {
  const values = valuesOf(contexts, rule.context);
  const looks = values !== null && values.length > 0;
  const copied = looks ? isCopyOf(values) : (): boolean => false;
  const given: number[] = steps.map(() => CLEAN);
  const sinks = new Map<number, number>();
  /** Steps with a text that may hold the result of any other step, each with one that is tainted. */
  const any = new Map<number, number>();
  const pass = (): void => {
    for (const i of order) look(i);
  };
  const look = (i: number): void => {
    const step = steps[i] as Step;
    let origin = any.get(i) ?? CLEAN;
    for (let at = waits.starts[i] as number; origin === CLEAN && at < (reads[i] as number); at += 1)
      origin = given[waits.items[at] as number] as number;
    if (origin === CLEAN && looks && texts(argsOf(step), copied)) origin = COPIED;
    const taken = values === null ? TOO_MANY : origin;
    if (rule.tool(step.tool)) {
      if (taken !== CLEAN) sinks.set(i, taken);
    } else if (taken !== CLEAN && rule.into) {
      const own = intoArguments(step, rule.into, (value) => {
        if (taken === TOO_MANY) return TOO_MANY;
        return broughtBy(value, { given, indexOf, any: any.get(i) ?? CLEAN, copied });
      });
      if (own !== CLEAN) sinks.set(i, own);
    }
    const passedOn = rule.through(step.tool) ? CLEAN : origin;
    given[i] = rule.from(step.tool) ? i : passedOn;
  };
  pass();
  // A second look may taint what a step reads that was the only source before.
  for (let round = 0; readsAny.length > 0 && round < 2; round += 1) {
    const first = given.findIndex((origin) => origin !== CLEAN);
    const second = given.findIndex((origin, i) => origin !== CLEAN && i !== first);
    for (const i of readsAny) {
      const other = i === first ? second : first;
      if (other >= 0) any.set(i, given[other] as number);
    }
    pass();
  }
  return { sinks, given, copied };
}

/** The arguments of a step that must stay clean, each as what a report asks of it. */
const placesOf = ({ into = [] }: Flows, { tool }: Step): readonly TestReason[] =>
  into.flatMap(([isOf, path]): readonly TestReason[] => (isOf(tool) ? [[path, -1]] : []));

/** What the arguments bring in that must stay clean; `bringing` says it of one of their values, or `CLEAN`. */
export function intoArguments(
  step: Step,
  into: readonly Into[],
  bringing: (value: unknown, path: Segments) => number,
): number {
  for (const [isOf, path] of into) {
    if (!isOf(step.tool)) continue;
    let origin = CLEAN;
    const isTaken = (value: unknown): boolean => {
      origin = bringing(value, path);
      return origin !== CLEAN;
    };
    if (endsOf(argsOf(step), path, 0, isTaken)) return origin;
  }
  return CLEAN;
}

/** Whether a test holds for a value at the end of a path; where that leads through something else, of what is there. */
export function endsOf(
  value: unknown,
  path: Segments,
  from: number,
  test: (value: unknown) => boolean,
): boolean {
  const segment = path[from];
  if (value === undefined) return false;
  if (segment === undefined || value instanceof UnknownValue || typeof value !== 'object' || value === null)
    return test(value);
  if (segment !== 0) {
    const member = get(value, segment);
    return member === bad ? test(value) : endsOf(member, path, from + 1, test);
  }
  return isArray(value) ? value.some((item) => endsOf(item, path, from + 1, test)) : test(value);
}

interface Bringing extends Pick<Taint, 'given' | 'copied'> {
  readonly indexOf: ReadonlyMap<string, number>;
  /** What a text that is not understood may hold. */
  readonly any: number;
}

/** Where what a value holds comes from. */
function broughtBy(value: unknown, { given, indexOf, any, copied }: Bringing): number {
  let origin = CLEAN;
  const isTaken = (unknown: UnknownValue): boolean => {
    for (const id of unknown.ids)
      origin = origin === CLEAN ? (given[indexOf.get(id) ?? -1] ?? CLEAN) : origin;
    if (isOpaque(unknown) && origin === CLEAN) origin = any;
    return origin !== CLEAN;
  };
  if (someUnknown(value, isTaken)) return origin;
  return texts(value, copied) ? COPIED : CLEAN;
}

function someUnknown(value: unknown, test: (unknown: UnknownValue) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof UnknownValue) return test(value);
  if (isArray(value)) return value.some((item) => someUnknown(item, test));
  for (const key in value) if (someUnknown((value as Record<string, unknown>)[key], test)) return true;
  return false;
}

/** Whether a text of a step brings in what comes from a source. */
function brings({ indexOf }: PlanGraph, { given, copied }: Taint): (text: string) => boolean {
  return (text) => {
    if (copied(text)) return true;
    const read = readText(text);
    if (read === null) return false;
    return isOpaque(read) || read.ids.some((id) => (given[indexOf.get(id) ?? -1] ?? CLEAN) !== CLEAN);
  };
}

/**
 * Whether a text holds a value of the contexts; `nothing` where there is none to look for, `null` where there
 * are too many.
 */
export function copyTestOf(
  contexts: readonly unknown[],
  paths: readonly Segments[],
): ((text: string) => boolean) | 'nothing' | null {
  const values = valuesOf(contexts, paths);
  if (values === null) return null;
  return values.length === 0 ? 'nothing' : isCopyOf(values);
}

/** Whether a text is one of the short values, or holds one of the others, in whatever spelling and case. */
function isCopyOf(values: readonly string[]): (text: string) => boolean {
  const forms = values.flatMap(formsOf);
  const short = forms.filter((form) => form.length < SHORTEST_PART);
  const holds = anyOf(forms.filter((form) => form.length >= SHORTEST_PART));
  return (text) => formsOf(text).some((form) => short.includes(form) || holds(form));
}

/** What a text is compared as: all it reads like, each without regard to case. */
function formsOf(text: string): readonly string[] {
  if (!mayReadOtherwise(text)) return [text.toLowerCase()];
  return [plain(text), ...readings(text)]
    .map((reading) => reading.toLowerCase())
    .filter((form) => form !== '');
}

/** The texts at or below the paths, each once; `null` where there are more than can be looked for. */
function valuesOf(contexts: readonly unknown[], paths: readonly Segments[]): readonly string[] | null {
  const values = new Map<string, boolean>();
  const take = (text: string): boolean => {
    if (text !== '') values.set(text.slice(0, LONGEST_PART), true);
    return values.size > MOST_VALUES;
  };
  for (const context of contexts) for (const path of paths) if (below(context, path, 0, take)) return null;
  const found: string[] = [];
  values.forEach((_, text) => found.push(text));
  return found;
}

/** Takes what lies at the end of a path; where it leads through something that is no object, what is there. */
function below(value: unknown, path: Segments, from: number, take: (text: string) => boolean): boolean {
  const segment = path[from];
  if (segment === undefined || typeof value !== 'object' || value === null) return texts(value, take);
  if (segment !== 0) {
    const member = get(value, segment);
    return member === bad ? texts(value, take) : below(member, path, from + 1, take);
  }
  if (!isArray(value)) return texts(value, take);
  return value.some((item) => below(item, path, from + 1, take));
}
