/** LangChain.js: a middleware that decides before a tool runs. */
import { randomUUID } from 'node:crypto';
import { PolicyDenied, ResultKeptBack } from '../guard.ts';
import type { Guard, GuardedCall, RunOptions } from '../guard.ts';

interface RequestLike {
  readonly toolCall: { readonly name: string; readonly args: unknown; readonly id?: string | undefined };
}

/** What becomes a `ToolMessage`. */
export interface RefusalFields {
  readonly content: string;
  readonly status: 'error';
  readonly tool_call_id: string;
  readonly name: string;
}

export interface LangChainOptions<M> {
  /** `(fields) => new ToolMessage(fields)`: the class is the framework's own. */
  readonly refuse: (fields: RefusalFields) => M;
  /**
   * Asks a person: `interrupt()` of LangGraph, say. Left out, a call that needs an approval is refused.
   *
   * @returns who approved it, or `null`
   */
  readonly ask?: (call: GuardedCall, reason: string) => Promise<string | null> | string | null;
}

/**
 * What `createMiddleware` takes.
 *
 * @example
 * createMiddleware(guardMiddleware(guard, { refuse: (fields) => new ToolMessage(fields) }));
 */
export function guardMiddleware<M>(guard: Guard, { refuse, ask }: LangChainOptions<M>) {
  return {
    name: 'PlanLint',
    async wrapToolCall<R extends RequestLike, T>(
      request: R,
      handler: (request: R) => PromiseLike<T> | T,
    ): Promise<T | M> {
      const { name, args, id } = request.toolCall;
      // Calls that nobody names are each a call of their own.
      const call = { tool: name, args, key: id ?? randomUUID() };
      const { verdict, reason } = guard.decide(call);
      const by = verdict === 'ask' && ask ? await ask(call, reason) : null;
      try {
        return await guard.run(call, () => handler(request), { by: by ?? undefined, lens: lensOf<T>() });
      } catch (error) {
        if (!(error instanceof PolicyDenied) && !(error instanceof ResultKeptBack)) throw error;
        return refuse({ content: error.message, status: 'error', tool_call_id: id ?? '', name });
      }
    },
  };
}

const hasContent = (result: unknown): result is { content: unknown } =>
  typeof result === 'object' && result !== null && 'content' in result;

/** Of a message a model reads the content; what is no message is looked at as it is, and nothing can be taken out of it. */
const lensOf = <T>(): NonNullable<RunOptions<T>['lens']> => ({
  read: (result) => (hasContent(result) ? result.content : result),
  write(result, data) {
    if (hasContent(result)) result.content = data;
    return hasContent(result) ? result : (data as T);
  },
});
