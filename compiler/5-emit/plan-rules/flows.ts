import type { FlowsTest } from '../../ir/program.ts';
import { js, literal } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope, SupportName } from '../scope.ts';
import { emitTools } from './tools.ts';

export function emitFlows(
  { tools, from, fromContext, through, evidence }: FlowsTest,
  scope: Scope,
  by: SupportName,
): Code {
  // As `Segments` of the support code: 0 for every element.
  const paths = fromContext.map((path) => path.map((segment) => (typeof segment === 'string' ? segment : 0)));
  const [sink, source, clean] = [tools, from, through].map((globs) => emitTools(globs, scope));
  // In a plan the references say what is read.
  const order = evidence === 'order' && by === 'onlineFlows' ? js`,order:${literal(true)}` : js``;
  return js`${scope.support(by)}({tool:${sink ?? literal(0)},from:${source ?? literal(0)},through:${clean ?? literal(0)},context:${literal(paths)}${order}})`;
}
