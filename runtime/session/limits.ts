/** How much a session may hold. What is beyond is denied, for nobody could tell any more. */
export interface SessionLimits {
  /** Most calls that are admitted; default 10,000. */
  readonly calls: number;
  /** Most calls that run at a time; default 1,000. */
  readonly running: number;
  /** Most calls that wait for an approval; default 100. */
  readonly waiting: number;
  /** Most that rules and calls may keep, about in characters; default 4,194,304. */
  readonly characters: number;
  /** Longest time between two calls, in milliseconds; default a day. */
  readonly idle: number;
  /** Largest snapshot, in characters; default 8,388,608. */
  readonly snapshot: number;
}

const DEFAULTS: SessionLimits = {
  calls: 10_000,
  running: 1_000,
  waiting: 100,
  characters: 4_194_304,
  idle: 86_400_000,
  snapshot: 8_388_608,
};

/** A limit that is not a number from 0 on is the default. */
export function limitsOf(asked: Partial<SessionLimits> = {}): SessionLimits {
  const limit = (name: keyof SessionLimits): number => {
    const most = asked[name];
    return typeof most === 'number' && most >= 0 ? most : DEFAULTS[name];
  };
  return {
    calls: limit('calls'),
    running: limit('running'),
    waiting: limit('waiting'),
    characters: limit('characters'),
    idle: limit('idle'),
    snapshot: limit('snapshot'),
  };
}
