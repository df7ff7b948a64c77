/** What routes work with: made once, when the service starts. */
import type { FastifyBaseLogger } from 'fastify';
import type { Approvals } from './approvals/approvals.ts';
import type { AuditLog } from './audit/event.ts';
import type { AuthChain } from './auth/chain.ts';
import type { Identity } from './auth/identity.ts';
import type { Config } from './config/sections.ts';
import type { Receipts } from './decide/receipts.ts';
import type { BatchPools } from './decide/pool.ts';
import type { Denials } from './http/denials.ts';
import type { Gate } from './http/gate.ts';
import type { SubjectLimit } from './http/subject-limit.ts';
import type { Health } from './observe/health.ts';
import type { Metrics } from './observe/metrics.ts';
import type { Readers } from './readers.ts';
import type { Activation } from './policy/activate.ts';
import type { Candidate } from './policy/candidate.ts';
import type { LastGood } from './policy/last-good.ts';
import type { Source } from './policy/source/index.ts';
import type { Registry } from './policy/registry.ts';
import type { Permission } from './rbac/permissions.ts';
import type { Rollouts } from './rollout/rollouts.ts';
import type { Sessions } from './sessions/sessions.ts';

/** A bundle that waits: what it is held against is known when it is to decide. */
export interface Staged {
  readonly candidate: Omit<Candidate, 'trust'>;
  /** Of its module. */
  readonly digest: string;
}

export interface Deps {
  readonly config: Config;
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
  readonly audit: AuditLog;
  /** What reads the audit log. */
  readonly auth: AuthChain;
  /** What somebody may do as roles are now: their file may have been replaced. */
  readonly permissionsOf: (identity: Identity) => ReadonlySet<Permission>;
  readonly registry: Registry;
  readonly activation: Activation;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly gate: Gate;
  readonly subjects: SubjectLimit;
  readonly denials: Denials;
  readonly pools: BatchPools;
  readonly sessions: Sessions;
  readonly rollouts: Rollouts;
  /** `null` where none are configured. */
  readonly approvals: Approvals | null;
  readonly readers: Readers;
  /** `null` where no decision key is configured. */
  readonly receipts: Receipts | null;
  readonly lastGood: LastGood;
  /** Bundles that were handed in and wait, by name. */
  readonly staged: Map<string, Staged>;
  /** The trust root as it is now; `null` where nothing is signed, or nobody can say yet which one counts. */
  readonly trust: Source['trust'];
  readonly isDraining: () => boolean;
}
