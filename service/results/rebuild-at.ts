/** The results database of an address, filled anew: what `plan-lint audit rebuild` does. */
import { access } from 'node:fs/promises';
import { databaseAt } from '../database/configured.ts';
import { reasonOf, ServiceError } from '../failure.ts';
import { ResultsError } from './errors.ts';
import { rebuild } from './rebuild.ts';
import type { Rebuilt } from './rebuild.ts';

export interface RebuildAt {
  readonly path: string;
  /** `sqlite:FILE` or `postgres://…`. */
  readonly url: string;
  /** Name of the log, as `audit.log` has it. */
  readonly log: string;
}

export interface NotRebuilt {
  readonly problem: string;
  readonly hint: string;
}

/** @returns how much was read, or what keeps it from being; an address is never told, for it may hold a password */
export async function rebuildResults({ path, url, log }: RebuildAt): Promise<Rebuilt | NotRebuilt> {
  try {
    await access(path);
  } catch (error) {
    return { problem: `the log cannot be read: ${reasonOf(error)}`, hint: 'name the file that is written' };
  }
  try {
    const database = await databaseAt(url, null);
    try {
      return await rebuild(database, { path, log });
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof ServiceError || error instanceof ResultsError)
      return { problem: error.message, hint: error.hint };
    return {
      problem: `the database cannot be filled: ${reasonOf(error)}`,
      hint: 'it is filled in parts, each whole or not at all: run it again to go on',
    };
  }
}
