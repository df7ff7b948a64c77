/** A bundle beside the one that decides: a canary that answers some, or a shadow that answers nobody. */
import { hash } from 'node:crypto';
import type { Slot } from '../policy/slot.ts';
import type { PairReport } from './report.ts';

export const LANES = ['canary', 'shadow'] as const;
export type LaneKind = (typeof LANES)[number];
export const STICKY = ['plan_id', 'user'] as const;

export interface LaneSettings {
  readonly lane: LaneKind;
  /** Of whom it is asked, 0 to 100. */
  readonly percent: number;
  /** Only of these teams; none: of all. */
  readonly teams: readonly string[];
  /** What decides whether it is asked: the same plan, or the same user, always gets the same answer. */
  readonly sticky: (typeof STICKY)[number];
}

export interface Lane {
  readonly settings: LaneSettings;
  readonly slot: Slot;
  /** Who began it, and when (milliseconds since the epoch). */
  readonly by: string;
  readonly since: number;
  /** Of the bundle that decides, which it is compared with. */
  readonly stable: string;
  readonly report: PairReport;
}

/** Whom a lane may be about. */
export interface Place {
  readonly planId: string;
  /** Of the plan: it stands for the id of one that has none. */
  readonly sha256: string;
  readonly user: string;
  readonly team: string | null;
}

const PARTS = 10_000;

/**
 * Whether a lane is asked. The same on every replica; and who was within five per cent is within ten.
 *
 * @param name - of the bundle
 */
export function isWithin(
  name: string,
  { percent, teams, sticky }: LaneSettings,
  { planId, sha256, user, team }: Place,
): boolean {
  if (teams.length > 0 && (team === null || !teams.includes(team))) return false;
  const ofPlan = planId === 'unknown' ? sha256 : planId;
  const key = sticky === 'user' ? user : ofPlan;
  const part = Number.parseInt(hash('sha256', JSON.stringify([name, key]), 'hex').slice(0, 8), 16) % PARTS;
  return part < percent * (PARTS / 100);
}
