import type { ErrorCode } from './meanings.ts';

export type { ErrorCode } from './meanings.ts';

/**
 * The one error `loadBundle` and its parts throw. Nothing of the bundle has been executed when it is thrown, save
 * for `module_failed`, `module_malformed` and `intrinsics_altered`, whose module had passed every check of its
 * signature. What a code means and what to do about it: `ERRORS` of `@plan-lint/runtime/errors`.
 *
 * @example
 * try { await loadBundle(module, sidecar, trust); }
 * catch (error) { if (error instanceof BundleError && error.code === 'bundle_expired') fetchCurrentBundle(); }
 */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: ErrorCode;

  /**
   * @param detail - what exactly, in the reader's terms; never text of the artifact at length
   */
  constructor(code: ErrorCode, detail?: string) {
    super(code.replaceAll('_', ' ') + (detail ? `: ${detail}` : ''));
    this.code = code;
  }
}

/** What was thrown as an error with a code, unless it has one. It may be of a module's making, and throw when it is looked at. */
export function coded(code: ErrorCode, error: unknown): BundleError {
  try {
    return error instanceof BundleError
      ? error
      : new BundleError(code, (error as Error).message.slice(0, 200));
  } catch {
    return new BundleError(code);
  }
}

/** What `read` gives, or what `otherwise` makes of what it throws. */
export function attempt<T>(read: () => T, otherwise: (error: unknown) => T): T {
  try {
    return read();
  } catch (error) {
    return otherwise(error);
  }
}

/** Runs a reader; whatever it throws becomes the code, unless it is a `BundleError` already. */
export const refuseAs = <T>(code: ErrorCode, read: () => T): T =>
  attempt(read, (error) => {
    throw coded(code, error);
  });
