/**
 * Canaries and shadows, by name of the bundle that they may follow. Whatever is wrong with one ends it, and the bundle that decides goes on
 * alone: in the answer to the very plan at which it is found out.
 */
import { BundleError } from '@plan-lint/runtime';
import { eventWithoutPlan, SERVICE } from '../audit/event.ts';
import type { AuditAction, Asker, AuditEvent } from '../audit/event.ts';
import { decide, decideData, outcomeOf, planIdOf, settled } from '../decide/decision.ts';
import type { Asked, Outcome, Question } from '../decide/decision.ts';
import { HttpError } from '../http/error.ts';
import type { Activation } from '../policy/activate.ts';
import type { Candidate } from '../policy/candidate.ts';
import type { Chosen, Registry } from '../policy/registry.ts';
import type { Slot } from '../policy/slot.ts';
import { deltaOf, departs } from './drift.ts';
import type { DriftRule } from './drift.ts';
import { isWithin } from './lane.ts';
import type { Lane, LaneSettings, Place } from './lane.ts';
import type { KeptLanes } from './kept.ts';
import { PairReport } from './report.ts';

export interface RolloutsOptions {
  readonly registry: Registry;
  readonly activation: Activation;
  readonly kept: KeptLanes;
  readonly drift: DriftRule;
  readonly audit: (event: AuditEvent) => Promise<unknown>;
  /** Told loudly: a lane has ended by itself. */
  readonly onStopped: (name: string, reason: string) => void;
  readonly onProblem: (error: unknown) => void;
  readonly now: () => number;
}

/** How the last one of a name ended. */
interface Ended {
  readonly lane: Lane;
  readonly reason: string;
  readonly at: number;
}

/** Which bundle answers, and what was decided. */
export interface Answered {
  readonly chosen: Chosen;
  readonly outcome: Outcome;
}

/** Names of rules that a line has. */
const RULES = 20;
const identityText = ({ bundle }: Slot): string => `sha256:${bundle.identity.digest}`;

export class Rollouts {
  readonly #options: RolloutsOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #ended = new Map<string, Ended>();
  /** Names whose lane is about to decide for everybody: no other may begin until it does, or goes on. */
  readonly #promoting = new Set<string>();
  stopped = 0;

  constructor(options: RolloutsOptions) {
    this.#options = options;
    // A key that is revoked is revoked for them too.
    options.registry.alsoHeld(() => this.slots);
  }

