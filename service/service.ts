/** The service as one thing: made of a configuration, started, and ended in order. */
import { availableParallelism } from 'node:os';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { BundleError } from '@plan-lint/runtime';
import { fileStore, memoryStore, rollbackGuard } from '@plan-lint/runtime/node';
import type { Capability } from '@plan-lint/runtime/contract';
import { approvalsOf } from './approvals/of-config.ts';
import { eventWithoutPlan, SERVICE } from './audit/event.ts';
import type { AuditEvent } from './audit/event.ts';
import { openAudit } from './audit/index.ts';
import { takeLock } from './audit/lock.ts';
import { auditOptions } from './audit-options.ts';
import { Closing } from './closing.ts';
import { changeTeller } from './config-changes.ts';
import { identityParts } from './identity.ts';
import { listenAll } from './servers.ts';
import type { StaticTokens } from './auth/static.ts';
import { ConfigError } from './config/field.ts';
import { ServiceError } from './failure.ts';
import type { Config } from './config/sections.ts';
import { record } from './decide/record.ts';
import { Receipts } from './decide/receipts.ts';
import { BatchPools } from './decide/pool.ts';
import type { Deps } from './deps.ts';
import { Denials } from './http/denials.ts';
import { HttpError, retryAfter } from './http/error.ts';
import { Gate } from './http/gate.ts';
import { SubjectLimit } from './http/subject-limit.ts';
import { hostText, isLoopback, listenOf } from './listen.ts';
import type { Listen } from './listen.ts';
import { Health } from './observe/health.ts';
import { Metrics } from './observe/metrics.ts';
import { SystemWatch } from './observe/system.ts';
import { watchFigures } from './observe/figures.ts';
import { Activation } from './policy/activate.ts';
import { demandsOf } from './policy/demands.ts';
import { LastGood } from './policy/last-good.ts';
import { Registry } from './policy/registry.ts';
import { sourceOf } from './policy/source/index.ts';
import type { Source } from './policy/source/index.ts';
import { startReaders } from './readers.ts';
import { expiredEvent } from './sessions/event.ts';
import { instanceOf } from './sessions/instance.ts';
import { KeptLanes } from './rollout/kept.ts';
import { Rollouts } from './rollout/rollouts.ts';
import { Sessions } from './sessions/sessions.ts';
import { sessionStoreOf } from './sessions/store-of.ts';

export interface ServiceOptions {
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  /** Tokens beside those of `auth.static.file`: that of `--dev`. */
  readonly tokens?: StaticTokens;
  /** Warnings of policies. */
  readonly tell?: (text: string) => void;
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: () => number;
}

/** A service that answers. */
export interface Service {
  /** `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly deps: Deps;
  readonly source: Source;
  /** Another configuration is in force, for what does not need a restart. */
  readonly reload: (config: Config) => Promise<readonly string[]>;
  /** Opens the audit log anew, and reads all files again. */
  readonly reopen: () => Promise<void>;
  /** From now on it is not ready; requests are answered all the same. */
  readonly drain: () => void;
  /** Ends: finishes what has begun, within `grace` milliseconds. */
  readonly close: (grace: number) => Promise<void>;
}

