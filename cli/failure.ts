/** How commands report what stopped them: one line with a code, one with a hint, an exit code. */
import { BundleError } from '@plan-lint/runtime';
import { ERRORS } from '@plan-lint/runtime/errors';
// Not from its index: that brings certificates, which a command that fails has no use for.
import { SignError } from '../compiler/6-sign/errors.ts';
import { EXIT, type Io } from './io.ts';

/** Policies that do not compile; their diagnostics have been written to stderr. */
export class CompileFailure extends Error {}

/** Wrong usage: a flag or a file the command cannot work with. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

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
    if (error instanceof BundleError) {
      const { code, message, hint } = explain(error);
      io.stderr(`error[${code}]: ${message}\n  hint: ${hint}\n`);
      return EXIT.trust;
    }
    if (error instanceof SignError) {
      io.stderr(`error[${error.code}]: ${error.message}\n  hint: ${error.hint}\n`);
      return EXIT.usage;
    }
    if (error instanceof UsageError) {
      io.stderr(`error: ${error.message}\n  hint: ${error.hint}\n`);
      return EXIT.usage;
    }
    if (error instanceof CompileFailure) {
      io.stderr(`error: ${error.message}\n  hint: nothing was written; mend what is listed above\n`);
      return EXIT.compile;
    }
    if (isSystemError(error)) {
      const exists = error.code === 'EEXIST';
      io.stderr(
        exists
          ? `error: \`${error.path ?? ''}\` exists and is never overwritten\n  hint: choose another place, or move it away\n`
          : `error: cannot use \`${error.path ?? ''}\`: ${error.code ?? 'unknown'}\n  hint: check the path and its permissions\n`,
      );
      return EXIT.usage;
    }
    throw error;
  }
}