  get slots(): readonly Slot[] {
    return [...this.#lanes.values()].map(({ slot }) => slot);
  }

  get lanes(): ReadonlyMap<string, Lane> {
    return this.#lanes;
  }

  /** The canary that has this digest: what it has asked for is not outdated. */
  answering(digest: string): Slot | null {
    const lanes = [...this.#lanes.values()].filter(({ settings }) => settings.lane === 'canary');
    return lanes.find(({ slot }) => slot.bundle.identity.digest === digest)?.slot ?? null;
  }

  /**
   * Begins a lane, or changes whom a running one is about.
   *
   * @throws BundleError with the loader’s code; HttpError `rollout_underway`, `no_stable`; AuditError
   */
  async start(
    name: string,
    candidate: () => Promise<Candidate>,
    settings: LaneSettings,
    asker: Asker,
  ): Promise<Lane> {
    const { registry, activation, kept, now } = this.#options;
    const stable = registry.slot(name);
    if (!stable) throw new HttpError('no_stable');
    if (this.#isTaken(name)) throw new HttpError('rollout_underway');
    const slot = await activation.prepare(candidate, asker);
    if (slot.bundle.identity.digest === stable.bundle.identity.digest)
      throw new HttpError('no_stable', 'this very bundle decides already');
    if (this.#isTaken(name)) throw new HttpError('rollout_underway');
    const lane: Lane = {
      settings,
      slot,
      by: asker.user,
      since: now(),
      stable: identityText(stable),
      report: new PairReport(),
    };
    await this.#tell('rollout_started', name, lane, asker);
    await kept.keep(name, lane);
    this.#lanes.set(name, lane);
    return lane;
  }

  #isTaken(name: string): boolean {
    return this.#lanes.has(name) || this.#promoting.has(name);
  }

  /** @throws HttpError `no_rollout`; AuditError */
  async change(name: string, settings: LaneSettings, asker: Asker): Promise<Lane> {
    const before = this.#running(name);
    if (settings.lane !== before.settings.lane) throw new HttpError('rollout_underway');
    const lane = { ...before, settings };
    await this.#tell('rollout_changed', name, lane, asker);
    await this.#options.kept.keep(name, lane);
    if (this.#lanes.get(name) === before) this.#lanes.set(name, lane);
    return lane;
  }

  #running(name: string): Lane {
    const lane = this.#lanes.get(name);
    if (!lane) throw new HttpError('no_rollout');
    return lane;
  }

  /**
   * The bundle of a lane decides for everybody.
   *
   * @param current - of its bundle, with the trust root of now
   * @throws HttpError `no_rollout`; BundleError with the code of the step that fails: the lane goes on then
   */
  async promote(name: string, current: (lane: Lane) => Promise<Candidate>, asker: Asker): Promise<Lane> {
    const lane = this.#running(name);
    // Not asked meanwhile: what decides and what may are never the same.
    this.#lanes.delete(name);
    this.#promoting.add(name);
    try {
      await this.#options.activation.activate(() => current(lane), asker);
    } catch (error) {
      this.#lanes.set(name, lane);
      throw error;
    } finally {
      this.#promoting.delete(name);
    }
    await this.#end(name, lane, 'promoted', asker);
    return lane;
  }

  /** What decides goes on alone. @throws HttpError `no_rollout` */
  async rollback(name: string, asker: Asker): Promise<Lane> {
    const lane = this.#running(name);
    this.#lanes.delete(name);
    await this.#end(name, lane, 'rolled back', asker);
    return lane;
  }

  /** It is over already; that is written down, and forgotten by the disk. */
  async #end(name: string, lane: Lane, reason: string, asker: Asker): Promise<void> {
    const { kept, now } = this.#options;
    this.#ended.set(name, { lane, reason, at: now() });
    await kept.forget(name);
    await this.#tell('rollout_ended', name, lane, asker, reason);
  }

  /** By itself, at once: nobody waits for the disk. */
  #stop(name: string, lane: Lane, reason: string): void {
    const { onStopped, onProblem } = this.#options;
    if (this.#lanes.get(name) !== lane) return;
    this.#lanes.delete(name);
    this.stopped += 1;
    onStopped(name, reason);
    void this.#end(name, lane, reason, SERVICE).catch(onProblem);
  }

  async #tell(
    action: Extract<AuditAction, 'rollout_started' | 'rollout_changed' | 'rollout_ended'>,
    name: string,
    { settings, slot, stable, report }: Lane,
    asker: Asker,
    reason?: string,
  ): Promise<void> {
    const { lane, percent, teams, sticky } = settings;
    const detail = {
      lane,
      percent,
      sticky,
      ...(teams.length > 0 && { teams: teams.join(',') }),
      stable,
      sequence: slot.bundle.identity.sequence,
      ...(reason !== undefined && {
        reason,
        decisions: report.decisions,
        newly_refused: report.newlyRefused,
        newly_allowed: report.newlyAllowed,
      }),
    };
    const told = { policy: name, bundle: identityText(slot), via: 'policies', detail };
    await this.#options.audit(eventWithoutPlan(action, asker, told));
  }

  /** Those of before a restart; what is not good any more is ended, and told. */
  async recall(candidateOf: (kept: Candidate) => Promise<Candidate>): Promise<void> {
    const { kept, activation, registry, now, onProblem, onStopped } = this.#options;
    for (const { name, candidate, settings, by } of await kept.recall(onProblem)) {
      const stable = registry.slot(name);
      try {
        if (!stable) throw new HttpError('no_stable', 'no bundle of that name decides');
        const slot = await activation.prepare(() => candidateOf(candidate), SERVICE);
        if (slot.bundle.identity.digest === stable.bundle.identity.digest) {
          await kept.forget(name);
          continue;
        }
        const report = new PairReport();
        this.#lanes.set(name, { settings, slot, by, since: now(), stable: identityText(stable), report });
      } catch (error) {
        this.stopped += 1;
        const reason = error instanceof BundleError || error instanceof HttpError ? error.code : 'unreadable';
        onStopped(name, reason);
        await kept.forget(name).catch(onProblem);
        const detail = { lane: settings.lane, reason };
        await this.#options.audit(eventWithoutPlan('rollout_ended', SERVICE, { policy: name, detail }));
      }
    }
  }

  /** Decides a plan: by the bundle that decides, or by its canary; and asks the other one beside. Synchronous. */
  decide(chosen: Chosen, question: Question, asked: Asked): Answered {
    const { name } = chosen.slot.bundle.identity;
    const lane = this.#lanes.get(name);
    if (!lane) return { chosen, outcome: decide(chosen, question, asked) };
    const place: Place = {
      planId: planIdOf(question.plan),
      sha256: question.sha256,
      user: asked.caller.identity.username,
      team: asked.caller.identity.team,
    };
    const other = isWithin(name, lane.settings, place)
      ? this.#usable(name, lane, chosen, question.now)
      : null;
    const own = decideData(chosen.policy, question, asked.includesArgs);
    if (!other) return { chosen, outcome: outcomeOf(chosen, own.data, own.facts, asked) };
    const beside = decideData(other.policy, question, asked.includesArgs);
    return this.#answer({ name, lane, chosen, other, own, beside }, asked);
  }

  #answer({ name, lane, chosen, other, own, beside }: Pair, asked: Asked): Answered {
    const [stable, candidate] = [settled(own.data, asked), settled(beside.data, asked)];
    const { differs, appeared, gone } = lane.report.add(stable, candidate);
    const isCanary = lane.settings.lane === 'canary';
    const { decisions, newlyRefused, newlyAllowed } = lane.report;
    if (isCanary && departs({ decisions, newlyRefused, newlyAllowed }, this.#options.drift)) {
      const share = (deltaOf(lane.report) * 100).toFixed(1);
      this.#stop(name, lane, `it departs: ${share} % of ${decisions} plans`);
    }
    const [main, facts] = isCanary ? [other, beside] : [chosen, own];
    const silent = isCanary ? { slot: chosen.slot, data: stable } : { slot: other.slot, data: candidate };
    const outcome = outcomeOf(main, facts.data, facts.facts, asked);
    const shadow = {
      lane: isCanary ? ('stable' as const) : ('shadow' as const),
      bundle: identityText(silent.slot),
      status: silent.data.status,
      differs,
      appeared: appeared.slice(0, RULES),
      gone: gone.slice(0, RULES),
    };
    return { chosen: main, outcome: { ...outcome, event: { ...outcome.event, shadow } } };
  }

  /** The same policy of the lane’s bundle; where there is none any more, the lane ends here. */
  #usable(name: string, lane: Lane, { slot, policy }: Chosen, now: number): Chosen | null {
    const { bundle } = lane.slot;
    const reason = this.#reasonAgainst(lane, slot, policy.entry, now);
    if (reason === null) return { slot: lane.slot, policy: bundle.policy(policy.entry ?? undefined) };
    this.#stop(name, lane, reason);
    return null;
  }

