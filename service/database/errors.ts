/** What stops a database from being opened. */
export const DATABASE_ERRORS = {
  database_driver_missing: [
    'the driver of the database is not installed',
    'npm install it beside the service',
  ],
  database_url_invalid: ['the address of the database cannot be used', 'write sqlite:FILE or postgres://…'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

export type DatabaseErrorCode = keyof typeof DATABASE_ERRORS;

export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly code: DatabaseErrorCode;
  readonly hint: string;

  /** @param detail - what exactly; never an address, which may hold a password */
  constructor(code: DatabaseErrorCode, detail?: string) {
    const [sentence, hint] = DATABASE_ERRORS[code];
    super(detail === undefined ? sentence : `${sentence}: ${detail}`);
    this.code = code;
    this.hint = hint;
  }
}
