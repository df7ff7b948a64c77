import type { CellPlan, RowPlan } from '../ir/guard.ts';
import type { OptimizedLayer } from '../ir/optimized.ts';
import type { Expr, StepRule } from '../ir/program.ts';
import { comma, empty, join, js, lines, literal, name } from './code.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';
import { emitSought } from './sought.ts';
import type { RuleTable } from './table.ts';
import { TRIPS } from './support/tables.ts';
import { emitCondition } from './test.ts';
import { emitGlobs } from './globs.ts';

/**
 * The guard of an entry as an expression. An entry that stands on a layer has tables of its own rules only, which are
 * joined with those of the layer when a tool is first seen.
 */
export function emitGuard(layer: OptimizedLayer, table: RuleTable, scope: Scope, shared: boolean): Code {
  const { base } = layer;
  if (!base) {
    const { rows, others, texts } = emitTables(layer, table, scope, shared);
    const known = scope.constant('d', js`new Map(${rows})`);
    const other = others ?? scope.constant('u', NO_OTHERS);
    return js`{row:k=>{const f=${known}.get(k);return f===undefined?${other}(k):f()},texts:${texts}}`;
  }
  const { below, gone, rows, others, texts } = emitOver(layer, base, table, scope, shared);
  const other = others ?? scope.constant('u', NO_OTHERS);
  return js`${scope.support('over')}(${below},${gone},${rows},${other}${texts ? js`,${texts}` : empty})`;
}

/** What a guard over that of another layer is made of. */
export interface EmittedOver extends Pick<Tables, 'rows' | 'others'> {
  readonly below: Code;
  /** Rules of below that are not asked, ascending. */
  readonly gone: Code;
  readonly texts: Code | null;
}

export function emitOver(
  layer: OptimizedLayer,
  base: OptimizedLayer,
  table: RuleTable,
  scope: Scope,
  shared: boolean,
): EmittedOver {
  const { rows, others, texts } = emitTables(layer, table, scope, shared);
  const below = scope.once(base, () => scope.constant('h', emitGuard(base, table, scope, shared)));
  const gone = literal(table.indexesOf(layer.dropped));
  return { below, gone, rows, others, texts: layer.guard.texts.rules.length > 0 ? texts : null };
}

interface Tables {
  readonly rows: Code;
  /** `null` where no rule may be asked of a tool that is not named. */
  readonly others: Code | null;
  readonly texts: Code;
}

/** The row of any tool that the policies do not name, where no rule is asked of such tools. */
export const NO_OTHERS = js`()=>({rules:[],cells:[]})`;

/**
 * The guard of a layer's own rules as tables (see `Guard` in `support/tables.ts`). A tool's row is a function, so that the
 * engine reads over it at load and the row is made when the tool is first seen. Where there are more entries
 * (`shared`) and no layers, rows that are alike are one.
 */
function emitTables(
  { guard, base }: OptimizedLayer,
  table: RuleTable,
  scope: Scope,
  shared: boolean,
): Tables {
  const rows = [...guard.rows].map(([tool, row]) => {
    const made = js`()=>${emitRow(row, table, scope)}`;
    return js`[${literal(tool)},${shared && !base ? scope.constant('w', made) : made}]`;
  });
  const { any, tests } = emitSought(guard.texts.sought, scope, false);
  return {
    rows: js`[${join(rows, js`,\n`)}]`,
    others: emitOthers(guard.others, table, scope, base !== null),
    texts: js`{rules:${indexes(guard.texts.rules, table)},any:${any ?? literal(null)},tests:[${join(tests, comma)}],numbers:${literal(guard.texts.numbers)}}`,
  };
}

const indexes = (rules: readonly StepRule[], table: RuleTable): Code =>
  literal(rules.map((rule) => table.indexOf(rule)));

const [c, r] = [name('c'), name('r')];
const ROW = js`(${c},${r})=>({rules:${r}||[],cells:${c}})`;

function emitRow({ rules, cells }: RowPlan, table: RuleTable, scope: Scope): Code {
  const emitted = cells.map((cell) => emitCell(cell, table, scope));
  const make = scope.constant('g', ROW);
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
  if (cell.equal.length === 0 && cell.sought.length === 0) return js`[${join(fields, comma)}]`;
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
  const last = tests.length > 0 ? 6 : needs !== '' ? 5 : any ? 4 : head ? 3 : 1;
  return js`[${join([...fields, ...texts.slice(0, last)], comma)}]`;
}

/** An end of a range; where there is none the largest number, which is long to write. */
function end(x: number, scope: Scope): Code {
  if (Math.abs(x) < Number.MAX_VALUE) return literal(x);
  return scope.constant('m', x < 0 ? LEAST : MOST);
}

const [LEAST, MOST] = [literal(-Number.MAX_VALUE), literal(Number.MAX_VALUE)];

/**
 * A function that makes the row of a tool which no rule names: rules are asked as far as their globs match. Over a
 * layer (`fold`) such tools are many, so what a condition asks of the tool alone is asked here.
 */
function emitOthers(rules: readonly StepRule[], table: RuleTable, scope: Scope, fold: boolean): Code | null {
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
  const pushes = [...groups.values()].map(({ when, rules: some }) => {
    const found = some.map((rule) => literal(table.indexOf(rule)));
    return js`if(${when})r.push(${join(found, comma)});`;
  });
  if (pushes.length === 0) return null;
  return scope.constant('u', js`${name('k')}=>{const r=[];${lines(pushes)}return{rules:r,cells:[]}}`);
}

/** Whether a condition looks at nothing but the name of the tool. */
function isOfTool(expr: Expr): boolean {
  return expr.kind === 'and' || expr.kind === 'or' ? expr.items.every(isOfTool) : expr.kind === 'tool';
}
