import type { MaxTotalTest } from '../../ir/program.ts';
import { js, literal } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope, SupportName } from '../scope.ts';
import { emitTools, shownTools } from './tools.ts';

export function emitMaxTotal(
  { tools, arg, limit, per, maxima }: MaxTotalTest,
  scope: Scope,
  by: SupportName,
): Code {
  const governs = js`${emitTools(tools, scope)},${shownTools(tools)}`;
  return js`${scope.support(by)}(${governs},${literal(arg)},${literal(limit)},${literal(per)},${literal(maxima)})`;
}
