/** A server that is a program of this machine: a message a line on its standard streams. */
import { spawn } from 'node:child_process';
import { linesOf } from 'plan-lint/plans';
import { writeMessage } from '../wire/message.ts';
import type { Upstream, UpstreamEvents } from './upstream.ts';

/** How long it may take to end by itself, and then by a signal; milliseconds. */
const PATIENCE = 2_000;

export interface ProcessOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function startProcess({ command, cwd, env }: ProcessOptions, events: UpstreamEvents): Upstream {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`\`${program}\` cannot be run: ${error.code ?? error.message}`),
    );
    child.once('close', (code, signal) =>
      resolve(`the server ended (${signal ?? `exit code ${code ?? '?'}`})`),
    );
  });
  // A server that has gone is told of by its end.
  child.stdin.on('error', () => undefined);
  const read = async (): Promise<void> => {
    for await (const { text } of linesOf(child.stdout)) {
      if (text === null) events.note('the server wrote a line that is no UTF-8, or too long: left out');
      else if (text.trim() !== '') events.onText(text);
    }
  };
  const reading = read().catch((error: unknown) => events.note(`reading the server: ${String(error)}`));
  void Promise.all([ended, reading]).then(([reason]) => events.onEnd(reason));
  return {
    send: (message) => void child.stdin.write(`${writeMessage(message)}\n`),
    async close() {
      const isRunning = (): boolean =>
        child.pid !== undefined && child.exitCode === null && child.signalCode === null;
      child.stdin.end();
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        const timer = setTimeout(() => isRunning() && child.kill(signal), PATIENCE);
        await Promise.race([ended, new Promise((done) => setTimeout(done, PATIENCE + 100).unref())]);
        clearTimeout(timer);
        if (!isRunning()) break;
      }
    },
  };
}
