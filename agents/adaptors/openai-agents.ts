/** OpenAI Agents for JavaScript: guardrails of a tool, and its `needsApproval`. */
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import type { Guard, GuardedCall } from '../guard.ts';

interface ToolCallLike {
  readonly name: string;
  readonly callId: string;
  /** A text of JSON. */
  readonly arguments: string;
}

type Behavior = { readonly type: 'allow' } | { readonly type: 'rejectContent'; readonly message: string };

const DEEPEST = 64;

/** The arguments as they will be read, or what is wrong with them. */
function callOf({ name, callId, arguments: text }: ToolCallLike): GuardedCall | string {
  try {
    return { tool: name, args: parseJson(text === '' ? '{}' : text, DEEPEST), key: callId };
  } catch (error) {
    if (error instanceof JsonError)
      return `plan-lint denied \`${name}\`: its arguments cannot be read: ${error.message}`;
    throw error;
  }
}

/**
 * What a tool takes so that each of its calls is decided before it runs.
 *
 * @example
 * tool({ name: 'transfer', parameters, execute, ...guardTool('transfer', guard) });
 */
export function guardTool(name: string, guard: Guard) {
  return {
    needsApproval: (_context: unknown, args: unknown, callId = ''): Promise<boolean> =>
      Promise.resolve(guard.decide({ tool: name, args, key: callId }).verdict === 'ask'),
    inputGuardrails: [
      {
        type: 'tool_input' as const,
        name: 'plan-lint',
        run: ({ toolCall }: { readonly toolCall: ToolCallLike }): Promise<{ behavior: Behavior }> => {
          const call = callOf(toolCall);
          if (typeof call === 'string')
            return Promise.resolve({ behavior: { type: 'rejectContent', message: call } });
          // The runner comes here with what had to be approved only once it is.
          const { verdict, reason } = guard.start(call, 'user of the application');
          return Promise.resolve({
            behavior: verdict === 'allow' ? { type: 'allow' } : { type: 'rejectContent', message: reason },
          });
        },
      },
    ],
    outputGuardrails: [
      {
        type: 'tool_output' as const,
        name: 'plan-lint',
        run({
          toolCall,
          output,
        }: {
          readonly toolCall: ToolCallLike;
          readonly output?: unknown;
        }): Promise<{ behavior: Behavior }> {
          const { result, blocked, reason } = guard.end(toolCall.callId, 'succeeded', output);
          if (reason === '') return Promise.resolve({ behavior: { type: 'allow' } });
          const kept = typeof result === 'string' ? result : JSON.stringify(result);
          return Promise.resolve({
            behavior: { type: 'rejectContent', message: blocked ? reason : kept },
          });
        },
      },
    ],
  };
}
