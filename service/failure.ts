/** What stops the service from starting, or a configuration from being taken: told with a way out, never with a stack. */

/** Something that whoever runs the service can mend. */
export class ServiceError extends Error {
  override readonly name: string = 'ServiceError';
  /** What to do about it. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** What the system or a library says went wrong: its code where it has one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
