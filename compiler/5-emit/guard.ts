import { TRIPS } from '@plan-lint/runtime/contract';
import type { CellPlan, GuardPlan, RowPlan } from '../ir/guard.ts';
import type { StepRule } from '../ir/program.ts';
import { comma, empty, join, js, lines, literal, name } from './code.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';
import { emitSought } from './sought.ts';
import type { RuleTable } from './table.ts';
import { emitGlobs } from './test.ts';

/**
 * The guard of one entry as tables (see `Guard` in the contract). A tool's row is a function, so that the engine
 * reads over it at load and the row is made when the tool is first seen. Where there are more entries (`shared`),
 * rows that are alike are one.
 */
export function emitGuard(guard: GuardPlan, table: RuleTable, scope: Scope, shared: boolean): Code {
  const rows = [...guard.rows].map(([tool, row]) => {
    const made = js`()=>${emitRow(row, table, scope)}`;
    return js`[${literal(tool)},${shared ? scope.constant('w', made) : made}]`;
  });
  const known = scope.constant('d', js`new Map([${join(rows, js`,\n`)}])`);
  const others = scope.constant('u', emitOthers(guard.others, table, scope));
  const { any, tests } = emitSought(guard.texts.sought, scope, false);
  const texts = js`{rules:${indexes(guard.texts.rules, table)},any:${any ?? literal(null)},tests:[${join(tests, comma)}],numbers:${literal(guard.texts.numbers)}}`;
  return js`{row:k=>{const f=${known}.get(k);return f===undefined?${others}(k):f()},texts:${texts}}`;
}

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
  const last = tests.length > 0 ? 6 : needs !== '' ? 5 : any ? 4 : head ? 3 : 1;
  return js`[${join([...fields, ...texts.slice(0, last)], comma)}]`;
}

/** An end of a range; where there is none the largest number, which is long to write. */
function end(x: number, scope: Scope): Code {
  if (Math.abs(x) < Number.MAX_VALUE) return literal(x);
  return scope.constant('m', literal(x < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE));
}

/** A function that makes the row of a tool which no rule names: rules are asked as far as their globs match. */
function emitOthers(rules: readonly StepRule[], table: RuleTable, scope: Scope): Code {
  const byGlobs = new Map<string, { globs: readonly string[]; rules: StepRule[] }>();
  for (const rule of rules) {
    const globs = (rule.tools ?? ['*']).filter((tool) => tool.includes('*'));
    const key = globs.join('\n');
    const group = byGlobs.get(key) ?? { globs, rules: [] };
    byGlobs.set(key, group);
    group.rules.push(rule);
  }
  const pushes = [...byGlobs.values()].flatMap(({ globs, rules: some }) =>
    globs.length === 0
      ? []
      : [
          js`if(${emitGlobs(globs, scope)})r.push(${join(
            some.map((rule) => literal(table.indexOf(rule))),
            comma,
          )});`,
        ],
  );
  const k = name('k');
  return js`${k}=>{const r=[];${pushes.length > 0 ? lines(pushes) : empty}return{rules:r,cells:[]}}`;
}
