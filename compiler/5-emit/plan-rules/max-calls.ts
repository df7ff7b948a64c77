import type { MaxCallsTest } from '../../ir/program.ts';
import { js, literal } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope, SupportName } from '../scope.ts';
import { narrowingArgument } from './narrowing.ts';
import { emitTools, shownTools } from './tools.ts';

export function emitMaxCalls(test: MaxCallsTest, scope: Scope, by: SupportName): Code {
  const { tools, limit, per } = test;
  const governs = emitTools(tools, scope);
  return js`${scope.support(by)}(${governs},${shownTools(tools)},${literal(limit)},${literal(per)}${narrowingArgument(test, scope)})`;
}
