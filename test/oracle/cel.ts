/** CEL conditions, by an interpreter that is not ours. */
import { isCelError, run } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { BoundParam } from '../../compiler/ir/resolved.ts';

export interface CelSubject {
  readonly step?: {
    readonly id: string;
    readonly tool: string;
    readonly args: unknown;
    readonly depends_on?: unknown;
  };
  readonly plan: unknown;
  readonly context: unknown;
  readonly now: number;
}

/** JSON as the library's values: an object with a key `constructor` is no plain object to it, a `Map` always a map. */
function asMap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asMap);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, member]) => [key, asMap(member)]));
}

/** A condition that ends in an error, or in something that is no bool, cannot tell. */
export function celHolds(
  source: string,
  { step, plan, context, now }: CelSubject,
  params: readonly BoundParam[] = [],
): boolean | 'unknown' {
  const bindings = {
    plan: asMap(plan),
    context: asMap(context ?? {}),
    now: timestampFromMs(now),
    params: new Map(
      params.map(({ name, type, value }) => [
        name,
        type === 'integer' ? BigInt(Number(value)) : asMap(value),
      ]),
    ),
    ...(step && { step: asMap({ depends_on: [], on_fail: null, ...step }) }),
  };
  try {
    const value = run(source, bindings as never, { funcs: [...strings] });
    return isCelError(value) || typeof value !== 'boolean' ? 'unknown' : value;
  } catch {
    return 'unknown';
  }
}
