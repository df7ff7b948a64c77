#!/usr/bin/env node
/**
 * `plan-lint-hook`: what an agent runs before and after each call. It starts in little more than the time of the engine, so it imports the
 * runtime alone; whatever goes wrong, the call does not run.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openAudit } from '../audit.ts';
import { openFiles } from './bundle.ts';
import { answerHook } from './decide.ts';
import { blocked, DIALECTS, HookError, isAgent, readInput } from './dialects.ts';
import type { Agent, HookAnswer } from './dialects.ts';

const USAGE = `Usage: plan-lint-hook --agent claude|codex|gemini|copilot --bundle acme.mjs --trust trust.json
  --entry NAME, --name NAME, --audience NAME   what the bundle must have
  --context KEY=VALUE                          what you vouch for; several
  --state DIR                                  where sessions are kept
  --session ID                                 for agents that do not say which session it is
  --audit FILE                                 add a line for each decision
  --deadline SECONDS                           deny where nothing is decided by then (default: 10)
  --serve HOST:PORT                            answer HTTP hooks on this machine, until ended
  --health                                     say whether calls would be decided
`;

const OPTIONS = {
  agent: { type: 'string' },
  bundle: { type: 'string' },
  trust: { type: 'string' },
  entry: { type: 'string' },
  name: { type: 'string' },
  audience: { type: 'string' },
  context: { type: 'string', multiple: true },
  state: { type: 'string' },
  session: { type: 'string' },
  audit: { type: 'string' },
  deadline: { type: 'string' },
  serve: { type: 'string' },
  health: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function respond({ stdout, stderr, exit }: HookAnswer): void {
  if (stderr !== '') process.stderr.write(`plan-lint-hook: ${stderr}`);
  if (stdout !== '') process.stdout.write(`${stdout}\n`);
  process.exitCode = exit;
}

const folderOf = ({ state }: Flags): string => {
  if (state !== undefined) return resolve(state);
  const home = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local/state');
  return join(home, 'plan-lint/hooks');
};

/** Each `KEY=VALUE` is a text. @throws HookError */
function contextOf(pairs: readonly string[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new HookError(`\`--context ${pair}\` is no KEY=VALUE`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

async function allOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}

/** @throws HookError, BundleError, the file system's error */
async function run(flags: Flags, agent: Agent | null): Promise<HookAnswer> {
  const { bundle: path, trust, entry, name, audience } = flags;
  if (path === undefined || trust === undefined) throw new HookError('--bundle and --trust are needed');
  const { bundle, policy } = await openFiles({ bundle: path, trust, entry, name, audience });
  const now = (): number => Date.now();
  const common = {
    policy,
    context: contextOf(flags.context),
    folder: folderOf(flags),
    session: flags.session ?? `process-${process.ppid}`,
    audit: openAudit(flags.audit),
    now,
  };
  if (flags.health === true || flags.serve !== undefined) {
    const { healthOf, serveHooks } = await import('./serve.ts');
    if (flags.serve !== undefined) return serveHooks(flags.serve, bundle, common, () => trust);
    const health = healthOf(bundle, policy, now());
    return { stdout: JSON.stringify(health), stderr: '', exit: health.ok ? 0 : 4 };
  }
  if (agent === null) throw new HookError(`--agent is one of ${Object.keys(DIALECTS).join(', ')}`);
  const event = DIALECTS[agent].read(readInput(await allOf(process.stdin)));
  return answerHook(event, { ...common, agent });
}

const reasonIn = (error: unknown): string => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  return typeof code === 'string' && !text.includes(code) ? `${code}: ${text}` : text;
};

/** Read before all else: what is wrong with another flag has to be said as this agent heeds it. */
function agentIn(words: readonly string[]): Agent | null {
  const at = words.findIndex((word) => word === '--agent' || word.startsWith('--agent='));
  const name = words[at]?.split('=')[1] ?? words[at + 1] ?? '';
  return at >= 0 && isAgent(name) ? name : null;
}

const agent = agentIn(process.argv.slice(2));
// What nobody caught would end this process in a way that lets the call run.
process.once('uncaughtException', (error) => {
  respond(blocked(agent, `denied: ${reasonIn(error)}`));
  process.exit();
});
let timer: NodeJS.Timeout | undefined;
try {
  const { values: flags } = parseArgs({ options: OPTIONS, strict: true });
  if (flags.help === true) respond({ stdout: USAGE.trimEnd(), stderr: '', exit: 0 });
  else {
    const seconds = Number(flags.deadline ?? 10);
    if (!(seconds > 0)) throw new HookError('--deadline is a number of seconds');
    // An agent that has waited long enough runs the call: it is answered before.
    if (flags.serve === undefined)
      timer = setTimeout(() => {
        respond(blocked(agent, `denied: nothing was decided in ${seconds} seconds`));
        process.exit();
      }, seconds * 1_000);
    const answer = await run(flags, agent);
    respond(answer);
  }
} catch (error) {
  respond(blocked(agent, `denied: ${reasonIn(error)}`));
} finally {
  clearTimeout(timer);
}
// Nothing that is still open keeps the agent waiting.
if (process.exitCode !== undefined) process.stdin.destroy();
