/** Texts that must not occur, in whatever spelling. */
import type { PatternPlan } from '../ir/pattern.ts';
import { js, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scope } from './scope.ts';

/** Whether a text, as it is written or as it reads, matches: a function of the text. */
export function emitToken(pattern: PatternPlan, scope: Scope): Code {
  const v = name('v');
  return scope.constant('t', js`${v}=>${scope.support('spelt')}(${v},${scope.pattern(pattern)})`);
}
