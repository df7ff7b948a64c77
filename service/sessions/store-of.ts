/** Where sessions are kept, as the configuration says: in its database, in a file of `state_dir`, or nowhere. */
import { join } from 'node:path';
import type { Config } from '../config/sections.ts';
import { databaseAt } from '../database/configured.ts';
import { DatabaseStore } from './database-store.ts';
import { memoryStore } from './memory-store.ts';
import type { SessionStore } from './row.ts';

/** @throws ServiceError for an address that is none */
export async function sessionStoreOf(
  { sessions, state_dir: stateDir, audit }: Config,
  onProblem: (error: unknown) => void,
): Promise<SessionStore> {
  // As durable as the line that stands for it.
  const durability = audit.durability === 'synced' ? 'synced' : 'written';
  const { url, url_file: file } = sessions;
  if (url !== null || file !== null) {
    const database = await databaseAt(url ?? '', file, durability);
    // It was opened to hear of an address that is none; what fails later is opened anew.
    const opened = [database];
    const open = async () => opened.pop() ?? databaseAt(url ?? '', file, durability);
    return new DatabaseStore({ open, isShared: database.isServer, onProblem });
  }
  if (stateDir === null) return memoryStore();
  const path = `sqlite:${join(stateDir, 'sessions.db')}`;
  return new DatabaseStore({ open: () => databaseAt(path, null, durability), isShared: false, onProblem });
}