/**
 * Starts a service.
 *
 * @throws ServiceError, AuditError: whatever keeps it from starting, with what to do about it
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const closing = new Closing();
  try {
    return await start(options, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function start(
  { config, log, tokens, tell = () => undefined, now = Date.now }: ServiceOptions,
  closing: Closing,
): Promise<Service> {
  const live = { config };
  let isDraining = false;
  const listen = listenOf(config.listen, 'listen');
  refuseOpenDoors(config, listen);
  if (config.state_dir !== null) await holdState(config.state_dir, closing);
  const audit = await openAudit(await auditOptions(config, now));
  closing.add(() => audit.close());
  const readers = await startReaders(audit, config, (message) => log.error(message));
  closing.add(() => readers.close());
  const metrics = new Metrics({
    teams: new Set(config.teams.keys()),
    environment: config.environment,
    maxSeries: config.metrics.max_series,
    share: config.metrics.share,
  });
  const registry = new Registry(config.policies.default);
  const pools = new BatchPools(config.limits.workers ?? Math.max(1, availableParallelism() - 1));
  closing.add(() => pools.close());
  const denials = new Denials({
    audit,
    onFailure: (error) => log.error({ err: error }, 'a refusal is not in the audit log'),
  });
  closing.add(() => denials.close());
  const gate = new Gate({ inFlight: config.limits.in_flight, loopDelay: config.limits.loop_delay });
  closing.add(() => gate.close());
  const system = new SystemWatch(config.audit.path === '-' ? '/' : dirname(config.audit.path));
  closing.add(() => system.close());
  const lastGood = new LastGood(config.state_dir);
  const activation = await activationOf({ config, audit, registry, metrics, pools, log, now, lastGood });
  const source = await sourceOf({
    where: config.policies.path,
    trust: config.policies.trust,
    load: demandsOf(config),
    capabilities: config.policies.capabilities as readonly Capability[],
    channel: config.policies.channel,
    roots: config.policies.roots,
    poll: config.policies.poll,
    loadTimeout: config.policies.load_timeout,
    stateDir: config.state_dir,
    now,
    registry,
    activation,
    tell,
  });
  closing.add(() => source.stop());
  const identity = await identityParts({ config, audit, log, now, tokens: tokens ?? new Map() }, closing);
  const health = new Health({
    registry,
    policyPath: config.policies.path,
    maxAge: config.policies.max_age,
    thresholds: config.health,
    system: () => system.read(),
    audit: () => audit.health(),
    isDraining: () => isDraining,
    now,
    information: () => ({ iam: identity.modes, audit: audit.health().writable, sinks: readers.statuses() }),
  });
  const sessionStore = await sessionStoreOf(config, (error) =>
    log.error({ err: error }, 'sessions cannot be kept'),
  );
  /** What is not written down is not done, and whoever asked is told why. */
  const written = (event: AuditEvent): Promise<unknown> =>
    audit.append(event).catch((error: unknown) => {
      log.error({ err: error, action: event.action }, 'a line cannot be written');
      throw new HttpError('audit_unavailable', undefined, retryAfter(1));
    });
  const deps: Deps = {
    get config() {
      return live.config;
    },
    now,
    log,
    audit,
    readers,
    auth: identity.auth(metrics),
    permissionsOf: identity.permissionsOf,
    registry,
    activation,
    metrics,
    health,
    gate,
    denials,
    subjects: new SubjectLimit(config.limits.per_subject, now),
    pools,
    lastGood,
    receipts: await Receipts.open(config),
    staged: new Map(),
    trust: source.trust,
    rollouts: new Rollouts({
      registry,
      activation,
      kept: new KeptLanes(config.state_dir, demandsOf(config)),
      drift: {
        every: config.rollout.min_decisions,
        maxDelta: config.rollout.max_delta,
        alpha: config.rollout.alpha,
      },
      audit: written,
      onStopped: (name, reason) =>
        log.error(
          { policy: name },
          `a canary or shadow has ended, and what decides goes on alone: ${reason}`,
        ),
      onProblem: (error) => log.error({ err: error }, 'the end of a rollout cannot be written down'),
      now,
    }),
    approvals: await approvalsOf(config, {
      audit: written,
      onProblem: (error) => log.error({ err: error }, 'approvals cannot be kept'),
      now,
    }),
    sessions: new Sessions({
      registry,
      store: sessionStore,
      instance: await instanceOf(config.state_dir),
      limits: {
        sessions: config.limits.sessions,
        sessionsOfOne: config.limits.sessions_per_subject,
        bytes: config.limits.session_bytes,
        bytesOfOne: config.limits.session_bytes_per_subject,
      },
      idle: config.sessions.idle,
      tellExpired: (expired, decision) =>
        record(expiredEvent(expired, decision, live.config.environment), deps),
      onProblem: (error) => log.error({ err: error }, 'a session that nobody asks for cannot be closed'),
      now,
    }),
    isDraining: () => isDraining,
  };
  closing.add(() => deps.approvals?.close());
  watchFigures(deps);
  await source.refresh();
  if (registry.slots.length === 0) await recallLastGood(deps);
  await deps.rollouts.recall(async (candidate) => {
    const root = await source.trust();
    if (!root) throw new BundleError('source_unreachable', 'the trust root in use is not known yet');
    return { ...candidate, trust: root };
  });
  // Now there are bundles to decide what ends.
  closing.add(() => deps.sessions.end());
  await deps.sessions.begin();
  const servers = await listenAll(deps, listen, closing);
  const detail = { listen: servers.url, pid: process.pid };
  await audit.append(eventWithoutPlan('service_started', SERVICE, { detail }));
  return {
    url: servers.url,
    deps,
    source,
    reload: async (next) => {
      const changed = changedLive(live.config, next);
      if (changed.length === 0) return changed;
      await changeTeller({ config: live.config, audit, log })({ settings: changed.join(', ') });
      live.config = { ...live.config, ...Object.fromEntries(changed.map((name) => [name, next[name]])) };
      return changed;
    },
    reopen: async () => {
      await audit.reopen();
      await Promise.all([identity.look(), servers.look(), source.refresh()]);
    },
    drain: () => (isDraining = true),
    close: async (grace) => {
      isDraining = true;
      await servers.close(grace);
      await audit.append(eventWithoutPlan('service_stopped', SERVICE)).catch(() => undefined);
      await closing.run();
    },
  };
}

