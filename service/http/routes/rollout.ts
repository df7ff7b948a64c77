/** `/policies/:name/rollout`: a bundle beside the one that decides, begun, looked at, promoted or rolled back. */
import { BundleError } from '@plan-lint/runtime';
import { record } from '../../decide/record.ts';
import { eventWithoutPlan } from '../../audit/event.ts';
import { ROLLOUT } from '../../openapi/schemas.ts';
import type { Candidate } from '../../policy/candidate.ts';
import { LANES, STICKY } from '../../rollout/lane.ts';
import type { LaneSettings } from '../../rollout/lane.ts';
import { readBody, textIn } from '../../sessions/body.ts';
import type { Members } from '../../sessions/body.ts';
import { HttpError } from '../error.ts';
import { askerOf, json, pathOf } from '../route.ts';
import type { Answer, CallerContext, GuardedRoute } from '../route.ts';
import { rootOf } from './policies.ts';

/** @throws HttpError `bad_request` */
function oneOf<const W extends string>(body: Members, name: string, words: readonly W[]): W | null {
  if (!Object.hasOwn(body, name)) return null;
  const found = words.find((word) => word === body[name]);
  if (found === undefined) throw new HttpError('bad_request', `\`${name}\` is ${words.join(' or ')}`);
  return found;
}

function percentIn(body: Members, fallback: number): number {
  const { percent = fallback } = body;
  if (typeof percent === 'number' && percent >= 0 && percent <= 100) return percent;
  throw new HttpError('bad_request', '`percent` is a number from 0 to 100');
}

function teamsIn(body: Members): readonly string[] {
  const { teams = [] } = body;
  if (Array.isArray(teams) && teams.every((team) => typeof team === 'string')) return teams;
  throw new HttpError('bad_request', '`teams` is a list of names');
}

/** A canary begins small where nobody says; a shadow answers nobody, and sees all. */
function settingsOf(body: Members): LaneSettings {
  const lane = oneOf(body, 'lane', LANES) ?? 'canary';
  return {
    lane,
    percent: percentIn(body, lane === 'canary' ? 5 : 100),
    teams: teamsIn(body),
    sticky: oneOf(body, 'sticky', STICKY) ?? 'plan_id',
  };
}

/** What the loader has against a bundle is told as everywhere. */
async function refused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BundleError)
      throw new HttpError('bundle_refused', `${error.code}: ${error.message}`);
    throw error;
  }
}

async function begin(context: CallerContext): Promise<Answer> {
  const { deps } = context;
  const name = pathOf(context, 'name');
  const body = readBody(context.bytes, { needs: ['digest'], may: ['lane', 'percent', 'teams', 'sticky'] });
  const settings = settingsOf(body);
  const digest = textIn(body, 'digest').replace(/^sha256:/, '');
  const running = deps.rollouts.lanes.get(name);
  if (running?.slot.bundle.identity.digest === digest) {
    await deps.rollouts.change(name, settings, askerOf(context));
    return json(deps.rollouts.statusOf(name));
  }
  const waiting = deps.staged.get(name);
  if (!waiting) throw new HttpError('unknown_policy', 'no bundle of that name waits: PUT it first');
  if (digest !== waiting.digest)
    throw new HttpError('other_bundle_waits', `the bundle that waits is sha256:${waiting.digest}`);
  const candidate = async (): Promise<Candidate> => ({
    ...waiting.candidate,
    trust: await rootOf(deps.trust),
  });
  await refused(() => deps.rollouts.start(name, candidate, settings, askerOf(context)));
  if (deps.staged.get(name) === waiting) deps.staged.delete(name);
  return json(deps.rollouts.statusOf(name), 201);
}

async function status(context: CallerContext): Promise<Answer> {
  const name = pathOf(context, 'name');
  const { registry, rollouts } = context.deps;
  const event = eventWithoutPlan('policy_read', askerOf(context), { policy: name, via: 'policies' });
  await record(event, context.deps, context.request);
  if (!registry.statuses.has(name)) throw new HttpError('unknown_policy');
  return json(rollouts.statusOf(name));
}

async function promote(context: CallerContext): Promise<Answer> {
  const { deps } = context;
  const name = pathOf(context, 'name');
  await refused(() =>
    deps.rollouts.promote(
      name,
      async ({ slot }) => ({ ...slot.candidate, trust: await rootOf(deps.trust) }),
      askerOf(context),
    ),
  );
  return json(deps.rollouts.statusOf(name));
}

async function rollback(context: CallerContext): Promise<Answer> {
  const name = pathOf(context, 'name');
  await context.deps.rollouts.rollback(name, askerOf(context));
  return json(context.deps.rollouts.statusOf(name));
}

const shared = { isShed: true, isAdmin: false, tag: 'policies' } as const;
const answer = { 200: { description: 'How it stands', schema: ROLLOUT } } as const;

export const ROLLOUT_ROUTES: readonly GuardedRoute[] = [
  {
    ...shared,
    method: 'POST',
    url: '/policies/:name/rollout',
    operationId: 'startRollout',
    summary: 'The bundle that waits becomes a canary or a shadow; or whom a running one is about changes',
    body: 'json',
    permission: ['apply_policy'],
    requestSchema: {
      type: 'object',
      required: ['digest'],
      properties: {
        digest: { type: 'string', description: 'Of the bundle that is meant, as PUT has answered.' },
        lane: { enum: [...LANES] },
        percent: { type: 'number', minimum: 0, maximum: 100 },
        teams: { type: 'array', items: { type: 'string' } },
        sticky: { enum: [...STICKY] },
      },
    },
    responses: { ...answer, 201: { description: 'It has begun', schema: ROLLOUT } },
    errors: [
      'unreadable',
      'unknown_policy',
      'other_bundle_waits',
      'rollout_underway',
      'no_stable',
      'no_rollout',
      'bundle_refused',
    ],
    handle: begin,
  },
  {
    ...shared,
    method: 'GET',
    url: '/policies/:name/rollout',
    operationId: 'showRollout',
    summary: 'What runs beside the bundle that decides, and in what it differs; or how the last one ended',
    body: 'none',
    permission: ['read_policy'],
    responses: answer,
    errors: ['unknown_policy'],
    handle: status,
  },
  {
    ...shared,
    method: 'POST',
    url: '/policies/:name/promote',
    operationId: 'promoteRollout',
    summary: 'The canary, or the shadow, decides for everybody',
    body: 'none',
    permission: ['apply_policy'],
    responses: answer,
    errors: ['no_rollout', 'bundle_refused'],
    handle: promote,
  },
  {
    ...shared,
    method: 'POST',
    url: '/policies/:name/rollback',
    operationId: 'rollbackRollout',
    summary: 'The canary, or the shadow, is asked no more',
    body: 'none',
    permission: ['apply_policy'],
    responses: answer,
    errors: ['no_rollout'],
    handle: rollback,
  },
];
