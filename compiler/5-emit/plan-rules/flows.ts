import type { ArgPath } from '../../ir/path.ts';
import type { FlowsTest } from '../../ir/program.ts';
import { comma, empty, join, js, literal } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope, SupportName } from '../scope.ts';
import { narrowingMember } from './narrowing.ts';
import { emitTools } from './tools.ts';

export function emitFlows(test: FlowsTest, scope: Scope, by: SupportName): Code {
  const { whole, into, from, fromContext, through, evidence } = test;
  // As `Segments` of the support code: 0 for every element.
  const paths = fromContext.map(segmentsOf);
  const [sink, source, clean] = [whole, from, through].map((globs) => emitTools(globs, scope));
  // In a plan the references say what is read.
  const order = evidence === 'order' && by === 'onlineFlows' ? js`,order:${literal(true)}` : js``;
  const args = into.map((one) => js`[${emitTools(one.tools, scope)},${literal(segmentsOf(one.path))}]`);
  const ofArgs = args.length > 0 ? js`,into:[${join(args, comma)}]` : empty;
  return js`${scope.support(by)}({tool:${sink ?? literal(0)},from:${source ?? literal(0)},through:${clean ?? literal(0)},context:${literal(paths)}${order}${ofArgs}${narrowingMember(test, scope)}})`;
}

const segmentsOf = (path: ArgPath): (string | 0)[] =>
  path.map((segment) => (typeof segment === 'string' ? segment : 0));
