/** How many sessions may be open, and how much they may keep: in all, and of one user, so that none takes everything. */
import { HttpError } from '../http/error.ts';

export interface PlaceLimits {
  readonly sessions: number;
  readonly sessionsOfOne: number;
  /** Bytes of what sessions keep. */
  readonly bytes: number;
  readonly bytesOfOne: number;
}

interface Used {
  sessions: number;
  bytes: number;
}

/** What one session takes. */
export interface Place {
  /** It keeps as many bytes from now on. @throws HttpError `overloaded`, `too_many` where that is more than there is */
  resize(bytes: number): void;
  /** As before: what was there once has its place. */
  restore(bytes: number): void;
  free(): void;
}

export class Places {
  readonly #limits: PlaceLimits;
  readonly #all: Used = { sessions: 0, bytes: 0 };
  readonly #bySubject = new Map<string, Used>();

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** Whether one more of this user would be refused. */
  isFull(subject: string): boolean {
    const { sessions, sessionsOfOne } = this.#limits;
    return this.#all.sessions >= sessions || this.#of(subject).sessions >= sessionsOfOne;
  }

  #of(subject: string): Used {
    return this.#bySubject.get(subject) ?? { sessions: 0, bytes: 0 };
  }

  /** @throws HttpError `overloaded`, `too_many` */
  take(subject: string, bytes: number): Place {
    const { sessions, sessionsOfOne } = this.#limits;
    const own = this.#of(subject);
    if (this.#all.sessions >= sessions)
      throw new HttpError('overloaded', 'as many sessions are open as may be');
    if (own.sessions >= sessionsOfOne)
      throw new HttpError('too_many', `this user has ${own.sessions} sessions open, which is the most`);
    this.#mayGrow(own, bytes);
    return this.hold(subject, bytes);
  }

  /** The place of what was there before this process: it has it, whatever the limits are. */
  hold(subject: string, bytes: number): Place {
    const own = this.#of(subject);
    this.#bySubject.set(subject, own);
    let size = 0;
    const set = (next: number): void => {
      own.bytes += next - size;
      this.#all.bytes += next - size;
      size = next;
    };
    own.sessions += 1;
    this.#all.sessions += 1;
    set(bytes);
    return {
      resize: (next) => {
        if (next > size) this.#mayGrow(own, next - size);
        set(next);
      },
      restore: set,
      free: () => {
        set(0);
        own.sessions -= 1;
        this.#all.sessions -= 1;
        if (own.sessions === 0) this.#bySubject.delete(subject);
      },
    };
  }

  #mayGrow(own: Used, by: number): void {
    const { bytes, bytesOfOne } = this.#limits;
    if (this.#all.bytes + by > bytes) throw new HttpError('overloaded', 'sessions keep as much as they may');
    if (own.bytes + by > bytesOfOne)
      throw new HttpError('too_many', 'the sessions of this user keep as much as they may: close some');
  }
}
