import type { OnFailTest } from '../../ir/program.ts';
import { js, literal } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope, SupportName } from '../scope.ts';
import { narrowingArgument } from './narrowing.ts';
import { emitTools } from './tools.ts';

export function emitOnFail(test: OnFailTest, scope: Scope, by: SupportName): Code {
  const { tools, allow, handlers } = test;
  const words = allow.map((word) => `\`${word}\``);
  const globs = handlers.map((glob) => `\`${glob}\``).join(', ');
  const wanted = [...words, ...(globs === '' ? [] : [`a handler of ${globs}`])].join(' or ');
  const handles = emitTools(handlers, scope);
  return js`${scope.support(by)}(${emitTools(tools, scope)},${literal(allow)},${handles},${literal(wanted)}${narrowingArgument(test, scope)})`;
}
