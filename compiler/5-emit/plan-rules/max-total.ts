import type { MaxTotalTest } from '../../ir/program.ts';
import { js, literal, name } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import { emitGlobs } from '../globs.ts';
import type { Scope, SupportName } from '../scope.ts';
import { narrowingArgument } from './narrowing.ts';
import { emitTools, listed } from './tools.ts';

export function emitMaxTotal(test: MaxTotalTest, scope: Scope, by: SupportName): Code {
  const { tools, limit, per, maxima, amounts } = test;
  const what = amounts.map((one) => `\`${one.path.join('.')}\` of ${listed(one.tools)}`).join(' and ');
  const governs = js`${emitTools(tools, scope)},${literal(what)},${emitAmounts(test, scope)}`;
  const rest = js`${literal(per)},${literal(maxima)}${narrowingArgument(test, scope)}`;
  return js`${scope.support(by)}(${governs},${literal(limit)},${rest})`;
}

/** One path for all tools, or a function of the tool. */
function emitAmounts({ amounts }: MaxTotalTest, scope: Scope): Code {
  const [first, ...others] = amounts;
  const path = literal(first?.path ?? []);
  if (others.length === 0) return path;
  // No tool is of two of them, and only tools of one of them are asked.
  const chosen = others.reduce(
    (code, one) => js`${emitGlobs(one.tools, scope)}?${literal(one.path)}:${code}`,
    path,
  );
  return scope.constant('t', js`${name('k')}=>${chosen}`);
}
