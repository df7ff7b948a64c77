/** The reader of the log that fills the results. */
import type { Batch, Position } from '../audit/reader.ts';
import { BEGINNING } from '../audit/reader.ts';
import type { Sink } from '../sinks/run.ts';
import type { Database } from '../database/database.ts';
import { createTables, readPosition, removeBefore, writeLines } from './write.ts';

const HOUR = 3_600_000;

export interface ResultsSinkOptions {
  readonly database: Database;
  /** Name of the log. */
  readonly log: string;
  /** Decisions that are older go, milliseconds; default: none ever. */
  readonly keep?: number | null;
}

class ResultsSink implements Sink {
  readonly name = 'results';
  readonly #options: ResultsSinkOptions;
  #position: Position = BEGINNING;
  #removedAt = 0;

  constructor(options: ResultsSinkOptions) {
    this.#options = options;
  }

  async begin(): Promise<Position> {
    const { database, log } = this.#options;
    await createTables(database);
    this.#position = await readPosition(database, log);
    return this.#position;
  }

  async deliver({ lines }: Batch): Promise<Position> {
    const after = lines.at(-1)?.position;
    if (!after) return this.#position;
    const { database, log } = this.#options;
    await writeLines(database, { log, before: this.#position, lines, after });
    this.#position = after;
    return after;
  }

  async settle(): Promise<Position> {
    const { keep, database } = this.#options;
    if (keep !== null && keep !== undefined && performance.now() - this.#removedAt > HOUR) {
      this.#removedAt = performance.now();
      await removeBefore(database, Date.now() - keep);
    }
    return this.#position;
  }

  async close(): Promise<void> {
    await this.#options.database.close();
  }
}

/** @returns a sink for `runSink` */
export const resultsSink = (options: ResultsSinkOptions): Sink => new ResultsSink(options);
