import type { NamePathPair, SeparateDutyTest } from '../../ir/program.ts';
import { js, literal } from '../../code/code.ts';
import type { Code, Json } from '../../code/code.ts';
import type { Scope, SupportName } from '../scope.ts';
import { narrowingArgument } from './narrowing.ts';
import { emitTools, shownTools } from './tools.ts';

export function emitSeparateDuty(test: SeparateDutyTest, scope: Scope, by: SupportName): Code {
  const { tools, other, same, by: person } = test;
  const duties = js`${emitTools(tools, scope)},${shownTools(tools)},${emitTools(other, scope)}`;
  const pairs = js`${literal(same.map(pairOf))},${literal(person && pairOf(person))}`;
  return js`${scope.support(by)}(${duties},${pairs}${narrowingArgument(test, scope)})`;
}

const pairOf = ({ here, there }: NamePathPair): Json => [here, there];
