import {
  CAPABILITIES,
  ENFORCEMENTS,
  FORMAT_VERSION,
  refusedText,
  SEVERITIES,
} from '@plan-lint/runtime/contract';
import type { Capability, RuleRow } from '@plan-lint/runtime/contract';
import { CompilerFault } from '../diagnostics/fault.ts';
import type { TripKind } from '../ir/guard.ts';
import type { EmittedModule } from '../ir/module.ts';
import type { OptimizedLayer, OptimizedProgram } from '../ir/optimized.ts';
import type { ProgramRule } from '../ir/program.ts';
import type { Code } from '../code/code.ts';
import { asModule, comma, empty, join, js, lines, literal, marked, name } from '../code/code.ts';
import { emitBytes, NO_BYTES } from './bytes.ts';
import { emitEntries } from './entries.ts';
import { isWholePlan } from './plan-rules/index.ts';
import { Scope } from './scope.ts';
import { sourceMap } from './source-map.ts';
import { emitSessions } from './sessions.ts';
import { engineFor } from './support.ts';
import { RuleTable } from './table.ts';
import { emitRule } from './rule.ts';

/**
 * Phase 5: the program as one ES module. The module imports nothing, reads no global and has no effect: its
 * default export is a function of the kit (see `ModuleFactory`). Same program and compiler, same bytes.
 */
export async function emit(
  program: OptimizedProgram,
  capabilities: readonly Capability[] = [],
): Promise<EmittedModule> {
  const scope = new Scope();
  const table = new RuleTable(program.entries);
  if (program.argSchemas) {
    // It brings ajv, for which those without a catalog should not have to wait.
    const { emitValidators } = await import('./validators/index.ts');
    scope.useValidators(emitValidators(program.argSchemas, scope));
  }
  const trips = plainRules(program);
  const rules = table.rules.map((rule, i) => marked(emitRule(rule, scope, trips.get(rule) ?? null), i));
  const explain = scope.support('explain');
  const rows = emitRows(table.rows, scope).map(marked);
  const readings = scope.support('readings');
  const entries = emitEntries(program, table, scope);
  const secret = emitSecret(table, scope);
  const kinds = js`${scope.support('openKinds')}([${join(scope.kinds.map(numbered), js`,\n`)}])`;
  // A rule about the whole plan says itself why it fired.
  const looksAtAll = table.rules.some(({ condition }) => isWholePlan(condition));
  const ofAll = looksAtAll ? js`if(f.w)return f.w(Q,i,secret);` : empty;
  const names = program.entries.map((entry) => entry.name);
  const decider = scope.support('decider');
  const guards = js`e.map(q=>q.guard)`;
  const joined = names.length > 1 ? js`${scope.support('combine')}(${guards})` : js`e[0].guard`;
  const sessions = capabilities.includes('session') ? emitSessions(table, scope, joined) : null;
  const bytes = capabilities.includes('bytes')
    ? emitBytes(program, table, scope, { joined, scanner: await readScanner() })
    : NO_BYTES;
  const support = engineFor([...scope.supportNames, ...scope.celNames]);
  const factory = lines([
    // A `function` in parentheses is compiled at once; an arrow function would be read over first, then read again.
    js`function({isArray,hasOwn,isPlain,Map,RegExp,Int32Array,fromCodePoint}){`,
    support,
    ...scope.declarations,
    js`const kinds=${kinds};`,
    js`const secret=v=>${secret};`,
    emitRuleList(rules),
    js`const why=(r,i,Q)=>{const f=rule(r);${ofAll}return ${explain}(f,i,Q,secret)};`,
    entries.setup,
    sessions?.setup ?? empty,
    bytes.setup,
    // Made when a policy is first asked for.
    js`let held;const tables=()=>held||(held={policies:${literal(table.policies)},categories:${literal(table.categories)},files:${literal(table.files)},`,
    js`severities:${literal(SEVERITIES)},enforcements:${literal(ENFORCEMENTS)},secret,readings:${readings},${emitAsides(program, table)}${sessions?.classes ?? empty},rules:[${inLines(rows)}],`,
    js`entries:[${join(entries.list, js`,\n`)}]});`,
    js`return{format:${literal(FORMAT_VERSION)},entries:${literal(names)},facts:tables,open:(i,l)=>{const t=tables(),e=i.map(j=>t.entries[j]);return ${decider}(t,e,${joined},l)}${sessions?.member ?? empty}${bytes.member}}}`,
  ]);
  const code = asModule(factory);
  const refused = refusedText(code.toString());
  if (refused) {
    const mark = code.marks.find(({ from, to }) => from <= refused.offset && refused.offset < to);
    const message = `no loader takes the module: it holds ${JSON.stringify(refused.text)}`;
    throw new CompilerFault(message, mark ? placeOf(table, mark.rule) : null);
  }
  return {
    code: code.toString(),
    sourceMap: () => sourceMap(code, table.rows, table.files),
    entries: names,
    defaultEntry: program.defaultEntry,
    capabilities: CAPABILITIES.filter((one) => capabilities.includes(one)),
  };
}

