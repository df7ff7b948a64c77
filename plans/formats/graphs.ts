/** Formats that are plans already: nodes, and what leads from one to another. */
import type { JsonValue } from '@plan-lint/runtime/json';
import { callOf, counted } from './calls.ts';
import { FormatError, isList, isRecord, items, member, textIn, textOf } from './format.ts';
import type { Format, FoundCall, JsonRecord, Place } from './format.ts';

/** TaskBench and GNN4TaskPlan: `task_nodes` and `task_links`. */
export const taskBench: Format = {
  name: 'taskbench',
  title: 'TaskBench and GNN4TaskPlan: `task_nodes` and `task_links`',
  kind: 'plan',
  detects: ([first, ...more]) => more.length === 0 && isList(member(first, 'task_nodes')),
  read([document = null]) {
    const nodes = items(member(document, 'task_nodes'));
    const names = nodes.map((node) => textIn(member(node, 'task')) ?? textIn(member(node, 'tool')));
    const links = items(member(document, 'task_links')).map((link, i) => {
      const ends = [member(link, 'source'), member(link, 'target')].map((end) => nodeOf(end, names));
      const [from, to] = ends;
      if (from === undefined || to === undefined)
        throw new FormatError('a link here leads from or to no single node', ['task_links', i]);
      return { from, to };
    });
    const calls = nodes.map((node, i): FoundCall => {
      const at = ['task_nodes', i];
      const found = callOf({ id: `s${i}`, tool: names[i] ?? undefined, args: argumentsOf(node, at), at });
      return { ...found, after: links.filter(({ to }) => to === i).map(({ from }) => `s${from}`) };
    });
    const goal = textIn(member(document, 'user_request')) ?? textIn(member(document, 'instruction'));
    return { groups: calls.map((call) => [call]), lost: [], ...(goal !== null && { goal }) };
  },
};

/** A node by its number, or by its name where one alone has that. */
function nodeOf(end: JsonValue | undefined, names: readonly (string | null)[]): number | undefined {
  if (typeof end === 'number')
    return Number.isInteger(end) && end >= 0 && end < names.length ? end : undefined;
  const at = names.flatMap((name, i) => (name !== null && name === end ? [i] : []));
  return at.length === 1 ? at[0] : undefined;
}

/** A list of texts, or of names and values; `<node-1>` stands for what a node gave. */
function argumentsOf(node: JsonValue, at: Place): JsonRecord {
  const written = member(node, 'arguments');
  if (!isList(written)) return isRecord(written) ? written : {};
  const pairs = written.map((each, i): readonly [string, JsonValue] => {
    if (!isRecord(each)) return [`argument_${i + 1}`, referred(each)];
    const name = textIn(each['name']);
    if (name === null || each['value'] === undefined)
      throw new FormatError('an argument here has no `name` and `value`', [...at, 'arguments', i]);
    return [name, referred(each['value'])];
  });
  if (new Set(pairs.map(([name]) => name)).size < pairs.length)
    throw new FormatError('a node here has one argument twice', at);
  return Object.fromEntries(pairs);
}

const NODE = /<node-(\d{1,6})>/g;
const referred = (value: JsonValue): JsonValue =>
  typeof value === 'string' ? value.replace(NODE, (_, n: string) => `\${s${Number(n)}.result}`) : value;

/** n8n: nodes of a workflow and their connections. */
export const n8n: Format = {
  name: 'n8n',
  title: 'n8n: a workflow with `nodes` and `connections`',
  kind: 'plan',
  detects: ([first, ...more]) =>
    more.length === 0 && isList(member(first, 'nodes')) && isRecord(member(first, 'connections')),
  read([document = null]) {
    const nodes = items(member(document, 'nodes'));
    const steps = new Map<string, string>();
    const passive = new Set<string>();
    for (const [i, node] of nodes.entries()) {
      const name = textIn(member(node, 'name'));
      if (name === null || steps.has(name) || passive.has(name))
        throw new FormatError('a node here has no name of its own', ['nodes', i]);
      if (isPassive(node)) passive.add(name);
      else steps.set(name, `s${i}`);
    }
    const before = connectionsInto(member(document, 'connections'), steps, passive);
    const calls = nodes.flatMap((node, i): readonly FoundCall[] => {
      const name = textOf(node, 'name');
      const id = steps.get(name);
      if (id === undefined) return [];
      const after = before.get(name) ?? [];
      const at = ['nodes', i];
      const found = callOf({ id, tool: member(node, 'type'), args: member(node, 'parameters'), at });
      const args = mapTexts(found.args, (text) => withReferences(text, steps, after)) as JsonRecord;
      return [{ ...found, args, after, ...(goesOn(node) && { onFail: 'continue' as const }) }];
    });
    const goal = textIn(member(document, 'name'));
    const lost = counted(passive.size, 'trigger or note', 'triggers and notes');
    return { groups: calls.map((call) => [call]), lost, ...(goal !== null && { goal }) };
  },
};

/** What begins a workflow, and what is written beside it: neither calls anything. */
const isPassive = (node: JsonValue): boolean => /(?:Trigger|\.stickyNote|\.noOp)$/.test(textOf(node, 'type'));

const goesOn = (node: JsonValue): boolean =>
  member(node, 'continueOnFail') === true || /^continue/.test(textOf(node, 'onError'));

/** By node, the steps that lead into it. */
function connectionsInto(
  connections: JsonValue | undefined,
  steps: ReadonlyMap<string, string>,
  passive: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const into = new Map<string, string[]>();
  for (const [from, outputs] of Object.entries(isRecord(connections) ? connections : {})) {
    const targets = Object.values(isRecord(outputs) ? outputs : {}).flatMap((outs) =>
      items(outs).flatMap(items),
    );
    for (const target of targets) {
      const to = textIn(member(target, 'node'));
      const isKnown = (name: string): boolean => steps.has(name) || passive.has(name);
      if (to === null || !isKnown(to) || !isKnown(from))
        throw new FormatError('a connection leads from or to no node', ['connections', from]);
      const id = steps.get(from);
      const known = into.get(to) ?? [];
      into.set(to, known);
      if (id !== undefined && !known.includes(id)) known.push(id);
    }
  }
  return into;
}

const EXPRESSION =
  /^=\{\{\s*(?:\$node\["([^"]+)"\]|\$\('([^']+)'\)\.item|(\$))\.?json((?:\.[A-Za-z_]\w*)*)\s*\}\}$/;

/** An expression that is one path into one result is a reference; any other stays as it is, and nobody knows its value. */
function withReferences(text: string, steps: ReadonlyMap<string, string>, after: readonly string[]): string {
  const found = EXPRESSION.exec(text);
  if (!found) return text;
  const [, byNode, byItem, , path = ''] = found;
  const name = byNode ?? byItem;
  // `$json` is what the only node before gave.
  const previous = after.length === 1 ? after[0] : undefined;
  const id = name === undefined ? previous : steps.get(name);
  return id === undefined ? text : `\${${id}.result${path}}`;
}

function mapTexts(value: JsonValue, map: (text: string) => string): JsonValue {
  if (typeof value === 'string') return map(value);
  if (isList(value)) return value.map((each) => mapTexts(each, map));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapTexts(each, map)]));
}
