import { js, literal, name } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import { emitGlobs } from '../globs.ts';
import type { Scope } from '../scope.ts';

/** Whether a tool is one of the globs, as a function of its name. */
export function emitTools(globs: readonly string[], scope: Scope): Code {
  const test = globs.length === 0 ? literal(false) : emitGlobs(globs, scope);
  return scope.constant('t', js`${name('k')}=>${test}`);
}

/** The globs as a message shows them. */
export const shownTools = (globs: readonly string[]): Code => literal(listed(globs));

export const listed = (globs: readonly string[]): string => globs.map((glob) => `\`${glob}\``).join(', ');