/** Fifteen kilobytes that only such a module has. */
const readScanner = async (): Promise<string> => (await import('#byte-scanner')).SCANNER;

/** Where a rule stands: `base.yaml:3:7 (rule-id)`. */
function placeOf({ rows, files }: RuleTable, rule: number): string | null {
  const row = rows[rule];
  if (!row) return null;
  const [id, , , , , , , file, line, column] = row;
  return `${files[file] ?? ''}:${line}:${column} (${id})`;
}

/** Arguments that are meant as they stand, rules that let a plan be decided though they do not know a value, limits on steps. */
function emitAsides({ templates }: OptimizedProgram, table: RuleTable): Code {
  const relaxed = table.rules.flatMap((rule, i) => (rule.scope === 'step' && rule.relaxed ? [i] : []));
  const limits = table.rules.flatMap(({ condition }, i) =>
    condition.kind === 'more-steps-than' ? [[i, condition.limit]] : [],
  );
  return js`templates:new Map(${literal(templates.map(({ tool, args }) => [tool, args]))}),relaxed:${literal(relaxed)},stepLimits:${literal(limits)}`;
}

/** Rules whose cells follow from themselves: how. Each layer is looked at once, however many stand on it. */
function plainRules({ entries }: OptimizedProgram): ReadonlyMap<ProgramRule, TripKind> {
  const layers = new Set<OptimizedLayer>();
  for (const { layer } of entries)
    for (let at: OptimizedLayer | null = layer; at && !layers.has(at); at = at.base) layers.add(at);
  return new Map([...layers].flatMap(({ guard }) => [...guard.plain]));
}

/** With its number, for who reads the rules. */
const numbered = (kind: Code, i: number): Code => js`/*${literal(i)}*/${kind}`;

/** Whether the text `v` matches one of the tokens that no plan and no result may hold. */
function emitSecret(table: RuleTable, scope: Scope): Code {
  const tests = table.rules.flatMap(({ head, condition }) => {
    const ofToken =
      head.category === 'RAW_SECRET' && condition.kind === 'arg' ? condition.test.pattern : null;
    const pattern = condition.kind === 'result-token' ? condition.pattern : ofToken;
    return pattern ? [js`${scope.support('spelt')}(${name('v')},${scope.pattern(pattern)})`] : [];
  });
  return tests.length === 0 ? literal(false) : join(tests, js`||`);
}

/** Rows that must be alike but for id, line and description for a function that makes them to be worth its bytes. */
const FEW_ROWS = 3;

/** The rows a report reads; a function of what differs makes those that are alike in the rest. */
function emitRows(rows: readonly RuleRow[], scope: Scope): readonly Code[] {
  const like = new Map<string, { count: number; make: Code | null }>();
  const groups = rows.map(([, policy, category, severity, enforcement, weight, , file, , column]) => {
    const key = [policy, category, severity, enforcement, weight, file, column].join();
    const group = like.get(key) ?? { count: 0, make: null };
    like.set(key, group);
    group.count += 1;
    return group;
  });
  return rows.map((row, at) => {
    const group = groups[at];
    if (!group || group.count < FEW_ROWS) return literal(row);
    const [id, , , , , , description, , line] = row;
    const make = (group.make ??= rowMaker(row, scope));
    const last = description === '' ? empty : js`,${literal(description)}`;
    return js`${make}(${literal(id)},${literal(line)}${last})`;
  });
}

/** A function of id, line and description that makes rows like this one. */
function rowMaker(row: RuleRow, scope: Scope): Code {
  const [i, l, d] = [name('i'), name('l'), name('d')];
  const [, , , , , , , file, , column] = row;
  const head = join(row.slice(1, 6).map(literal), comma);
  return scope.constant(
    'h',
    js`(${i},${l},${d})=>[${i},${head},${d}||"",${literal(file)},${l},${literal(column)}]`,
  );
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

/** Up to so many rules are one array: of constants, as far as rules are that, which the engine makes without running code. */
const MOST_AT_ONCE = 2048;
/** Of more rules, so many are made at a time, when one of them is first asked. */
const PART = 64;

function emitRuleList(rules: readonly Code[]): Code {
  const list = (some: readonly Code[]): Code => js`[${join(some, js`,\n`)}]`;
  if (rules.length <= MOST_AT_ONCE) return js`const rules=${list(rules)};function rule(r){return rules[r]}`;
  const parts = Array.from(
    { length: Math.ceil(rules.length / PART) },
    (_, i) => js`()=>${list(rules.slice(i * PART, (i + 1) * PART))}`,
  );
  const size = literal(PART);
  return js`const parts=${list(parts)},made=[];function rule(r){const i=(r-r%${size})/${size};return(made[i]||(made[i]=parts[i]()))[r%${size}]}`;
}
