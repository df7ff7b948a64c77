import { join, js, literal, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scope } from './scope.ts';

const tool = name('k');

/** Whether the tool's name is one of the globs. */
export function emitGlobs(globs: readonly string[], scope: Scope): Code {
  const tests = globs.map((glob) => {
    const parts = glob.split(/\*+/);
    if (parts.length === 1) return js`${tool}===${literal(glob)}`;
    if (parts.every((part) => part === '')) return literal(true);
    if (parts.length === 2 && parts[1] === '') return js`${tool}.startsWith(${literal(parts[0] ?? '')})`;
    return js`${scope.support('glob')}(${tool},${scope.constant('g', literal(parts))})`;
  });
  return tests.length === 0 ? literal(false) : js`(${join(tests, js`||`)})`;
}
