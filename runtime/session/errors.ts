/** How a session refuses what is no call: an argument of the host's own that means nothing. Its state stays as it was. */

/** code → what is wrong, in the reader's terms. */
export const SESSION_ERRORS = {
  'session.argument': 'an argument is not of the documented type',
  'session.closed': 'the session is closed',
  'session.unknown_call': 'no call of this id is running',
  'session.ticket_unknown': 'no call waits for an approval with this ticket',
  'session.ticket_used': 'this ticket has been used: it settles one call, once',
  'session.snapshot_refused':
    'the snapshot is not one of this session: it was changed, or made for another bundle, context, key or session',
  'session.snapshot_untrusted':
    'a snapshot is taken up with the key it was sealed with, or from a store that the host trusts',
  'session.snapshot_too_large': 'the session keeps more than a snapshot may hold',
} as const;

export type SessionErrorCode = keyof typeof SESSION_ERRORS;

/** Thrown by everything but `call`, which answers with a decision whatever it is asked. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, detail?: string) {
    super(SESSION_ERRORS[code] + (detail ? `: ${detail}` : ''));
    this.code = code;
  }
}
