/**
 * An input schema as a graph: schemas, and what leads from one to another, standing in it or behind its `$ref`. Nothing
 * here recurses, so that it can be asked whether the rest of the compiler, which does, may look at the schema.
 */
import type { JsonObject } from '../ir/catalog.ts';
import { isList, resolveRef, subschemas } from '../ir/schema.ts';
import type { Subschema } from '../ir/schema.ts';
import { components } from './components.ts';

interface Edge {
  readonly to: JsonObject;
  readonly about: Subschema['about'] | 'names' | 'reference';
}

interface Node {
  /** Where it stands: a JSON pointer. */
  readonly pointer: string;
  readonly edges: readonly Edge[];
}

/** What is reached from the root, each once; `true` and `false` lead nowhere and are left out. */
export type SchemaGraph = ReadonlyMap<JsonObject, Node>;

/** The places in a pointer as they stand in the document; a part that cannot be decoded leads nowhere. */
export const pointerOf = (ref: string): string => decodeURIComponent(ref.slice(1));

export function schemaGraph(root: JsonObject): SchemaGraph {
  const graph = new Map<JsonObject, Node>();
  const pointers = new Map([[root, '']]);
  // What is added while going over it is gone over too.
  for (const [schema, pointer] of pointers) {
    const edges: Edge[] = [];
    const lead = (to: JsonObject, about: Edge['about'], there: string): void => {
      edges.push({ to, about });
      if (!pointers.has(to)) pointers.set(to, there);
    };
    const { $ref: ref } = schema;
    const target = typeof ref === 'string' ? resolveRef(root, ref) : null;
    if (typeof ref === 'string' && typeof target === 'object' && target)
      lead(target, 'reference', pointerOf(ref));
    for (const inner of subschemas(schema)) {
      const about = inner.pointer === '/propertyNames' ? 'names' : inner.about;
      if (typeof inner.schema === 'object') lead(inner.schema, about, pointer + inner.pointer);
    }
    graph.set(schema, { pointer, edges });
  }
  return graph;
}

const edgesOf = (graph: SchemaGraph, schema: JsonObject): readonly Edge[] => graph.get(schema)?.edges ?? [];

/** The schemas that lead back to themselves without going into the value. */
export function circular(graph: SchemaGraph): ReadonlySet<JsonObject> {
  const asked = (schema: JsonObject): readonly JsonObject[] =>
    edgesOf(graph, schema).flatMap(({ to, about }) =>
      about === 'itself' || about === 'reference' ? [to] : [],
    );
  const circles = components(graph.keys(), asked).filter(
    ([first, second]) => second !== undefined || (first !== undefined && asked(first).includes(first)),
  );
  return new Set(circles.flat());
}

/** Schemas that lead back to each other, or one that does not. */
interface Part {
  /** How many schemas can be gone through in it, one from the other. */
  readonly weight: number;
  /** The same, with what it leads to. */
  readonly depth: number;
  /** Where the longest way out leads. */
  readonly next: JsonObject | null;
}

/**
 * How many schemas may have to be gone through on the way from the root, each from the one before, and the place where
 * that passes a limit; `null` where it does not.
 */
export function tooDeep(graph: SchemaGraph, root: JsonObject, limit: number): TooDeep | null {
  const all = [...graph.values()].flatMap(({ edges }) => edges);
  const referred = new Set(all.flatMap((edge) => (edge.about === 'reference' ? [edge.to] : [])));
  return heaviestWay(graph, root, limit, (members) => weightOf(graph, new Set(members), referred));
}

/** The same of the forms of all choices on a way: each form is asked inside the one before it. */
export function tooWide(graph: SchemaGraph, root: JsonObject, limit: number): TooDeep | null {
  return heaviestWay(graph, root, limit, (members) =>
    members.reduce((sum, schema) => sum + formsOf(schema), 0),
  );
}

const formsOf = ({ anyOf, oneOf }: JsonObject): number =>
  Math.max(...[anyOf, oneOf].map((forms) => (isList(forms) ? forms.length : 0)));

/** `weigh`: what schemas add to a way that lead back to each other, or one that does not. */
function heaviestWay(
  graph: SchemaGraph,
  root: JsonObject,
  limit: number,
  weigh: (members: readonly JsonObject[]) => number,
): TooDeep | null {
  const parts = new Map<JsonObject, Part>();
  const to = (schema: JsonObject): readonly JsonObject[] => edgesOf(graph, schema).map((edge) => edge.to);
  for (const members of components([root], to)) {
    const weight = weigh(members);
    let [longest, next]: [number, JsonObject | null] = [0, null];
    for (const target of members.flatMap(to)) {
      // Members are not known yet; all else is.
      const { depth = 0 } = parts.get(target) ?? {};
      if (depth > longest) [longest, next] = [depth, target];
    }
    for (const member of members) parts.set(member, { weight, depth: weight + longest, next });
  }
  const depth = parts.get(root)?.depth ?? 0;
  if (depth <= limit) return null;
  let at = root;
  let gone = 0;
  for (;;) {
    const { weight = 0, next = null } = parts.get(at) ?? {};
    gone += weight;
    if (gone > limit || next === null) return { depth, pointer: graph.get(at)?.pointer ?? '' };
    at = next;
  }
}

export interface TooDeep {
  readonly depth: number;
  readonly pointer: string;
}

/**
 * A way through schemas that lead back to each other can enter each of them by reference, and stands there in those
 * that are inside it: what is referred to becomes a function, and with it once more all that is written in it. What is
 * asked of names becomes another function than what is asked of values.
 */
function weightOf(
  graph: SchemaGraph,
  members: ReadonlySet<JsonObject>,
  referred: ReadonlySet<JsonObject>,
): number {
  const within = (schema: JsonObject): readonly Edge[] =>
    edgesOf(graph, schema).filter(({ to }) => members.has(to));
  const inner = [...members].flatMap(within);
  const written = new Set(inner.flatMap(({ to, about }) => (about === 'reference' ? [] : [to])));
  let weight = 0;
  for (const entry of members) {
    if (written.has(entry) && !referred.has(entry)) continue;
    for (let level = new Set([entry]); level.size > 0; weight += 1) {
      const below = [...level].flatMap(within).filter(({ about }) => about !== 'reference');
      level = new Set(below.map(({ to }) => to));
    }
  }
  return inner.some(({ about }) => about === 'names') ? weight * 2 : weight;
}
