/** Output of a process that may be closed, or full, before the command has ended. */
import { reasonOf } from './reasons.ts';

export interface OutputStream {
  write(text: string): void;
}

/**
 * A standard stream whose end does not change what the command says by its exit code. A reader that goes away
 * (`plan-lint … | head`) is no error: the command goes on, for its code tells whether plans may run. What cannot be
 * written for another reason ends in code 2: whoever reads the output must not take a part of it for the whole.
 */
export function openStream(stream: NodeJS.WriteStream, name: string): OutputStream {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    const first = !closed;
    closed = true;
    if (error.code === 'EPIPE' || !first) return;
    process.on('exit', () => (process.exitCode = 2));
    if (stream !== process.stderr) {
      const reason = reasonOf(error);
      process.stderr.write(
        `error: ${name} cannot be written: ${reason}\n  hint: what was written before is not all\n`,
      );
    }
  });
  return {
    write(text) {
      if (!closed) stream.write(text);
    },
  };
}
