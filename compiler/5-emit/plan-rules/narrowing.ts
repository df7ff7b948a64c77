import type { WholePlanTest } from '../../ir/program.ts';
import { empty, js, name } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope } from '../scope.ts';
import { emitAsked } from '../test.ts';

/** What narrows a rule, as the engine asks it; `null` where nothing does. Plan and session share it. */
export function emitNarrowing({ narrowing }: Pick<WholePlanTest, 'narrowing'>, scope: Scope): Code | null {
  return narrowing && scope.constant('n', emitAsked(narrowing, scope));
}

/** The same as a last argument. */
export function narrowingArgument(test: Pick<WholePlanTest, 'narrowing'>, scope: Scope): Code {
  const narrowing = emitNarrowing(test, scope);
  return narrowing ? js`,${narrowing}` : empty;
}

/** The same as a last member. */
export function narrowingMember(test: Pick<WholePlanTest, 'narrowing'>, scope: Scope): Code {
  const narrowing = emitNarrowing(test, scope);
  return narrowing ? js`,${name('narrowing')}:${narrowing}` : empty;
}
