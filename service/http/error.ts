/** How a request is refused: every status with its code and its words, in one table. */
export const HTTP_ERRORS = {
  bad_request: [400, 'the request is not as documented'],
  unreadable: [400, 'the body is not JSON as it must be'],
  unauthorized: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  context_not_trusted: [403, 'what callers say of the circumstances is not trusted here'],
  not_found: [404, 'there is nothing here'],
  unknown_policy: [404, 'there is no policy of that name'],
  unknown_session: [404, 'there is no session of that id'],
  unknown_approval: [404, 'there is no approval of that id'],
  method_not_allowed: [405, 'this method is not taken here'],
  timeout: [408, 'the request did not come in time'],
  session_elsewhere: [409, 'another replica holds this session'],
  session_conflict: [409, 'the session was changed by another request'],
  session_bundle_gone: [409, 'the bundle that decides this session is no longer here'],
  approval_settled: [409, 'the approval is settled already'],
  approval_outdated: [409, 'what was asked for is decided otherwise by now: ask again'],
  other_digest: [409, 'the approval is about another plan or call than the one that is meant'],
  rollout_underway: [409, 'a canary or a shadow of that name runs already'],
  no_rollout: [409, 'no canary or shadow of that name runs'],
  no_stable: [409, 'no other bundle of that name decides, so there is nothing to compare with'],
  other_bundle_waits: [409, 'another bundle waits than the one that is meant'],
  last_policy: [409, 'it is the last bundle that decides'],
  source_unsigned: [409, 'policies that are compiled here cannot be changed over HTTP'],
  too_large: [413, 'the body is too large'],
  media_type: [415, 'the body is of a type that is not taken'],
  bundle_refused: [422, 'the bundle is refused'],
  session_refused: [422, 'the session refuses this'],
  too_many: [429, 'too many requests of this user'],
  no_receipts: [400, 'no decision key is configured: set `receipts.key_file`'],
  internal: [500, 'the service failed'],
  iam_unavailable: [503, 'it cannot be told who asks: the identity service does not answer'],
  audit_unavailable: [503, 'the audit log cannot be written, so nothing is decided'],
  results_unavailable: [503, 'the results database does not answer'],
  approvals_unavailable: [503, 'the database with the approvals does not answer'],
  sessions_unavailable: [503, 'the database with the sessions does not answer'],
  overloaded: [503, 'the service has as much to do as it can'],
  not_ready: [503, 'the service is not ready'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** The bodies that the source document fixes, byte for byte. */
const FIXED: Readonly<Partial<Record<HttpErrorCode, string>>> = {
  unauthorized: '{"error":"Unauthorized"}',
  forbidden: '{"error":"Forbidden"}',
};

/** A request that is refused. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail - what exactly, in the caller's terms; never anything of the body or of a token */
  constructor(code: HttpErrorCode, detail?: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail ?? HTTP_ERRORS[code][1]);
    this.code = code;
    this.headers = headers;
  }

  get status(): number {
    return HTTP_ERRORS[this.code][0];
  }

  body(requestId: string): string {
    return (
      FIXED[this.code] ?? JSON.stringify({ error: this.message, code: this.code, request_id: requestId })
    );
  }
}

/** What Fastify refuses by itself, in our words. */
const FRAMEWORK: Readonly<Record<string, HttpErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_ASYNC_CONSTRAINT: 'not_found',
};

/** Any error as one that can be answered; what nobody foresaw is `internal`, and says nothing of itself. */
export function httpErrorOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = Object.hasOwn(FRAMEWORK, code) ? FRAMEWORK[code] : undefined;
  return new HttpError(known ?? (isOfCaller(error, code) ? 'bad_request' : 'internal'));
}

/** Whatever else the framework has against a request is no fault of ours. */
const isOfCaller = (error: unknown, code: string): boolean => {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  return code.startsWith('FST_ERR_') && status >= 400 && status < 500;
};

/** 503 and 429 say when to come again. */
export const retryAfter = (seconds: number): Readonly<Record<string, string>> => ({
  'retry-after': String(Math.max(1, Math.ceil(seconds))),
});
