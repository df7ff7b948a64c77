/** A database that is opened when it is first needed, and again after it has failed: what one table of the service is kept in. */
import { HttpError, retryAfter } from '../http/error.ts';
import type { HttpErrorCode } from '../http/error.ts';
import type { Database, Run } from './database.ts';

export interface KeptOptions {
  /** Tried again until it has opened. */
  readonly open: () => Promise<Database>;
  /** Statements that make what is not there. */
  readonly schema: readonly string[];
  /** What its users are told while it does not answer. */
  readonly unavailable: HttpErrorCode;
  readonly onProblem: (error: unknown) => void;
}

export class KeptDatabase {
  readonly #options: KeptOptions;
  #opened: Promise<Database> | null = null;

  constructor(options: KeptOptions) {
    this.#options = options;
  }

  /** @throws HttpError with the code of `unavailable` */
  async within<T>(work: (run: Run) => Promise<T>): Promise<T> {
    try {
      const database = await this.#database();
      return await database.transaction(work);
    } catch (error) {
      this.#options.onProblem(error);
      throw new HttpError(this.#options.unavailable, undefined, retryAfter(2));
    }
  }

  #database(): Promise<Database> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<Database> {
    let database: Database | undefined;
    try {
      database = await this.#options.open();
      await database.transaction(async (run) => {
        for (const statement of this.#options.schema) await run(statement);
      });
      return database;
    } catch (error) {
      // Two replicas that make one table at once: the second finds it there when it tries again.
      this.#opened = null;
      await database?.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const database = await this.#opened?.catch(() => null);
    await database?.close();
  }
}
