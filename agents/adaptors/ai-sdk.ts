/** Vercel's AI SDK 6: tools that are decided before they run. */
import type { Guard } from '../guard.ts';

/** What is needed of a call's options. */
interface CallOptions {
  readonly toolCallId: string;
}

interface ToolLike {
  readonly execute?: ((input: never, options: never) => unknown) | undefined;
  readonly needsApproval?: unknown;
}

type Execute = (input: unknown, options: CallOptions) => unknown;

/**
 * The same tools, each decided by the guard: what is denied fails with the reason, which the model reads; what needs an approval is asked for
 * by the SDK's own `needsApproval`.
 *
 * @throws TypeError for a tool that somebody else runs: nothing here stands before it
 * @example
 * await generateText({ model, tools: guardTools({ transfer }, guard), prompt });
 */
export function guardTools<T extends Readonly<Record<string, ToolLike>>>(tools: T, guard: Guard): T {
  const guarded = Object.entries(tools).map(([name, tool]) => [name, guardedTool(name, tool, guard)]);
  return Object.fromEntries(guarded) as T;
}

function guardedTool(tool: string, own: ToolLike, guard: Guard): ToolLike {
  const { execute, needsApproval } = own;
  if (typeof execute !== 'function')
    throw new TypeError(`the tool ${tool} has no \`execute\`, so nothing here stands before it`);
  return {
    ...own,
    async needsApproval(args: unknown, options: CallOptions): Promise<boolean> {
      const { verdict } = guard.decide({ tool, args, key: options.toolCallId });
      if (verdict !== 'allow') return verdict === 'ask';
      if (typeof needsApproval === 'function')
        return (await (needsApproval as Execute)(args, options)) === true;
      return needsApproval === true;
    },
    async execute(args: unknown, options: CallOptions): Promise<unknown> {
      const call = { tool, args, key: options.toolCallId };
      // The SDK runs a call that `needsApproval` has asked for only once somebody has said yes.
      return guard.run(call, () => (execute as Execute)(args, options), {
        by: 'user of the application',
      });
    },
  };
}
