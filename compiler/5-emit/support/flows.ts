import { bad, get, texts } from './core.ts';
import { argsOf } from './graph.ts';
import type { PlanGraph, Steps } from './graph.ts';
import type { Segments } from './reason.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];
declare const references: (text: string, found: (stepId: string) => void) => void;

type OfTool = (tool: string) => boolean;

/** The data of a `flows`: sinks, sources, declassifiers, and paths into both contexts. */
export interface Flows {
  readonly tool: OfTool;
  readonly from: OfTool;
  readonly through: OfTool;
  readonly context: readonly Segments[];
}

/** More values of the contexts than this are not looked for: every sink fires. */
const MOST_VALUES = 64;
/** A shorter text is a copy only as a whole, for it stands in many others by chance. */
const SHORTEST_PART = 4;

/** Where what a step takes in comes from: the number of the source step, or one of these. */
export const CLEAN = -1;
export const COPIED = -2;
export const TOO_MANY = -3;

export interface Taint {
  /** What the arguments of each step hold. */
  readonly held: Steps;
  /** What its result carries. */
  readonly given: Steps;
  /** Whether a text holds a value of the contexts, as a copy. */
  readonly copied: (text: string) => boolean;
}

/** Follows the results of sources, and copies from the contexts, through references. Linear in steps and references. */
export function taint({ steps, order, reads }: PlanGraph, rule: Flows, contexts: readonly unknown[]): Taint {
  const values = valuesOf(contexts, rule.context);
  const copied = (text: string): boolean => values !== null && values.some((value) => isCopy(text, value));
  const held: number[] = steps.map(() => CLEAN);
  const given: number[] = steps.map(() => CLEAN);
  for (const step of order) {
    const { tool } = steps[step] as { readonly tool: string };
    let origin = (reads[step] as Steps).reduce(
      (first, other) => (first === CLEAN ? (given[other] as number) : first),
      CLEAN,
    );
    if (origin === CLEAN && rule.context.length > 0 && texts(argsOf(steps[step] as never), copied))
      origin = COPIED;
    if (values === null && rule.tool(tool)) origin = TOO_MANY;
    held[step] = origin;
    given[step] = rule.from(tool) ? step : rule.through(tool) ? CLEAN : origin;
  }
  return { held, given, copied };
}

/** The sink steps whose arguments hold what comes from a source. */
export function findFlows({ steps }: PlanGraph, rule: Flows, { held }: Taint): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  steps.forEach(({ tool }, i) => {
    const origin = held[i] as number;
    if (origin !== CLEAN && rule.tool(tool)) found.set(i, origin);
  });
  return found;
}

/** Whether a text of a step brings in what comes from a source. */
export function brings({ indexOf }: PlanGraph, { given, copied }: Taint): (text: string) => boolean {
  return (text) => {
    let found = copied(text);
    references(text, (id) => {
      const step = indexOf.get(id);
      if (step !== undefined && given[step] !== CLEAN) found = true;
    });
    return found;
  };
}

const isCopy = (text: string, value: string): boolean =>
  value.length < SHORTEST_PART ? text === value : text.includes(value);

/** The texts at or below the paths, each once; `null` where there are more than can be looked for. */
function valuesOf(contexts: readonly unknown[], paths: readonly Segments[]): readonly string[] | null {
  const values = new Map<string, boolean>();
  const take = (text: string): boolean => {
    if (text !== '') values.set(text, true);
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
