/** A session as it is kept. */
export interface SessionRow {
  readonly id: string;
  /** One more with every change: whoever changes a session names the one that was seen. */
  readonly version: number;
  /** The replica that began it. */
  readonly instance: string;
  readonly kind: 'session' | 'run';
  /** Whose it is. */
  readonly subject: string;
  readonly entry: string | null;
  /** Of the bundle that decides it, to its end. */
  readonly digest: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Of a run. */
  readonly plan: unknown;
  /** base64 */
  readonly snapshot: string;
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
}

/** What is known of a session that nobody has asked for since this process began. */
export type SessionSize = Pick<SessionRow, 'id' | 'subject'> & { readonly bytes: number };

/** Bytes that a session keeps, about. */
export const bytesOf = ({ snapshot, plan }: Pick<SessionRow, 'snapshot' | 'plan'>): number =>
  snapshot.length + (plan === null ? 0 : JSON.stringify(plan).length);

/** Where sessions are kept. Of two that change one at a time, the second is told so (`false`), and nothing has changed. */
export interface SessionStore {
  /** Other replicas find there what this one has begun. */
  readonly isShared: boolean;
  insert(row: SessionRow): Promise<void>;
  read(id: string): Promise<SessionRow | null>;
  /** `null` where there is none of that id. */
  versionOf(id: string): Promise<number | null>;
  /** Puts a row in the place of the version before it. */
  swap(row: SessionRow): Promise<boolean>;
  /** Removes this version. */
  remove(row: Pick<SessionRow, 'id' | 'version'>): Promise<boolean>;
  /** Ids of those that nobody has asked for since then. */
  idleSince(instant: number): Promise<readonly string[]>;
  /** Those that a replica has begun. */
  begunBy(instance: string): Promise<readonly SessionSize[]>;
  close(): Promise<void>;
}
