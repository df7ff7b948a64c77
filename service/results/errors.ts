/** What stops the results database. Decisions go on: the audit log is the queue. */
export const RESULTS_ERRORS = {
  results_moved: [
    'another process reads this log into the same database',
    'give each instance an `audit.log` name of its own',
  ],
  results_query_invalid: ['the query cannot be answered', 'see the parameters of GET /results'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

export type ResultsErrorCode = keyof typeof RESULTS_ERRORS;

export class ResultsError extends Error {
  override readonly name = 'ResultsError';
  readonly code: ResultsErrorCode;
  readonly hint: string;

  /** @param detail - what exactly; never an address, which may hold a password */
  constructor(code: ResultsErrorCode, detail?: string) {
    const [sentence, hint] = RESULTS_ERRORS[code];
    super(detail === undefined ? sentence : `${sentence}: ${detail}`);
    this.code = code;
    this.hint = hint;
  }
}
