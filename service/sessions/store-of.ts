/** Where sessions are kept, as the configuration says. */
import type { Config } from '../config/sections.ts';
import { placeFor } from '../database/place.ts';
import { DatabaseStore } from './database-store.ts';
import { memoryStore } from './memory-store.ts';
import type { SessionStore } from './row.ts';

/** @throws ServiceError for an address that is none */
export async function sessionStoreOf(
  config: Config,
  onProblem: (error: unknown) => void,
): Promise<SessionStore> {
  const place = await placeFor(config, 'sessions.db');
  return place === null ? memoryStore() : new DatabaseStore({ ...place, onProblem });
}
