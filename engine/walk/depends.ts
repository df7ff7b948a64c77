import { readText } from '../text/references.ts';
import type { Fields } from './walk.ts';

declare const Map: MapConstructor;
declare const isArray: (value: unknown) => value is readonly unknown[];

/** A sentence; where it shows names of the plan, of how these may be shown. */
export type Message = string | ((shown: (name: string) => string) => string);

/** What is told of a step, -1 for the plan as a whole. */
export type Report = (rule: string, message: Message, stepIndex: number) => void;

/** What steps depend on, by `depends_on` and by references; kept from plan to plan. */
export interface Dependencies {
  /** Pairs: step, and the number of the id of the step it depends on. */
  from: number[];
  to: number[];
  readonly numbers: Map<string, number>;
  /** By number of an id: the last step that named it as a dependency. */
  last: number[];
  /** More were named than may be. */
  overflown: boolean;
}

export function newDependencies(): Dependencies {
  return { from: [], to: [], numbers: new Map(), last: [], overflown: false };
}

/** Forgets everything. */
export function resetDependencies(all: Dependencies): void {
  all.overflown = false;
  if (all.from.length === 0) return;
  all.from = [];
  all.to = [];
  all.last = [];
  all.numbers.clear();
}

/** Notes a dependency once a step, however often the step names it; up to `most` of them. */
export function depend(all: Dependencies, id: string, at: number, most: number): void {
  const { numbers } = all;
  const number = numbers.get(id) ?? numbers.size;
  if (all.last[number] === at) return;
  if (all.from.length >= most) {
    all.overflown = true;
    return;
  }
  if (number === numbers.size) numbers.set(id, number);
  all.last[number] = at;
  all.from.push(at);
  all.to.push(number);
}

/** Every dependency exists, none is the step itself, and there is an order that satisfies all. */
export function checkDependencies(
  { from, to, numbers }: Dependencies,
  steps: readonly unknown[],
  report: Report,
): void {
  if (from.length === 0) return;
  const stepAt = (at: number): Fields => steps[at] as Fields;
  const idAt = (at: number): string => stepAt(at)['id'] as string;
  const indexOf = new Map(steps.map((_, i) => [idAt(i), i]));
  const ids = [...numbers.keys()];
  const targets = ids.map((id) => indexOf.get(id) ?? -1);
  const waiting = steps.map(() => 0);
  const missing = new Map<number, string>();
  // What depends on a step, as a chain: the last dependency noted, and for each the one noted before it.
  const latest = steps.map(() => -1);
  const before = from.map((at, edge) => {
    const number = to[edge] ?? 0;
    const target = targets[number] ?? -1;
    const other = latest[target] ?? -1;
    if (target < 0) {
      if (!missing.has(at)) missing.set(at, ids[number] ?? '');
    } else if (target === at)
      report(
        'self_dependency',
        (shown) => `the step depends on itself${by(stepAt(at), idAt(at), shown)}`,
        at,
      );
    else {
      waiting[at] = (waiting[at] ?? 0) + 1;
      latest[target] = edge;
    }
    return other;
  });
  for (const [at, id] of missing)
    report(
      'missing_dependency',
      (shown) => `the step refers to ${shown(id)}, which is not in the plan${by(stepAt(at), id, shown)}`,
      at,
    );
  // Kahn 1962: take away what depends on nothing; what is left stands in or behind a cycle.
  const ready = [...waiting.keys()].filter((at) => waiting[at] === 0);
  // The list grows while it is walked.
  for (const done of ready) {
    for (let edge = latest[done] ?? -1; edge >= 0; edge = before[edge] ?? -1) {
      const child = from[edge] ?? 0;
      const left = (waiting[child] ?? 0) - 1;
      waiting[child] = left;
      if (left === 0) ready.push(child);
    }
  }
  const stuck = waiting.findIndex((count) => count > 0);
  if (stuck < 0) return;
  const circle = circleFrom(stuck, from, (edge) => targets[to[edge] ?? 0] ?? -1, waiting);
  const [first = stuck, second = stuck] = circle;
  report(
    'cycle',
    (shown) => {
      const way = [...circle, first].map((at) => shown(idAt(at)));
      const some = way.length > MOST_SHOWN ? [...way.slice(0, MOST_SHOWN), '…', shown(idAt(first))] : way;
      const start = by(stepAt(first), idAt(second), shown);
      return `steps depend on each other in a circle: ${some.join(' → ')}${start}`;
    },
    first,
  );
}

const MOST_SHOWN = 8;

/** The steps of a circle, each of which waits for the next, beginning with the first in the plan. */
function circleFrom(
  stuck: number,
  from: readonly number[],
  targetOf: (edge: number) => number,
  waiting: readonly number[],
): readonly number[] {
  // Whoever is left waits for one that is left, too.
  const next = new Map<number, number>();
  from.forEach((at, edge) => {
    const target = targetOf(edge);
    if (target >= 0 && target !== at && (waiting[target] ?? 0) > 0 && !next.has(at)) next.set(at, target);
  });
  const place = new Map<number, number>();
  const way: number[] = [];
  let at = stuck;
  while (!place.has(at)) {
    place.set(at, way.length);
    way.push(at);
    at = next.get(at) ?? at;
  }
  const circle = way.slice(place.get(at) ?? 0);
  const first = circle.indexOf(circle.reduce((least, step) => (step < least ? step : least)));
  return [...circle.slice(first), ...circle.slice(0, first)];
}

/** Where a step refers to another one: in which argument or field, and how. */
function by(step: Fields, id: string, shown: (name: string) => string): string {
  const args = step['args'] === undefined ? step['parameters'] : step['args'];
  for (const key in args as Fields) {
    const text = refers((args as Fields)[key], id);
    if (text !== null) return ` (argument ${shown(key)}: ${shown(text)})`;
  }
  for (const key in step) {
    const text = key === 'args' || key === 'parameters' ? null : refers(step[key], id);
    if (text !== null) return ` (${key === 'on_fail' ? '`on_fail`' : 'a further field'}: ${shown(text)})`;
  }
  return ' (`depends_on`)';
}

/** The first reference to a step in a value, as it is written. */
function refers(value: unknown, id: string): string | null {
  if (typeof value === 'string') {
    if (readText(value)?.ids.includes(id) !== true) return null;
    const at = value.indexOf(`${id}.result`);
    const opener = value.lastIndexOf('{', at) - 1;
    const closer = value.indexOf('}', at) + 1;
    return value.slice(opener, value.charAt(opener) === '{' ? closer + 1 : closer);
  }
  if (typeof value !== 'object' || value === null) return null;
  if (isArray(value)) {
    for (const item of value) {
      const text = refers(item, id);
      if (text !== null) return text;
    }
    return null;
  }
  for (const key in value) {
    const text = refers((value as Fields)[key], id);
    if (text !== null) return text;
  }
  return null;
}
