/** Plans for rules about the whole plan: every shape of dependencies, failures, values to count by, and order of tools. */
import { fitting, planOf, range, step } from './hostile-plans.ts';
import type { HostilePlan } from './hostile-plans.ts';

/** How the steps of a plan hang together. */
const WAITS: Readonly<Record<string, (i: number) => readonly number[]>> = {
  nothing: () => [],
  'the one before': (i) => [i - 1],
  'five before': (i) => range(Math.min(i, 5)).map((k) => i - 1 - k),
  anything: (i) => range(Math.min(i, 5)).map((k) => (i * 7 + k * 13) % i),
  'the first': () => [0],
  'the same early ones': (i) => range(Math.min(i, 5)),
};
const HANDLERS: Readonly<Record<string, (i: number, count: number) => unknown>> = {
  none: () => undefined,
  onward: () => 'continue',
  back: (i, count) => (i % 3 === 0 ? undefined : `s${(i * 5 + 1) % count}`),
  unknown: () => 7,
  'two steps': () => ['s0', 's1'],
};
/** By what a rule groups calls. */
const KEYS: Readonly<Record<string, (i: number) => unknown>> = {
  'each its own': (i) => `k${i}`,
  'in pairs': (i) => Math.floor(i / 2),
  'all one': () => 'k',
  'a reference': (i) => (i === 0 ? 'k' : '${s0.result.x}'),
  'references of their own': (i) => (i === 0 ? 'k' : `\${s0.result.x${i}}`),
  'other letters': (i) => `\u0430\u0435${i}`,
  'long ones': (i) => `${'k'.repeat(120)}${i}`,
};

/** Which tool each step calls. */
const ORDERS: Readonly<Record<string, (i: number, count: number) => string>> = {
  'in turn': (i) => 'abc'.charAt(i % 3),
  'the other first': (i) => (i === 0 ? 'b' : 'a'),
  'the other last': (i, count) => (i === count - 1 ? 'b' : 'a'),
  'half and half': (i, count) => (i * 2 < count ? 'b' : 'a'),
  'half and half, turned': (i, count) => (i * 2 < count ? 'a' : 'b'),
};

/** Plans for rules about the whole plan: dependencies, failures, values to count by, and tools. */
export function plansOfGraphs(size: number): readonly HostilePlan[] {
  const graph = (
    name: string,
    {
      waits = 'nothing',
      fails = 'none',
      key = 'in pairs',
      order = 'in turn',
    }: Partial<Record<'waits' | 'fails' | 'key' | 'order', string>>,
  ): HostilePlan => ({
    name,
    make() {
      const one = (i: number): object => {
        const others = (WAITS[waits]?.(i) ?? []).filter((j) => j >= 0 && j < i);
        return step(
          i,
          ORDERS[order]?.(i, size) ?? '',
          {
            x: KEYS[key]?.(i),
            y: KEYS[key]?.(i + 1),
            n: i % 7 === 0 ? 5e-324 : 1,
            waits: others.map((j) => `\${s${j}.result}`).join(''),
          },
          { depends_on: others.map((j) => `s${j}`), on_fail: HANDLERS[fails]?.(i, size) },
        );
      };
      return planOf(range(fitting(one, size)).map(one));
    },
  });
  return [
    ...Object.keys(WAITS).flatMap((waits) =>
      Object.keys(HANDLERS).map((fails) =>
        graph(`${size} steps wait for ${waits}, handlers ${fails}`, { waits, fails }),
      ),
    ),
    ...Object.keys(KEYS).flatMap((key) =>
      Object.keys(ORDERS).map((order) => graph(`${size} steps, keys ${key}, tools ${order}`, { key, order })),
    ),
  ];
}
