import type { CellPlan, RowPlan, TextsPlan } from '../ir/guard.ts';
import type { OptimizedLayer } from '../ir/optimized.ts';
import type { Expr, StepRule } from '../ir/program.ts';
import { comma, empty, inShort, join, js, lines, literal, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scope } from './scope.ts';
import { emitSought } from './sought.ts';
import { TRIPS } from '../../engine/module/tables.ts';
import type { RuleTable } from './table.ts';
import { emitCondition } from './test.ts';
import { emitGlobs } from './globs.ts';

/**
 * The guard of an entry as an expression. An entry that stands on a layer has tables of its own rules only, which are
 * joined with those of the layer when a tool is first seen.
 */
export function emitGuard(layer: OptimizedLayer, table: RuleTable, scope: Scope): Code {
  const { base } = layer;
  const { rows, texts } = emitTables(layer, table, scope);
  const row = js`${scope.support('rows')}(${inShort(rows)})`;
  if (!base) return js`{row:${row},texts:${texts ?? noTexts()}}`;
  const { below, gone } = emitBelow(layer, base, table, scope);
  return js`${scope.support('over')}(${inShort([below, gone, row, texts])})`;
}

/** The guard of what a layer stands on, and the rules of that which are not asked, ascending. */
export function emitBelow(
  { dropped }: OptimizedLayer,
  base: OptimizedLayer,
  table: RuleTable,
  scope: Scope,
): { readonly below: Code; readonly gone: Code } {
  const below = scope.once(base, () => scope.constant('h', emitGuard(base, table, scope)));
  return { below, gone: literal(table.indexesOf(dropped)) };
}

export interface EmittedTables {
  /** What `rows` of the support code takes; `null` for what there is nothing to say in. */
  readonly rows: readonly (Code | null)[];
  readonly texts: Code | null;
}

/**
 * The tables of a layer's own rules (see `rows` of the support code). What follows from the rules themselves is not
 * said again; the rest of a tool's row is a function, so that it is made when the tool is first seen.
 */
export function emitTables({ guard, base }: OptimizedLayer, table: RuleTable, scope: Scope): EmittedTables {
  const plain = [...guard.plain.keys()];
  const ofName = new Map<string, StepRule[]>();
  for (const rule of plain)
    for (const tool of new Set(rule.tools)) {
      const list = ofName.get(tool);
      if (list) list.push(rule);
      else ofName.set(tool, [rule]);
    }
  const named = [...guard.rows.keys()].map(
    (tool) => js`[${literal(tool)},${literal(table.rangesOf(ofName.get(tool) ?? []))}]`,
  );
  const more = [...guard.rows].flatMap(([tool, row]) =>
    row.rules.length + row.cells.length > 0 ? [js`[${literal(tool)},()=>${emitRow(row, table, scope)}]`] : [],
  );
  const globbed = emitGlobbed(plain, table, scope, false);
  // Over a layer tools that are not named are many, so what a condition asks of the tool alone is asked here.
  const others = emitGlobbed(guard.others, table, scope, base !== null);
  const list = (items: readonly Code[]): Code => js`[${join(items, js`,\n`)}]`;
  return {
    // Entries that stand on nothing may have the same rules.
    rows: [
      base ? list(named) : scope.constant('d', list(named)),
      globbed,
      others,
      more.length > 0 ? list(more) : null,
    ],
    texts: guard.texts.rules.length > 0 ? emitTexts(guard.texts, table, scope) : null,
  };
}

function emitTexts({ rules, sought, numbers }: TextsPlan, table: RuleTable, scope: Scope): Code {
  const { any, tests } = emitSought(sought, scope, false);
  return js`{rules:${indexes(rules, table)},any:${any ?? literal(null)},tests:[${join(tests, comma)}],numbers:${literal(numbers)}}`;
}

const noTexts = (): Code => js`{rules:[],any:null,tests:[],numbers:false}`;

