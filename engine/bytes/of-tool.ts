import type { Question } from '../module/question.ts';
import type { JoinedRule } from '../rules/ask.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** Gives a rule by its index. */
declare function rule(index: number): unknown;

const LOOKS_AT_MORE = { reason: 'it looks at more than the tool' };

/** Stands for a question that must not be asked: what reads it ends in an error. */
const NO_QUESTION = null as unknown as Question;

function looksAtMore(): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- `Error` is a global, and a module has no free name
  throw LOOKS_AT_MORE;
}

/** Whether a rule surely fires on no step of a tool, whatever its arguments: it is told by the name alone, as by a list of tools. */
export function isSettledBy(tool: string, index: number): boolean {
  const own = rule(index);
  if (isArray(own)) return false;
  try {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-boolean-literal-compare -- emitted code: only `false` is a no
    return (own as JoinedRule).f(looksAtMore, tool, NO_QUESTION) === false;
  } catch {
    return false;
  }
}
