/** How commands report what stopped them: one line with a code, one with a hint, an exit code. */
import { BundleError } from '@plan-lint/runtime';
import { ERRORS } from '@plan-lint/runtime/errors';
import { CompilerFault, printable } from '../../compiler/inspect.ts';
import { CompileFailure, UsageError } from '../../bundles/failure.ts';
import { EXIT, type Io } from './io.ts';
import { reasonOf } from './reasons.ts';

/** A refusal with its whole sentence and what to do about it. */
export function explain(error: BundleError): { code: string; message: string; hint: string } {
  const [sentence, hint] = ERRORS[error.code];
  // The error's own message is the code in words, then a detail if there is one.
  const detail = error.message.slice(error.code.length);
  return { code: error.code, message: sentence + detail, hint };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/**
 * Runs a command's body and turns what it throws into an exit code.
 *
 * @returns 4 for what the trust root or a signature refuses, 2 for unusable input; anything else is a bug and
 * is thrown on
 */
export async function reportFailures(io: Io, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    // Names of files and pieces of plans may stand in a message; none of them writes to the terminal.
    const say = (first: string, hint: string): void =>
      io.stderr(`${printable(first)}\n  hint: ${printable(hint)}\n`);
    if (error instanceof BundleError) {
      const { code, message, hint } = explain(error);
      say(`error[${code}]: ${message}`, hint);
      return EXIT.trust;
    }
    const { SignError } = await import('../../compiler/6-sign/index.ts');
    if (error instanceof SignError) {
      say(`error[${error.code}]: ${error.message}`, error.hint);
      return EXIT.usage;
    }
    if (error instanceof CompilerFault) {
      say(
        `error: plan-lint failed: ${error.message}`,
        'this is a fault of the compiler, not of the policy; nothing was written',
      );
      return EXIT.compile;
    }
    if (error instanceof UsageError) {
      say(`error: ${error.message}`, error.hint);
      return EXIT.usage;
    }
    if (error instanceof CompileFailure) {
      say(`error: ${error.message}`, 'mend what is listed above');
      return EXIT.compile;
    }
    if (isSystemError(error)) {
      const exists = error.code === 'EEXIST';
      const { path } = error;
      if (exists)
        say(
          `error: \`${'dest' in error ? String(error.dest) : path}\` exists and is not overwritten`,
          'choose another place, or remove it; `bundle`, `sign` and `receipt create` replace with --force',
        );
      else if (error.code === 'EISDIR')
        say(`error: a directory stands where a file was expected`, 'name the file');
      else
        say(
          `error: cannot ${path === undefined ? 'write a file' : `use \`${path}\``}: ${reasonOf(error)}`,
          error.code === 'ENOSPC' ? 'make room and run it again' : 'check the path and its permissions',
        );
      return EXIT.usage;
    }
    throw error;
  }
}
