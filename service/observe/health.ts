/** Whether the service lives, is ready, and decides. */
import type { AuditHealth } from '../audit/event.ts';
import { HEALTH_PLAN } from '../policy/candidate.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicyStatus } from '../policy/status.ts';
import type { SystemMetrics } from './system.ts';

export interface HealthOptions {
  readonly registry: Registry;
  readonly policyPath: string;
  /** Milliseconds a source may be silent; `null` for ever. */
  readonly maxAge: number | null;
  readonly thresholds: { readonly [K in keyof SystemMetrics]: number | null };
  readonly system: () => Promise<SystemMetrics>;
  readonly audit: () => AuditHealth;
  readonly isDraining: () => boolean;
  readonly now: () => number;
  /** What else is told by `/health/deep`; none of it decides. */
  readonly information: () => Readonly<Record<string, unknown>>;
}

export interface Answered {
  readonly ok: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A threshold that was passed is left again only this far below it, in per cent. */
const HYSTERESIS = 5;
/** How long `/health/deep` is remembered, milliseconds. */
const DEEP_FOR = 1_000;

export class Health {
  readonly #options: HealthOptions;
  readonly #over = new Set<keyof SystemMetrics>();
  #deep: { readonly answer: Answered; readonly until: number } | null = null;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** Shared services (IAM, SIEM, databases) are not asked: one of them down would take all replicas away. */
  async ready(): Promise<Answered> {
    const metrics = await this.#options.system();
    const problem = this.problem() ?? this.#pressure(metrics);
    return {
      ok: problem === null,
      body: {
        status: problem === null ? 'ready' : 'not_ready',
        policy_count: this.#options.registry.slots.length,
        system_metrics: metrics,
        ...(problem !== null && { error: problem }),
      },
    };
  }

  /** Why this service is not ready, but for what the machine lacks. */
  problem(): string | null {
    const { isDraining, audit, registry } = this.#options;
    if (isDraining()) return 'the service is shutting down';
    const { writable, problem } = audit();
    if (!writable) return problem ?? 'the audit log cannot be written';
    if (registry.slots.length === 0) return this.#whyNone();
    if (!registry.standard) return 'there are several bundles, and `policies.default` names none of them';
    for (const [name, status] of registry.statuses) {
      const why = this.#whyNot(status);
      if (why !== null) return `bundle \`${name}\`: ${why}`;
    }
    return null;
  }

  #whyNone(): string {
    const errors = [...this.#options.registry.statuses.values()].flatMap(({ lastError }) => lastError ?? []);
    const last = errors.at(-1);
    return last ? `no bundle is loaded: ${last.message}` : 'no bundle is loaded';
  }

  #whyNot({ slot, heardAt }: PolicyStatus): string | null {
    if (!slot) return null;
    const { now, maxAge } = this.#options;
    const problem = slot.bundle.policy().parts.problem(now());
    if (problem) return problem.message;
    if (maxAge !== null && now() - (heardAt ?? 0) > maxAge)
      return 'its source has not been heard for longer than `policies.max_age`';
    return null;
  }

  #pressure(metrics: SystemMetrics): string | null {
    for (const key of ['memory_percent', 'cpu_percent', 'disk_percent'] as const) {
      const threshold = this.#options.thresholds[key];
      if (threshold === null) continue;
      if (metrics[key] >= threshold) this.#over.add(key);
      else if (metrics[key] < threshold - HYSTERESIS) this.#over.delete(key);
      if (this.#over.has(key)) return `${key} is ${metrics[key]}, and the threshold is ${threshold}`;
    }
    return null;
  }

  /** Really decides a plan. A deny is a working decision. */
  deep(): Answered {
    const now = this.#options.now();
    if (this.#deep && this.#deep.until > now) return this.#deep.answer;
    const answer = this.#decideDeep();
    this.#deep = { answer, until: now + DEEP_FOR };
    return answer;
  }

  #decideDeep(): Answered {
    const { registry, policyPath, information, now } = this.#options;
    const slot = registry.standard ?? registry.slots[0];
    const problem = slot
      ? problemOf(slot.bundle.policy().evaluate(HEALTH_PLAN, { now: now() }))
      : this.#whyNone();
    const shared = { policy_path: policyPath, ...information() };
    if (problem !== null)
      return {
        ok: false,
        body: { status: 'unhealthy', policy_validation_works: false, ...shared, error: problem },
      };
    return {
      ok: true,
      body: {
        status: 'healthy',
        policy_validation_works: true,
        ...shared,
        signed: slot?.candidate.isSigned ?? false,
        bundle: slot?.bundle.identity ?? null,
      },
    };
  }
}

/** What the runtime itself says of a plan is no decision of a policy. */
function problemOf({
  violations,
}: {
  readonly violations: readonly { readonly policy: string; readonly message: string }[];
}): string | null {
  return violations.find(({ policy }) => policy === 'plan-lint')?.message ?? null;
}
