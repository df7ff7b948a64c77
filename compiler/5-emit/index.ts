import { FORMAT_VERSION } from '@plan-lint/runtime/contract';
import type { RuleRow } from '@plan-lint/runtime/contract';
import type { EmittedModule } from '../ir/module.ts';
import type { OptimizedProgram } from '../ir/optimized.ts';
import type { Code } from './code.ts';
import { comma, empty, forbiddenWord, join, js, lines, literal, name } from './code.ts';
import { emitCheck } from './check.ts';
import { emitGuard } from './guard.ts';
import { Scope } from './scope.ts';
import { bundleSupport } from './support.ts';
import { RuleTable } from './table.ts';
import { emitRule } from './test.ts';
import { emitWaivers } from './waivers.ts';

/**
 * Phase 5: the program as one ES module. The module imports nothing, reads no global and has no effect: its
 * default export is a function of the kit (see `ModuleFactory`). Same program and compiler, same bytes.
 */
export async function emit(program: OptimizedProgram): Promise<EmittedModule> {
  const scope = new Scope();
  const table = new RuleTable(program.entries);
  const rules = table.rules.map((rule) => emitRule(rule, scope));
  const explain = scope.support('explain');
  const rows = emitRows(table.rows, scope);
  const entries = program.entries.map((entry) => {
    const head = js`name:${literal(entry.name)},aggregate:${literal(entry.aggregate)},threshold:${literal(entry.threshold)},waivers:${emitWaivers(entry, table, scope)}`;
    return js`{${head},guard:${emitGuard(entry.guard, table, scope, program.entries.length > 1)},rules:${literal(table.rangesOf(entry.rules))},check:${emitCheck(entry, table, scope)},explain:why}`;
  });
  const secret = emitSecret(table, scope);
  const support = await bundleSupport(scope.supportNames, scope.celNames);
  const code = lines([
    js`// plan-lint policies, format ${literal(FORMAT_VERSION)}`,
    // A `function` in parentheses is compiled at once; an arrow function would be read over first, then read again.
    js`export default(function({isArray,hasOwn,Map,fromCodePoint}){`,
    support,
    scope.usesCelKit ? js`celUseKit({fromCodePoint});` : empty,
    scope.asksSubject ? js`let P,X,W,S;` : empty,
    ...scope.declarations,
    js`const secret=v=>${secret};`,
    lazily(rules),
    js`const why=(r,i,p,x,w)=>{const q=p.steps[i]||{};${scope.asksSubject ? js`P=p;X=x;W=w;S=q;` : empty}return ${explain}(rule(r),q.args===undefined?q.parameters:q.args,q.tool||"",secret)};`,
    js`return{format:${literal(FORMAT_VERSION)},policies:${literal(table.policies)},categories:${literal(table.categories)},files:${literal(table.files)},`,
    js`secret,rules:[${inLines(rows)}],`,
    js`entries:[${join(entries, comma)}]}});`,
  ]);
  const word = forbiddenWord(code.toString());
  if (word !== null) throw new Error(`the emitted module spells out \`${word}\`, which its loader refuses`);
  return {
    code: `${code.toString()}\n`,
    entries: program.entries.map((entry) => entry.name),
    defaultEntry: program.defaultEntry,
  };
}

/** Whether the text `v` matches one of the tokens that no plan may hold. */
function emitSecret(table: RuleTable, scope: Scope): Code {
  const tests = table.rules.flatMap(({ head, condition }) => {
    const pattern =
      head.category === 'RAW_SECRET' && condition.kind === 'arg' ? condition.test.pattern : null;
    return pattern ? [js`(${scope.pattern(pattern)})(${name('v')})`] : [];
  });
  return tests.length === 0 ? literal(false) : join(tests, js`||`);
}

/** Rows that must be alike but for id, line and description for a function that makes them to be worth its bytes. */
const FEW_ROWS = 3;

/** The rows a report reads; a function of what differs makes those that are alike in the rest. */
function emitRows(rows: readonly RuleRow[], scope: Scope): readonly Code[] {
  const [i, l, d] = [name('i'), name('l'), name('d')];
  const like = new Map<string, number>();
  const keyOf = (row: RuleRow): string => row.toSpliced(8, 1).toSpliced(6, 1).slice(1).join();
  for (const row of rows) like.set(keyOf(row), (like.get(keyOf(row)) ?? 0) + 1);
  return rows.map((row) => {
    if ((like.get(keyOf(row)) ?? 0) < FEW_ROWS) return literal(row);
    const [id, , , , , , description, file, line, column] = row;
    const head = join(row.slice(1, 6).map(literal), comma);
    const place = js`${literal(file)},${l},${literal(column)}`;
    const make = scope.constant('h', js`(${i},${l},${d})=>[${i},${head},${d}||"",${place}]`);
    const last = description === '' ? empty : js`,${literal(description)}`;
    return js`${make}(${literal(id)},${literal(line)}${last})`;
  });
}

/** Several to a line, for a byte counts where there are many. */
function inLines(items: readonly Code[]): Code {
  const size = 8;
  const some = items.filter((_, i) => i % size === 0);
  return join(
    some.map((_, line) => join(items.slice(line * size, (line + 1) * size), comma)),
    js`,\n`,
  );
}

/** Rules made at a time, when one of them is first asked: the engine reads over the others at load. */
const PART = 64;

function lazily(rules: readonly Code[]): Code {
  const parts = Array.from({ length: Math.ceil(rules.length / PART) }, (_, i) => {
    const some = rules.slice(i * PART, (i + 1) * PART);
    return js`()=>[${join(some, js`,\n`)}]`;
  });
  const size = literal(PART);
  return js`const parts=[${join(parts, js`,\n`)}],made=[];const rule=r=>{const i=(r-r%${size})/${size};return(made[i]||(made[i]=parts[i]()))[r%${size}]};`;
}
