#!/usr/bin/env node
import { buffer } from 'node:stream/consumers';
import { run } from './program.ts';

// A reader that goes away (`plan-lint … | head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const debug = process.argv.includes('--debug');
const argv = process.argv.slice(2).filter((word) => word !== '--debug');

try {
  process.exitCode = await run(argv, {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    stdin: () => buffer(process.stdin),
    now: () => Date.now(),
    env: process.env,
    cwd: process.cwd(),
  });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`error: plan-lint failed: ${message}\n  hint: this is a bug; --debug shows where\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = 2;
}