  #reasonAgainst({ slot: { bundle }, stable }: Lane, deciding: Slot, entry: string | null, now: number) {
    if (entry !== null && !bundle.entries.includes(entry)) return `it has no entry ${entry}`;
    const problem = bundle.policy(entry ?? undefined).parts.problem(now);
    if (problem) return problem.rule;
    if (identityText(deciding) === stable) return null;
    return 'another bundle decides by now than it was compared with';
  }

  /** What is told of a name. */
  statusOf(name: string): object {
    const lane = this.#lanes.get(name);
    const ended = this.#ended.get(name);
    return {
      name,
      running: lane ? laneObject(lane) : null,
      ended: ended
        ? { ...laneObject(ended.lane), reason: ended.reason, at: new Date(ended.at).toISOString() }
        : null,
    };
  }
}

interface Pair {
  readonly name: string;
  readonly lane: Lane;
  readonly chosen: Chosen;
  readonly other: Chosen;
  readonly own: ReturnType<typeof decideData>;
  readonly beside: ReturnType<typeof decideData>;
}

const laneObject = ({ settings, slot, by, since, stable, report }: Lane): object => ({
  ...settings,
  bundle: slot.bundle.identity,
  stable,
  started_by: by,
  since: new Date(since).toISOString(),
  delta: deltaOf(report),
  report,
});
