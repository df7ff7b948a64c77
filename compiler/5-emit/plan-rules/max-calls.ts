import type { MaxCallsTest } from '../../ir/program.ts';
import { js, literal } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope } from '../scope.ts';
import { emitTools, shownTools } from './tools.ts';

export function emitMaxCalls({ tools, limit, per }: MaxCallsTest, scope: Scope): Code {
  const governs = emitTools(tools, scope);
  return js`${scope.support('maxCalls')}(${governs},${shownTools(tools)},${literal(limit)},${literal(per)})`;
}