const indexes = (rules: readonly StepRule[], table: RuleTable): Code =>
  literal(rules.map((rule) => table.indexOf(rule)));

function emitRow({ rules, cells }: RowPlan, table: RuleTable, scope: Scope): Code {
  const emitted = cells.map((cell) => emitCell(cell, table, scope));
  const [c, r] = [name('c'), name('r')];
  const make = scope.constant('g', js`(${c},${r})=>({rules:${r}||[],cells:${c}})`);
  const always = rules.length > 0 ? js`,${indexes(rules, table)}` : empty;
  return js`${make}([${join(emitted, comma)}]${always})`;
}

function emitCell(cell: CellPlan, table: RuleTable, scope: Scope): Code {
  const { low, high } = cell.numbers ?? { low: 1, high: 0 };
  const free = low === -Infinity && high === Infinity;
  const trips =
    (cell.everyText ? TRIPS.everyText : 0) +
    (cell.literals ? TRIPS.literals : 0) +
    (cell.missing ? TRIPS.missing : 0) +
    (cell.numbers ? 0 : TRIPS.everyNumber) +
    (free ? TRIPS.noNumber : 0);
  const range = free || !cell.numbers ? [literal(0), literal(0)] : [end(low, scope), end(high, scope)];
  const fields = [literal(cell.arg), indexes(cell.rules, table), literal(trips), ...range];
  const { heads, head, any, needs, tests } = emitSought(cell.sought, scope, true);
  if (cell.everyText || (cell.equal.length === 0 && !head && !any && tests.length === 0))
    return js`[${join(fields, comma)}]`;
  const texts = [
    literal(cell.equal),
    literal(heads),
    head ?? literal(0),
    any ?? literal(0),
    literal(needs),
    js`[${join(tests, comma)}]`,
  ];
  const isThere = [cell.equal.length > 0, heads > 0, head, any, needs !== '', tests.length > 0];
  // What is not there is left out at the end; where one is to stand in its place, so does what is before it.
  const last = isThere.findLastIndex(Boolean) + 1;
  return js`[${join([...fields, ...texts.slice(0, last)], comma)}]`;
}

/** An end of a range; where there is none the largest number, which is long to write. */
function end(x: number, scope: Scope): Code {
  if (Math.abs(x) < Number.MAX_VALUE) return literal(x);
  return scope.constant('m', x < 0 ? LEAST : MOST);
}

const [LEAST, MOST] = [literal(-Number.MAX_VALUE), literal(Number.MAX_VALUE)];

/**
 * A function that gives the rules whose globs match a tool; with `fold`, if what they ask of the tool alone may hold.
 * `null` where there are none.
 */
function emitGlobbed(rules: readonly StepRule[], table: RuleTable, scope: Scope, fold: boolean): Code | null {
  const groups = new Map<string, { readonly when: Code; readonly rules: StepRule[] }>();
  for (const rule of rules) {
    const globs = (rule.tools ?? ['*']).filter((tool) => tool.includes('*'));
    if (globs.length === 0) continue;
    const covered = emitGlobs(globs, scope);
    const when =
      fold && isOfTool(rule.condition) ? js`${covered}&&${emitCondition(rule.condition, scope)}` : covered;
    const group = groups.get(when.toString()) ?? { when, rules: [] };
    groups.set(when.toString(), group);
    group.rules.push(rule);
  }
  if (groups.size === 0) return null;
  const pushes = [...groups.values()].map(({ when, rules: some }) => {
    const found = some.map((rule) => literal(table.indexOf(rule)));
    return js`if(${when})r.push(${join(found, comma)});`;
  });
  return scope.constant('u', js`${name('k')}=>{const r=[];${lines(pushes)}return r}`);
}

/** Whether a condition looks at nothing but the name of the tool. */
function isOfTool(expr: Expr): boolean {
  return expr.kind === 'and' || expr.kind === 'or' ? expr.items.every(isOfTool) : expr.kind === 'tool';
}
