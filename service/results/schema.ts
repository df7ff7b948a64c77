/** The tables. The same statements make them in SQLite and in PostgreSQL. */

export const SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS decisions (
    decision_id text PRIMARY KEY,
    log text NOT NULL,
    seq bigint NOT NULL,
    ts bigint NOT NULL,
    hour text NOT NULL,
    plan_id text NOT NULL,
    policy text NOT NULL,
    entry text,
    "user" text NOT NULL,
    team text,
    environment text,
    status text,
    is_valid smallint NOT NULL,
    risk double precision,
    violations integer NOT NULL,
    duration_us double precision,
    bundle_digest text,
    plan_sha256 text
  )`,
  'CREATE INDEX IF NOT EXISTS decisions_by_time ON decisions (ts, decision_id)',
  'CREATE INDEX IF NOT EXISTS decisions_by_user ON decisions ("user")',
  `CREATE TABLE IF NOT EXISTS violations (
    decision_id text NOT NULL,
    n integer NOT NULL,
    rule text NOT NULL,
    severity text NOT NULL,
    step_id text,
    PRIMARY KEY (decision_id, n)
  )`,
  'CREATE INDEX IF NOT EXISTS violations_by_rule ON violations (rule)',
  // `position` is where the reader of one log stands: written with the rows, so that each line counts once.
  `CREATE TABLE IF NOT EXISTS cursors (
    reader text PRIMARY KEY,
    seq bigint NOT NULL,
    position text NOT NULL
  )`,
];

export const DECISION_COLUMNS = [
  'decision_id',
  'log',
  'seq',
  'ts',
  'hour',
  'plan_id',
  'policy',
  'entry',
  '"user"',
  'team',
  'environment',
  'status',
  'is_valid',
  'risk',
  'violations',
  'duration_us',
  'bundle_digest',
  'plan_sha256',
] as const;

export const VIOLATION_COLUMNS = ['decision_id', 'n', 'rule', 'severity', 'step_id'] as const;
