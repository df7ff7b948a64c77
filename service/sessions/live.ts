/** A session as requests work with it, and what sessions are given to work with. */
import type { Decision } from '@plan-lint/runtime';
import type { Run, Session } from '@plan-lint/runtime/session';
import type { Chosen, Registry } from '../policy/registry.ts';
import type { Slot } from '../policy/slot.ts';
import type { Place, PlaceLimits } from './places.ts';
import type { SessionRow, SessionStore } from './row.ts';

export interface SessionsOptions {
  readonly registry: Registry;
  readonly store: SessionStore;
  /** Names this replica: part of the ids that it gives. */
  readonly instance: string;
  readonly limits: PlaceLimits;
  /** Milliseconds after which a session that nobody asks for is closed. */
  readonly idle: number;
  /** Writes down that one was; it stays open where that cannot be. `decision` is `null` where nothing here can decide it any more. */
  readonly tellExpired: (ended: Ended, decision: Decision | null) => Promise<unknown>;
  /** Of a session that could not be closed, and is tried again. */
  readonly onProblem: (error: unknown) => void;
  readonly now: () => number;
}

/** A session that ends; its bundle, where it is still here. */
export interface Ended {
  readonly row: SessionRow;
  readonly slot: Slot | null;
}

/** A session as requests work with it. */
export interface Live {
  row: SessionRow;
  session: Session | Run;
  /** Held as long as the session: another bundle may decide all else meanwhile. */
  readonly slot: Slot;
  readonly place: Place;
  queue: Promise<unknown>;
  /** What is kept may be another one: it is read again before anything is asked. */
  isStale: boolean;
}

export interface Opening {
  readonly chosen: Chosen;
  readonly subject: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** A run is of a plan. */
  readonly plan?: unknown;
}
