/** What is told of a bundle and its source: what decides, since when, and why the last one was refused. */
import type { Slot } from './slot.ts';

export interface SourceError {
  readonly code: string;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Kept by name of a bundle; under `''` for what has no name yet. */
export class PolicyStatus {
  slot: Slot | null = null;
  /** When the source was last asked, and when it last had what is in use; milliseconds since the epoch. */
  askedAt: number | null = null;
  heardAt: number | null = null;
  lastError: SourceError | null = null;
  failures = 0;

  heard(at: number): void {
    this.askedAt = at;
    this.heardAt = at;
    this.lastError = null;
    this.failures = 0;
  }

  failed(code: string, message: string, at: number): void {
    this.askedAt = at;
    this.lastError = { code, message, at };
    this.failures += 1;
  }
}

const instant = (millis: number | null): string | null =>
  millis === null ? null : new Date(millis).toISOString();

/** As the status route tells it. */
export function statusObject(
  name: string,
  { slot, askedAt, heardAt, lastError, failures }: PolicyStatus,
): object {
  return {
    name,
    active: slot && {
      ...slot.bundle.identity,
      signed: slot.candidate.isSigned,
      entries: slot.bundle.entries,
      origin: slot.candidate.origin,
      since: instant(slot.since),
      expires: slot.bundle.predicate.expires,
    },
    last_request: instant(askedAt),
    last_success: instant(heardAt),
    failures,
    last_error: lastError && { ...lastError, at: instant(lastError.at) },
  };
}
