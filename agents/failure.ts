/** What stops a command, for the person who ran it. */
export class AgentsError extends Error {
  override readonly name = 'AgentsError';
  readonly hint: string;
  /** `usage`: what was asked for cannot be done; `trust`: something is not what was signed. */
  readonly kind: 'usage' | 'trust';

  constructor(message: string, hint: string, kind: 'usage' | 'trust' = 'usage') {
    super(message);
    this.hint = hint;
    this.kind = kind;
  }
}
