/** Approvals as the configuration says. */
import type { Config } from '../config/sections.ts';
import { placeFor } from '../database/place.ts';
import { Approvals } from './approvals.ts';
import type { ApprovalsOptions } from './approvals.ts';
import { DatabaseStore } from './database-store.ts';
import { memoryStore } from './memory-store.ts';

/**
 * @returns `null` where none are configured
 * @throws ServiceError for an address that is none
 */
export async function approvalsOf(
  config: Config,
  parts: Pick<ApprovalsOptions, 'audit' | 'onProblem' | 'now'>,
): Promise<Approvals | null> {
  const { approvals } = config;
  if (approvals === null) return null;
  const place = await placeFor(config, 'approvals.db');
  const store = place === null ? memoryStore() : new DatabaseStore({ ...place, onProblem: parts.onProblem });
  const limits = { all: approvals.pending, ofOne: approvals.pending_per_subject };
  return new Approvals({ ...parts, store, life: approvals.life, keep: approvals.keep, limits });
}
