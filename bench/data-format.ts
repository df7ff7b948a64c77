/**
 * What a bundle without code would cost (`format: data`, docs/data-format.md): the same rules, asked by functions that were compiled, and
 * by a fixed interpreter that reads them from a table. Every rule of a step's tool is asked, so this is the most that it can cost: in
 * front of both stands the same guard, which spares most steps of most plans the question.
 *
 * `node bench/run.js data-format`
 */
import { gzipSync } from 'node:zlib';
import { measure, clock, quartile } from './measure.ts';
import { makePlan, makeWorkload } from './workload.ts';
import type { Check, Plan, Step, Workload } from './workload.ts';

type Value = string | number | undefined;
/** Rules by tool, so that a step is asked its own; gives how many fired. */
type Decide = (plan: Plan) => number;

/** An expression as data: an operation, and its operands or parts. Conditions are trees of such nodes. */
type Node =
  | readonly ['and' | 'or', readonly Node[]]
  | readonly ['not', Node]
  | readonly [Exclude<Check['operation'], 'in'>, argument: string, operand: string | number]
  | readonly ['in', argument: string, operand: readonly string[]];

interface DataRule {
  readonly tool: string;
  readonly node: Node;
}

/** As patterns of policies are: a rule is mostly one test, every fourth a tree of three. */
function nodeOf({ arg, check }: Workload['rules'][number], index: number): Node {
  const leaf = [check.operation, arg, check.value] as unknown as Node;
  if (index % 4 !== 0) return leaf;
  return ['and', [leaf, ['not', ['equals', 'target', 'nowhere']]]];
}

const dataOf = (workload: Workload): readonly DataRule[] =>
  workload.rules.map((rule, index) => ({ tool: rule.tool, node: nodeOf(rule, index) }));

const text = (value: unknown): string => JSON.stringify(value);

/** The test of a node as JavaScript over `a`, the arguments. */
function sourceOf(node: Node): string {
  if (node[0] === 'and' || node[0] === 'or')
    return `(${node[1].map(sourceOf).join(node[0] === 'and' ? '&&' : '||')})`;
  if (node[0] === 'not') return `!${sourceOf(node[1])}`;
  const [operation, argument, operand] = node;
  const value = `a[${text(argument)}]`;
  const string = `typeof ${value}=="string"&&`;
  const sources: Readonly<Record<Check['operation'], string>> = {
    gt: `!(${value}<=${text(operand)})`,
    lt: `!(${value}>=${text(operand)})`,
    equals: `${value}===${text(operand)}`,
    contains: `${string}${value}.includes(${text(operand)})`,
    starts_with: `${string}${value}.startsWith(${text(operand)})`,
    matches: `${string}/${String(operand).replaceAll('/', '\\/')}/.test(${value})`,
    in: `${text(operand)}.includes(${value})`,
  };
  return `(${sources[operation]})`;
}

type Ask = (args: Step['args']) => boolean;

/** The other way: one function for all rules. Patterns are made when the table is read, as the module's are when it loads. */
function interpreter(): {
  readonly read: (node: Node) => Node;
  readonly ask: (node: Node, args: Step['args']) => boolean;
} {
  const patterns = new Map<string, RegExp>();
  function read(node: Node): Node {
    if (node[0] === 'matches') patterns.set(String(node[2]), new RegExp(String(node[2])));
    else if (node[0] === 'not') read(node[1]);
    else if (node[0] === 'and' || node[0] === 'or') node[1].forEach(read);
    return node;
  }
  function ask(node: Node, args: Step['args']): boolean {
    switch (node[0]) {
      case 'and':
        for (const each of node[1]) if (!ask(each, args)) return false;
        return true;
      case 'or':
        for (const each of node[1]) if (ask(each, args)) return true;
        return false;
      case 'not':
        return !ask(node[1], args);
      default:
        return askLeaf(node[0], args[node[1]], node[2]);
    }
  }
  function askLeaf(operation: Check['operation'], value: Value, operand: unknown): boolean {
    switch (operation) {
      case 'gt':
        return !((value as number) <= (operand as number));
      case 'lt':
        return !((value as number) >= (operand as number));
      case 'equals':
        return value === operand;
      case 'in':
        return (operand as readonly unknown[]).includes(value);
      case 'contains':
        return typeof value === 'string' && value.includes(operand as string);
      case 'starts_with':
        return typeof value === 'string' && value.startsWith(operand as string);
      case 'matches':
        return typeof value === 'string' && patterns.get(operand as string)?.test(value) === true;
    }
  }
  return { read, ask };
}

/** The same walk for both: on the tool, then each rule that can apply. */
function decider<Rule>(
  rules: readonly { readonly tool: string; readonly rule: Rule }[],
  ask: (rule: Rule, args: Step['args']) => boolean,
): Decide {
  const byTool = new Map<string, Rule[]>();
  for (const { tool, rule } of rules) byTool.set(tool, [...(byTool.get(tool) ?? []), rule]);
  return ({ steps }) => {
    let count = 0;
    for (const { tool, args } of steps)
      for (const key of [tool, `${tool.slice(0, tool.indexOf('.'))}.*`])
        for (const rule of byTool.get(key) ?? []) if (ask(rule, args)) count += 1;
    return count;
  };
}

function compiled(module: string): Decide {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what a bundle of today is, without its signature
  const factory = new Function(`return${module}`) as () => readonly {
    readonly tool: string;
    readonly rule: Ask;
  }[];
  const rules = factory();
  return decider(rules, (rule, args) => rule(args));
}

function interpreted(table: string): Decide {
  const { read, ask } = interpreter();
  const rules = (JSON.parse(table) as readonly DataRule[]).map(({ tool, node }) => ({
    tool,
    rule: read(node),
  }));
  return decider(rules, ask);
}

/** Milliseconds to make a decider of a text, lower quartile. */
function loading(make: (text: string) => Decide, source: string): number {
  const times = Array.from({ length: 9 }, (_, round) => {
    const start = clock();
    // A text of its own: engines keep what they have compiled.
    make(`${source}${' '.repeat(round)}`);
    return (clock() - start) / 1000;
  });
  return quartile(times);
}

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell).padStart(13)).join('');

console.log(row(['rules', '', 'µs a plan', 'load, ms', 'kB', 'kB gzip']));
for (const size of [10, 1000, 10_000]) {
  const workload = makeWorkload(size);
  const data = dataOf(workload);
  const module = `[${data.map(({ tool, node }) => `{tool:${text(tool)},rule:a=>${sourceOf(node)}}`).join(',')}]`;
  const ways = [
    { name: 'compiled', source: module, make: compiled },
    { name: 'data', source: text(data), make: interpreted },
  ];
  const plans = Array.from({ length: 100 }, (_, seed) => text(makePlan(workload, 50, seed)));
  const deciders = ways.map(({ name, source, make }) => ({ name, seen: make(source) }));
  const [one, other] = deciders;
  for (const plan of plans) {
    const seen = JSON.parse(plan) as Plan;
    if (one?.seen(seen) !== other?.seen(seen)) throw new Error('they differ');
  }
  const times = measure(deciders, plans, { rounds: 21, slice: 50 });
  for (const { name, source, make } of ways)
    console.log(
      row([
        String(size),
        name,
        times.get(name)?.seen ?? NaN,
        loading(make, source),
        source.length / 1000,
        gzipSync(source).length / 1000,
      ]),
    );
}
