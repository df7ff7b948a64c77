/** Where the service keeps what outlives a request: in the database of `sessions`, in a file of `state_dir`, or nowhere. */
import { join } from 'node:path';
import type { Config } from '../config/sections.ts';
import { databaseAt } from './configured.ts';
import type { Database } from './database.ts';

export interface Place {
  readonly open: () => Promise<Database>;
  /** Other replicas find there what this one has written. */
  readonly isShared: boolean;
}

/**
 * @param file - its name in `state_dir`
 * @returns `null` where nothing outlives the process
 * @throws ServiceError for an address that is none
 */
export async function placeFor(
  { sessions, state_dir: stateDir, audit }: Config,
  file: string,
): Promise<Place | null> {
  // As durable as the line that stands for it.
  const durability = audit.durability === 'synced' ? 'synced' : 'written';
  const { url, url_file: urlFile } = sessions;
  if (url !== null || urlFile !== null) {
    const database = await databaseAt(url ?? '', urlFile, durability);
    // It was opened to hear of an address that is none; what fails later is opened anew.
    const opened = [database];
    const open = async () => opened.pop() ?? databaseAt(url ?? '', urlFile, durability);
    return { open, isShared: database.isServer };
  }
  if (stateDir === null) return null;
  const path = `sqlite:${join(stateDir, file)}`;
  return { open: () => databaseAt(path, null, durability), isShared: false };
}
