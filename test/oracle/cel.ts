/** CEL conditions, by an interpreter that is not ours. */
import { celEnv, isCelError, parse, plan as prepare } from '@bufbuild/cel';
import type { CelResult } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { BoundParam } from '../../compiler/ir/resolved.ts';
import type { Outlook } from './truth.ts';
import { once, onceFor } from './once.ts';
import { Later } from './references.ts';

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

/** A map in which what is not known cannot be read: an error, which the library carries on as one carries on unknowns. */
class MapWithGaps extends Map<unknown, unknown> {
  override get(key: unknown): unknown {
    const value = super.get(key);
    if (!(value instanceof Later)) return value;
    gaps.read = true;
    return undefined;
  }
}
const gaps = { read: false };

/** JSON as the library's values: an object with a key `constructor` is no plain object to it, a `Map` always a map. */
function asMap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Later) return value;
  return mapOf(value);
}

/** A plan is asked about by each condition at each step. */
const mapOf = onceFor((value: object): unknown =>
  Array.isArray(value)
    ? value.map(asMap)
    : new MapWithGaps(Object.entries(value).map(([key, member]) => [key, asMap(member)])),
);

const stepOf = onceFor((step: object): unknown => asMap({ depends_on: [], on_fail: null, ...step }));

const paramsOf = onceFor(
  (params: readonly BoundParam[]): ReadonlyMap<string, unknown> =>
    new Map(
      params.map(({ name, type, value }) => [
        name,
        type === 'integer' ? BigInt(Number(value)) : asMap(value),
      ]),
    ),
);

const NO_PARAMS: readonly BoundParam[] = [];

type Prepared = (bindings: never) => CelResult;

const env = celEnv({ funcs: [...strings] });
const preparedOf = once((source: string): Prepared => prepare(env, parse(source)));

/**
 * A condition that ends in an error, or in something that is no bool, cannot tell. Where it has come upon a reference
 * on the way, that may be why.
 */
export function celHolds(
  source: string,
  { step, plan, context, now }: CelSubject,
  params: readonly BoundParam[] = NO_PARAMS,
): Outlook {
  gaps.read = false;
  const bindings = {
    plan: asMap(plan),
    context: asMap(context ?? {}),
    now: timestampFromMs(now),
    params: paramsOf(params),
    ...(step && { step: stepOf(step) }),
  };
  try {
    const value = preparedOf(source)(bindings as never);
    if (typeof value === 'boolean') return [value];
    return isCelError(value) && gaps.read ? [true, false] : ['unknown'];
  } catch {
    return gaps.read ? [true, false] : ['unknown'];
  }
}
