import type { NamePathPair, SeparateDutyTest } from '../../ir/program.ts';
import { js, literal } from '../../code/code.ts';
import type { Code, Json } from '../../code/code.ts';
import type { Scope } from '../scope.ts';
import { emitTools, shownTools } from './tools.ts';

export function emitSeparateDuty({ tools, other, same, by }: SeparateDutyTest, scope: Scope): Code {
  const duties = js`${emitTools(tools, scope)},${shownTools(tools)},${emitTools(other, scope)}`;
  const pairs = js`${literal(same.map(pairOf))},${literal(by && pairOf(by))}`;
  return js`${scope.support('separateDuty')}(${duties},${pairs})`;
}

const pairOf = ({ here, there }: NamePathPair): Json => [here, there];
