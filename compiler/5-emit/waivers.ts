import type { ContextDemand, ExceptionScope } from '../ir/document.ts';
import { findRule } from '../ir/layer.ts';
import type { ProgramEntry } from '../ir/program.ts';
import { comma, join, js, literal, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scope } from './scope.ts';
import type { RuleTable } from './table.ts';
import { emitGlobs } from './globs.ts';

const tool = name('k');
const context = name('x');

/** The exceptions of an entry as data, each with a function that says which steps and callers it covers. */
export function emitWaivers(entry: ProgramEntry, table: RuleTable, scope: Scope): Code {
  const waivers = entry.waivers.flatMap((waiver) => {
    const rule = findRule(entry.layer, (one) => one.head.id === waiver.rule);
    // A rule that can never fire has been dropped, and needs no waiver.
    if (!rule) return [];
    const applies = scope.constant('w', js`(${tool},${context})=>${emitScope(waiver.scope, scope)}`);
    return [
      js`{rule:${literal(table.indexOf(rule))},label:${literal(waiver.label)},notBefore:${literal(waiver.notBefore)},expires:${literal(waiver.expires)},applies:${applies}}`,
    ];
  });
  return js`[${join(waivers, comma)}]`;
}

function emitScope({ tools, context: demands }: ExceptionScope, scope: Scope): Code {
  // The plan as a whole uses no tool, so a waiver for some tools does not cover it.
  const globs = tools?.map(({ value }) => value);
  const ofTool = globs ? [js`${tool}!==null&&${emitGlobs(globs, scope)}`] : [];
  const all = [...ofTool, ...demands.map((demand) => emitDemand(demand, scope))];
  return all.length === 0 ? literal(true) : join(all, js`&&`);
}

/** Exactly one of the values: what is missing, or of another type, is vouched for by nobody. */
function emitDemand({ path, values }: ContextDemand, scope: Scope): Code {
  const get = scope.support('get');
  const found = path.reduce<Code>((object, key) => js`${get}(${object},${literal(key)})`, context);
  const tests = values.map((value) => js`${found}===${literal(value)}`);
  return tests.length === 0 ? literal(false) : js`(${join(tests, js`||`)})`;
}
