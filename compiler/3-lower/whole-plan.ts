import { globMatches } from '../glob/covers.ts';
import type { JsonObject, JsonValue, ToolCatalog } from '../ir/catalog.ts';
import { isObject } from '../ir/schema.ts';
import { parsePath } from '../ir/path.ts';
import type { Expr, MaxCallsTest, NamePath, NamePathPair, PlanRule, WholePlanTest } from '../ir/program.ts';
import type { WholePlanRule } from '../ir/resolved.ts';
import type { Located } from '../ir/source.ts';
import { amountsOf, governedBy } from '../ir/whole-plan.ts';
import type {
  Limit,
  MaxCallsBody,
  MaxTotalBody,
  PathPair,
  ToolList,
  WholePlanBody,
} from '../ir/whole-plan.ts';

/** A rule about the whole plan without its places. */
export function lowerWholePlan(
  rule: WholePlanRule,
  narrowing: Expr | null,
  catalog: ToolCatalog | null,
): PlanRule {
  return { scope: 'plan', head: rule, condition: { ...lowerBody(rule.body, catalog), narrowing } };
}

/** Kind by kind, for a union without one of its members is none. */
type Unnarrowed = WholePlanTest extends infer T
  ? T extends WholePlanTest
    ? Omit<T, 'narrowing'>
    : never
  : never;

function lowerBody(body: WholePlanBody, catalog: ToolCatalog | null): Unnarrowed {
  const tools = globsOf(governedBy(body));
  switch (body.kind) {
    case 'max_calls':
      return { kind: body.kind, tools, ...countedOf(body) };
    case 'max_total': {
      const { kind } = body;
      const amounts = amountsOf(body).map((one) => ({ tools: globsOf(one.tools), path: namesOf(one.arg) }));
      const maxima = amounts.flatMap((one) => maximaOf(one.tools, one.path, catalog));
      return { kind, tools, amounts, ...countedOf(body), maxima };
    }
    case 'require_before': {
      const { kind, before, same, order, within } = body;
      return { kind, tools, before: globsOf(before), same: same.map(pairOf), order, within };
    }
    case 'require_after': {
      const { kind, after, same, order, onFailure, whileOwed } = body;
      const pairing = { tools, after: globsOf(after), same: same.map(pairOf), order };
      return { kind, ...pairing, onFailure, whileOwed: whileOwed && globsOf(whileOwed) };
    }
    case 'flows': {
      const { kind, from, through, evidence } = body;
      const fromContext = body.fromContext.map(({ value }) => parsePath(value));
      const into = body.into.map((one) => ({ tools: globsOf(one.tools), path: parsePath(one.arg.value) }));
      const sinks = { tools, whole: globsOf(body.tools), into };
      return { kind, ...sinks, from: globsOf(from), fromContext, through: globsOf(through), evidence };
    }
    case 'separate_duty': {
      const { kind, other, by, same } = body;
      return { kind, tools, other: globsOf(other), by: by && pairOf(by), same: same.map(pairOf) };
    }
    case 'on_fail': {
      const { kind, allow, handlers } = body;
      return { kind, tools, allow, handlers: globsOf(handlers) };
    }
  }
}

/** Governed tools of the catalog whose schema has a `maximum` for the argument. */
function maximaOf(
  tools: readonly string[],
  path: NamePath,
  catalog: ToolCatalog | null,
): readonly (readonly [string, number])[] {
  return [...(catalog?.tools ?? [])].flatMap(([name, { input }]) => {
    if (!tools.some((glob) => globMatches(glob, name))) return [];
    const ends = endsAt(input, path);
    return ends.length === 0 ? [] : [[name, Math.min(...ends)] as const];
  });
}

function endsAt(input: JsonObject, path: NamePath): readonly number[] {
  let at: JsonValue | undefined = input;
  for (const name of path) {
    const properties: JsonValue | undefined = isObject(at) ? at['properties'] : undefined;
    at = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  }
  if (!isObject(at)) return [];
  return [at['maximum'], at['exclusiveMaximum']].filter((end) => typeof end === 'number');
}

const globsOf = (tools: ToolList): readonly string[] => tools.map(({ value }) => value);

function countedOf({
  limit,
  per,
  within,
}: MaxCallsBody | MaxTotalBody): Pick<MaxCallsTest, 'limit' | 'per' | 'within'> {
  return { limit: valueOf(limit), per: per && namesOf(per), within };
}

/** 1-parse has refused `[*]` here. */
const namesOf = ({ value }: Located<string>): NamePath =>
  parsePath(value).filter((segment) => typeof segment === 'string');

const pairOf = ({ here, there }: PathPair): NamePathPair => ({ here: namesOf(here), there: namesOf(there) });

/** 2-resolve has reported a limit without a value, and stopped. */
const valueOf = ({ value }: Limit): number => value?.value ?? 0;
