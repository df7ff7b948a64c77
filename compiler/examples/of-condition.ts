/** Small plans made of what a condition in CEL reads and of the literals beside it. */
import type { CelNode } from '../ir/cel.ts';
import { children } from '../ir/cel-walk.ts';
import type { PatternRule } from '../ir/resolved.ts';
import { conditionOfRule } from '../proof/rule.ts';
import { implies } from '../proof/implies.ts';
import { conditionOf } from '../cel/condition-of.ts';
import { exampleOf, toolOf, withValue } from './example.ts';
import type { Example, ExampleStep } from './example.ts';

interface Read {
  /** What is read from: `step`, `plan`, `context`, or an element that a macro visits. */
  readonly from: string;
  readonly path: readonly string[];
}

/** A place in a plan or in the context to put values at. */
type Place = readonly ['args' | 'plan' | 'context', readonly string[]];

/** So many values at one place, and so many combinations of places, are tried. */
const MOST_VALUES = 24;
const MOST_PLANS = 6_000;

export function* plansForConditions(rules: readonly PatternRule[]): Generator<Example> {
  const roots = rules.flatMap(
    ({ when, scope, params = [] }) => (when && conditionOf(when.value, scope, params)) ?? [],
  );
  const nodes = roots.flatMap(everyNode);
  const reads = nodes.flatMap((node) => readOf(node) ?? []);
  const literals = [...nodes.flatMap(literalOf), ...rules.flatMap(paramsOf)];
  const patterns = rules.flatMap(patternSteps);
  const places = placesOf(reads);
  const values = valuesOf(literals, fieldsOf(reads));
  const texts = literals.filter((value) => typeof value === 'string');
  const tools = [
    ...rules.flatMap(({ pattern }) => pattern.tools?.map(({ value }) => toolOf(value)) ?? []),
    ...texts.filter((text) => /^[\w.-]+$/.test(text)),
    'any_tool',
  ];
  const bare = [...new Set(tools)].map((tool): ExampleStep => ({ id: 's1', tool, args: {} }));
  const filled = combinations(places, values);
  for (const step of [...patterns, ...bare]) {
    for (const one of filled) {
      const example = fill(step, one);
      if (example) yield example;
    }
  }
  for (const count of literals) {
    if (typeof count !== 'number' || count < 0 || count > 49) continue;
    for (const step of [...patterns, ...bare])
      yield exampleOf(
        Array.from({ length: Math.floor(count) + 1 }, (_, i) => ({ ...step, id: `s${i + 1}` })),
      );
  }
}

function everyNode(node: CelNode): readonly CelNode[] {
  return [node, ...children(node).flatMap(everyNode)];
}

function readOf(node: CelNode): Read | null {
  if (node.op === 'variable') return { from: node.name, path: [] };
  if (node.op === 'local') return { from: 'element', path: [] };
  const [operand, field] = memberRead(node);
  const below = operand && readOf(operand);
  return below && field !== null ? { ...below, path: [...below.path, field] } : null;
}

/** What a member is read of, and which; a field that is not told is none that is known. */
function memberRead(node: CelNode): readonly [operand: CelNode | undefined, field: string | null] {
  if (node.op === 'select' || node.op === 'has') return [node.operand, node.field];
  return node.op === 'call' && node.name === 'celIndex'
    ? [node.args[0], textOf(node.args[1])]
    : [undefined, null];
}

const textOf = (node: CelNode | undefined): string | null =>
  node?.op === 'constant' && node.constant.kind === 'string' ? node.constant.value : null;

/** Arguments also of the steps that a macro visits. */
function placesOf(reads: readonly Read[]): readonly Place[] {
  const places = reads.flatMap(({ from, path }): Place[] => {
    const [first, ...rest] = path;
    if (from === 'context' && first !== undefined) return [['context', path]];
    if (from === 'plan' && first !== undefined && first !== 'steps') return [['plan', path]];
    return first === 'args' && rest.length > 0 && (from === 'step' || from === 'element')
      ? [['args', rest]]
      : [];
  });
  const unique = [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
  // `a` beside `a.b` is an object because of the latter.
  const within = (outer: Place, inner: Place): boolean =>
    outer[0] === inner[0] &&
    outer[1].length < inner[1].length &&
    outer[1].every((name, i) => name === inner[1][i]);
  return unique.filter((place) => !unique.some((other) => within(place, other)));
}

const fieldsOf = (reads: readonly Read[]): readonly string[] => [
  ...new Set(
    reads.flatMap(({ from, path }) => (from === 'element' && path[0] !== 'args' ? path.slice(0, 1) : [])),
  ),
];

function literalOf(node: CelNode): readonly unknown[] {
  if (node.op === 'matches') return [node.pattern.key.replaceAll(/[\\^$]/g, '')];
  if (node.op !== 'constant') return [];
  const { constant } = node;
  switch (constant.kind) {
    case 'int':
    case 'uint':
      return [Number(constant.value)];
    case 'double':
    case 'string':
    case 'bool':
      return [constant.value];
    default:
      return [];
  }
}

const paramsOf = ({ params = [] }: PatternRule): readonly unknown[] => params.flatMap(({ value }) => value);

/** Each literal and its neighbours, alone, in a list, and as what the elements of a list hold; and nothing. */
function valuesOf(literals: readonly unknown[], fields: readonly string[]): readonly unknown[] {
  const near = literals.flatMap((value) => {
    if (typeof value === 'number') return [value, value + 1, value - 1];
    return typeof value === 'string' ? [value, `${value}x`] : [value];
  });
  const numbers = literals.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  const between = numbers.flatMap((low, i) => [(low + (numbers[i + 1] ?? low)) / 2]);
  const scalars = [...new Set([...near, ...between, 'other', true, false])].slice(0, MOST_VALUES);
  const inLists = scalars.slice(0, 6).map((value) => [value]);
  const records = fields.flatMap((field) => scalars.slice(0, 6).map((value) => [{ [field]: value }]));
  return [...scalars, ...inLists, ...records, [], undefined];
}

type Filled = readonly (readonly [Place, unknown])[];

/** Every combination while there are few; beyond that a spread of them, the same in every run. */
function combinations(places: readonly Place[], values: readonly unknown[]): readonly Filled[] {
  const all = values.length ** places.length;
  const stride = all <= MOST_PLANS ? 1 : Math.floor(all / MOST_PLANS) | 1;
  return Array.from({ length: Math.min(all, MOST_PLANS) }, (_, i) => {
    let rest = i * stride;
    return places.map((place): [Place, unknown] => {
      const value = values[rest % values.length];
      rest = Math.floor(rest / values.length);
      return [place, value];
    });
  });
}

function fill(step: ExampleStep, filled: Filled): Example | null {
  const parts: Record<Place[0], Readonly<Record<string, unknown>> | null> = {
    args: step.args,
    plan: {},
    context: {},
  };
  for (const [[part, path], value] of filled) {
    const into = parts[part];
    if (value !== undefined && into) parts[part] = withValue(into, path, value);
  }
  const { args, plan, context } = parts;
  if (!args || !plan || !context) return null;
  const needed = Object.keys(context).length > 0;
  return exampleOf([{ ...step, args }], { plan, ...(needed && { context }) });
}

/** A step that the pattern alone fires on. */
function patternSteps(rule: PatternRule): readonly ExampleStep[] {
  const condition = conditionOfRule(rule);
  const proof = condition && implies(condition, { kind: 'constant', value: false });
  return proof?.kind === 'refuted' ? proof.plan.steps : [];
}