/** One process writes there: what two of them remembered would not be what either has seen. @throws ServiceError */
async function holdState(stateDir: string, closing: Closing): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  try {
    const lock = await takeLock(join(stateDir, 'service'));
    closing.add(() => lock.release());
  } catch (error) {
    const owner = error instanceof Error ? error.message.replace(/^[^:]*: /, '') : String(error);
    throw new ServiceError(
      `another process holds \`state_dir\` (${stateDir}): ${owner}`,
      'give each process a `state_dir` of its own',
    );
  }
}

/** Without authentication, nobody but this machine is answered. @throws ConfigError */
function refuseOpenDoors({ auth, rbac }: Config, listen: Listen): void {
  if (auth.modes.length === 0 && !isLoopback(listen))
    throw new ConfigError(
      `nobody is authenticated, and \`listen\` is ${hostText(listen)}`,
      'set `auth.modes`, or listen on 127.0.0.1:8000',
    );
  if (auth.modes.length > 0 && rbac.file === null && !auth.trust_permissions)
    throw new ConfigError(
      'nobody has a permission: there are neither roles nor `auth.trust_permissions`',
      'set `rbac.file` to a file with roles and bindings, or `auth.trust_permissions: true`',
    );
}

type ActivationParts = Pick<
  Deps,
  'config' | 'audit' | 'registry' | 'metrics' | 'pools' | 'log' | 'now' | 'lastGood'
>;

async function activationOf({
  config,
  audit,
  registry,
  metrics,
  pools,
  log,
  now,
  lastGood,
}: ActivationParts): Promise<Activation> {
  const { state_dir: stateDir } = config;
  if (stateDir !== null) await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const guard = rollbackGuard(stateDir === null ? memoryStore() : fileStore(join(stateDir, 'state.json')));
  return new Activation({
    registry,
    guard,
    loadTimeout: config.policies.load_timeout,
    now,
    audit: (event) => audit.append(event),
    keep: (slot) =>
      lastGood
        .keep(slot)
        .catch((error: unknown) => log.error({ err: error }, 'the last good bundle cannot be kept')),
    onActivated: (slot, previous) => {
      const { identity, entries } = slot.bundle;
      metrics.activated();
      metrics.hasRules(identity.name, slot.ruleCount(null));
      for (const entry of entries) metrics.hasRules(entry, slot.ruleCount(entry));
      for (const entry of previous?.bundle.entries ?? [])
        if (!entries.includes(entry)) metrics.removed(entry);
      pools.keepOnly(registry.slots);
      log.info({ bundle: identity, signed: slot.candidate.isSigned }, 'a bundle decides from now on');
    },
    onRefused: (code, message, origin) => {
      metrics.refused(code);
      for (const status of statusesOf(registry, origin)) status.failed(code, message, now());
      log.error({ code, origin }, `a bundle is refused: ${message}`);
    },
  });
}

/** The bundles that come from a place; what has none yet is kept under no name. */
function statusesOf(registry: Registry, origin: string) {
  const found = [...registry.statuses.values()].filter(({ slot }) => slot?.candidate.origin === origin);
  return found.length > 0 ? found : [registry.statusOf('')];
}

/** At a start at which the source has nothing good: what was good before, verified again. */
async function recallLastGood({ config, activation, log, lastGood, trust }: Deps): Promise<void> {
  // The root of now: one that was shipped may not know yet of a key that is revoked.
  const root = config.state_dir === null ? null : await trust().catch(() => null);
  if (!root) return;
  const kept = await lastGood.recall({ trust: root, load: demandsOf(config) }, (path) =>
    log.error({ path }, 'a kept bundle cannot be read'),
  );
  for (const candidate of kept) await activation.activate(candidate).catch(() => undefined);
}

/** Settings that are in force without a restart. */
const LIVE = ['teams', 'environment', 'drain', 'health'] as const;

/** Which of them are other ones. */
function changedLive(current: Config, next: Config): readonly (typeof LIVE)[number][] {
  const shown = (value: unknown): string =>
    JSON.stringify(value, (_, each: unknown) => (each instanceof Map ? [...each] : each));
  return LIVE.filter((name) => shown(current[name]) !== shown(next[name]));
}
