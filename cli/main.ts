#!/usr/bin/env node
import { buffer } from 'node:stream/consumers';
import { run } from './program.ts';
import { takesColour } from './terminal/colour.ts';
import { openStream } from './terminal/stream.ts';

const streams = {
  stdout: openStream(process.stdout, 'standard output'),
  stderr: openStream(process.stderr, 'standard error'),
};

const interruption = new AbortController();
let listening = false;
for (const [name, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(name, () => {
    // A command that has asked for the signal ends in order; a second one ends any command.
    if (!listening || interruption.signal.aborted) process.exit(128 + number);
    process.exitCode = 128 + number;
    interruption.abort();
  });
}

const debug = process.argv.includes('--debug');
const argv = process.argv.slice(2).filter((word) => word !== '--debug');
const { env } = process;

try {
  process.exitCode = await run(argv, {
    stdout: (text) => streams.stdout.write(text),
    stderr: (text) => streams.stderr.write(text),
    stdin: () => buffer(process.stdin),
    stdinStream: () => process.stdin,
    now: () => Date.now(),
    env,
    cwd: process.cwd(),
    get signal() {
      listening = true;
      return interruption.signal;
    },
    // What cannot move its cursor gets no line that is drawn again and again.
    terminal: process.stderr.isTTY && env['TERM'] !== 'dumb',
    get columns() {
      return process.stderr.columns;
    },
    colour: takesColour(process.stdout.isTTY, env),
  });
  // An interrupted stdin would otherwise be waited for.
  if (interruption.signal.aborted) process.stdin.destroy();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`error: plan-lint failed: ${message}\n  hint: this is a bug; --debug shows where\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = 2;
}
