/** A policy with one thing changed, anywhere in it: left out, another number, another word of its kind, another order. */
import { places, without } from '../fuzz/reduce.ts';
import type { Path } from '../fuzz/reduce.ts';

type Json = unknown;

/** Words that stand for each other, and mean something else. */
const KINDS: readonly (readonly string[])[] = [
  ['info', 'low', 'medium', 'high', 'critical'],
  ['audit', 'warn', 'require_approval', 'deny'],
  ['sum', 'max'],
  ['check', 'allow'],
  ['gt', 'gte', 'lt', 'lte'],
  ['equals', 'not_equals'],
  ['in', 'not_in'],
  ['contains', 'starts_with', 'ends_with', 'matches'],
  ['between', 'not_between'],
  ['length_gt', 'length_gte', 'length_lt', 'length_lte'],
  ['pay.send', 'pay.*', '*', 'mail', 'db.query'],
  ['amount', 'to', 'note'],
  ['>', '>=', '<', '<='],
  ['&&', '||'],
  ['2026-01-01T00:00:00Z', '2026-05-01T00:00:00Z', '2027-01-01T00:00:00Z'],
];

const at = (value: Json, [key, ...path]: Path): Json =>
  key === undefined ? value : at((value as Record<string | number, Json>)[key], path);

function replaced(value: Json, [key, ...path]: Path, by: Json): Json {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((each: Json, i) => (i === key ? replaced(each, path, by) : each));
  return Object.fromEntries(
    Object.entries(value as Record<string, Json>).map(([name, each]) => [
      name,
      name === key ? replaced(each, path, by) : each,
    ]),
  );
}

/** What a value may become in its place. */
function othersOf(value: Json): readonly Json[] {
  if (typeof value === 'number') return [value + 1, value - 1, value / 2];
  if (typeof value === 'boolean') return [!value];
  if (Array.isArray(value)) return value.length > 1 ? [[...(value as readonly Json[])].reverse()] : [];
  if (typeof value !== 'string') return [];
  const words = KINDS.filter((kind) => kind.includes(value)).flat();
  if (words.length > 0) return words.filter((word) => word !== value);
  // A condition: one sign or number of it.
  const number = /(?<![\w"])-?\d+(?:\.\d+)?/.exec(value);
  const sign = / (?<sign>&&|\|\||[<>]=?) /.exec(value)?.groups?.['sign'];
  const signs = KINDS.find((kind) => sign !== undefined && kind.includes(sign)) ?? [];
  return [
    ...(number ? [value.replace(number[0], String(Number(number[0]) + 1))] : []),
    ...signs.filter((other) => other !== sign).map((other) => value.replace(` ${sign ?? ''} `, ` ${other} `)),
  ];
}

/**
 * Changed policies, most of which compile.
 *
 * @param pick - a whole number below its argument
 */
export function changedPolicies(
  policy: Json,
  count: number,
  pick: (below: number) => number,
): readonly Json[] {
  const all = [...places(policy, [])];
  return Array.from({ length: count }, () => {
    const place = all[pick(all.length)] ?? [];
    const others = othersOf(at(policy, place));
    return others.length === 0 || pick(5) === 0
      ? without(policy, place)
      : replaced(policy, place, others[pick(others.length)]);
  });
}
