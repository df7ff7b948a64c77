/** What each agent says to its hooks, what an answer looks like there, and how a call is stopped when nothing can be decided. */
import type { JsonValue } from '@plan-lint/runtime/json';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { isRecord } from '../record.ts';
import type { JsonRecord } from '../record.ts';

/** What a hook is told. */
export type HookEvent =
  | {
      readonly kind: 'before' | 'after' | 'failed';
      /** Of the agent's session; `null` where the agent does not say. */
      readonly session: string | null;
      readonly tool: string;
      readonly args: JsonRecord;
      /** Of the call; `null` where the agent does not say. */
      readonly call: string | null;
      readonly result?: JsonValue;
    }
  /** Nothing is about to be done. */
  | { readonly kind: 'none' };

/** What a process answers. */
export interface HookAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

export type Verdict = 'allow' | 'deny' | 'ask';

/** What of a result the model may read. */
export interface KeptResult {
  /** As it was given, and as it may be read; `null` where nothing of it may. */
  readonly given: JsonValue;
  readonly result: JsonValue;
  readonly blocked: boolean;
  /** Why, in words. */
  readonly reason: string;
}

export interface Dialect {
  /** @throws HookError for what is no event of this agent */
  readonly read: (input: JsonRecord) => HookEvent;
  /** An answer to `before`; `allow` leaves the agent's own permissions as they are. */
  readonly answer: (verdict: Verdict, reason: string) => HookAnswer;
  /** An answer to `after` of which something is kept back: what the model is to read in place of the result. */
  readonly keepBack: (kept: KeptResult) => HookAnswer;
  /** Whether the agent asks a person where a hook says so; else that is a no. */
  readonly asks: boolean;
}

export class HookError extends Error {
  override readonly name = 'HookError';
}

const SILENT: HookAnswer = { stdout: '', stderr: '', exit: 0 };
/** The exit code that stops a call; what stands on standard error is the reason. */
const BLOCK = 2;

/** Deeper input is refused; arguments of a call are decided with limits of their own. */
const DEEPEST = 128;

/** @throws HookError */
export function readInput(text: string): JsonRecord {
  let value: JsonValue;
  try {
    value = parseJson(text, DEEPEST);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new HookError(`the input cannot be read: ${error.message}`);
  }
  if (!isRecord(value)) throw new HookError('the input is no object');
  return value;
}

const textIn = (input: JsonRecord, name: string): string | null => {
  const value = input[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

function toolIn(input: JsonRecord, name: string): string {
  const tool = textIn(input, name);
  if (tool === null) throw new HookError(`\`${name}\` names no tool`);
  return tool;
}

/** Arguments that are no object are decided as the one argument `input`. */
const argsOf = (value: JsonValue | undefined): JsonRecord =>
  isRecord(value) ? value : { input: value ?? null };

/** Names of events → what they say. */
type Events = Readonly<Record<string, HookEvent['kind']>>;

function eventOf(events: Events, input: JsonRecord): HookEvent {
  const name = textIn(input, 'hook_event_name') ?? '';
  if (!Object.hasOwn(events, name)) throw new HookError('`hook_event_name` names no event that is known');
  const kind = events[name] ?? 'none';
  if (kind === 'none') return { kind };
  const result = input['tool_response'];
  return {
    kind,
    session: textIn(input, 'session_id'),
    tool: toolIn(input, 'tool_name'),
    args: argsOf(input['tool_input']),
    call: textIn(input, 'tool_use_id'),
    ...(result !== undefined && { result }),
  };
}

const none = (...names: readonly string[]): Events => Object.fromEntries(names.map((name) => [name, 'none']));

const CLAUDE_EVENTS: Events = {
  PreToolUse: 'before',
  PostToolUse: 'after',
  PostToolUseFailure: 'failed',
  ...none('Notification', 'UserPromptSubmit', 'Stop', 'SubagentStart', 'SubagentStop', 'PreCompact'),
  ...none('SessionStart', 'SessionEnd', 'PermissionRequest'),
};

const GEMINI_EVENTS: Events = {
  BeforeTool: 'before',
  AfterTool: 'after',
  ...none('BeforeAgent', 'AfterAgent', 'BeforeModel', 'AfterModel', 'BeforeToolSelection'),
  ...none('SessionStart', 'SessionEnd', 'PreCompress', 'Notification'),
};

const asClaude = (verdict: Verdict, reason: string): HookAnswer =>
  verdict === 'allow'
    ? SILENT
    : {
        ...SILENT,
        stdout: JSON.stringify({
          hookSpecificOutput: {
            hookEventName: 'PreToolUse',
            permissionDecision: verdict,
            permissionDecisionReason: reason,
          },
        }),
      };

const json = (answer: object): HookAnswer => ({ ...SILENT, stdout: JSON.stringify(answer) });

/** A result as text: of what has a member for the model, that. */
function textOf({ result, blocked: isBlocked, reason }: KeptResult, member: string): string {
  if (isBlocked) return reason;
  const read = isRecord(result) ? (result[member] ?? result) : result;
  return typeof read === 'string' ? read : JSON.stringify(read);
}

/** The same shape, so that it is taken for a result of the tool, and nothing in it: the reason in place of the first text. */
function emptied(value: JsonValue, reason: string): JsonValue {
  let isSaid = false;
  const visit = (one: JsonValue): JsonValue => {
    if (typeof one === 'string') {
      if (isSaid) return '';
      isSaid = true;
      return reason;
    }
    if (typeof one === 'number') return 0;
    if (Array.isArray(one)) return one.map(visit);
    if (!isRecord(one)) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, item]) => [key, key === 'type' ? item : visit(item)]),
    );
  };
  return visit(value);
}

