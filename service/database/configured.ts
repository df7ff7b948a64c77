/** A database as a section of the configuration names it. */
import { readFile } from 'node:fs/promises';
import { ServiceError } from '../failure.ts';
import type { Database } from './database.ts';
import { DatabaseError } from './errors.ts';
import { openDatabase } from './open.ts';
import type { Durability } from './sqlite.ts';

/** @param file - with the address, where that holds a secret. @throws ServiceError */
export async function databaseAt(
  url: string,
  file: string | null,
  durability?: Durability,
): Promise<Database> {
  try {
    return await openDatabase(file === null ? url : (await readFile(file, 'utf8')).trim(), durability);
  } catch (error) {
    if (error instanceof DatabaseError) throw new ServiceError(error.message, error.hint);
    throw error;
  }
}