const claudeKeepsBack = (kept: KeptResult): HookAnswer =>
  json({
    ...(kept.blocked && { decision: 'block', reason: kept.reason }),
    hookSpecificOutput: {
      hookEventName: 'PostToolUse',
      updatedToolOutput: kept.blocked ? emptied(kept.given, kept.reason) : kept.result,
    },
  });

/** Of GitHub's agents: names are spelled otherwise, arguments may be a text of JSON. */
function readCopilot(input: JsonRecord): HookEvent {
  if (!('toolName' in input)) throw new HookError('`toolName` is missing');
  const written = input['toolArgs'];
  const args = typeof written === 'string' && written !== '' ? readInput(written) : argsOf(written);
  const result = input['toolResult'];
  const type = isRecord(result) ? result['resultType'] : null;
  const failed = type === 'failure' || type === 'denied';
  const ended = failed ? 'failed' : 'after';
  return {
    kind: result === undefined ? 'before' : ended,
    session: textIn(input, 'sessionId'),
    tool: toolIn(input, 'toolName'),
    args,
    call: textIn(input, 'toolCallId'),
    ...(result !== undefined && { result }),
  };
}

export const DIALECTS: Readonly<Record<'claude' | 'codex' | 'gemini' | 'copilot', Dialect>> = {
  claude: {
    read: (input) => eventOf(CLAUDE_EVENTS, input),
    answer: asClaude,
    keepBack: claudeKeepsBack,
    asks: true,
  },
  // There `ask` is read, and the call runs.
  codex: {
    read: (input) => eventOf(CLAUDE_EVENTS, input),
    answer: asClaude,
    // A block there rejects the result, and the model reads the reason.
    keepBack: (kept) => json({ decision: 'block', reason: textOf(kept, 'output') }),
    asks: false,
  },
  gemini: {
    read: (input) => eventOf(GEMINI_EVENTS, input),
    answer: (verdict, reason) =>
      verdict === 'allow' ? SILENT : { ...SILENT, stdout: JSON.stringify({ decision: 'deny', reason }) },
    keepBack: (kept) => json({ decision: 'deny', reason: textOf(kept, 'llmContent') }),
    asks: false,
  },
  copilot: {
    read: readCopilot,
    answer: (verdict, reason) =>
      verdict === 'allow'
        ? SILENT
        : {
            ...SILENT,
            stdout: JSON.stringify({ permissionDecision: 'deny', permissionDecisionReason: reason }),
          },
    keepBack: (kept) =>
      json({
        modifiedResult: {
          textResultForLlm: textOf(kept, 'textResultForLlm'),
          resultType: kept.blocked ? 'failure' : 'success',
        },
      }),
    asks: false,
  },
};

export type Agent = keyof typeof DIALECTS;

export const isAgent = (name: string): name is Agent => Object.hasOwn(DIALECTS, name);

/** Nothing could be decided, so nothing is done: said in every way that one of the agents heeds. */
export function blocked(agent: Agent | null, reason: string): HookAnswer {
  const stdout = agent === null ? '' : DIALECTS[agent].answer('deny', reason).stdout;
  // Copilot heeds what is said, and only where the hook ends well.
  return { stdout, stderr: `${reason}\n`, exit: agent === 'copilot' ? 0 : BLOCK };
}
