/** Policies over HTTP: list, show, put, activate, delete. Each is told to the audit log. */
import { BundleError } from '@plan-lint/runtime';
import { eventWithoutPlan } from '../../audit/event.ts';
import type { AuditAction, AuditEvent } from '../../audit/event.ts';
import { candidateOf, verifiedIdentity } from '../../decide/bundle-body.ts';
import { record } from '../../decide/record.ts';
import type { Candidate } from '../../policy/candidate.ts';
import { reasonOf } from '../../failure.ts';
import { demandsOf } from '../../policy/demands.ts';
import { statusObject } from '../../policy/status.ts';
import { tryBundle } from '../../policy/trial.ts';
import { BUNDLE_BODY, POLICY_STATUS } from '../../openapi/schemas.ts';
import { HttpError } from '../error.ts';
import { askerOf, json, pathOf, queryOf } from '../route.ts';
import type { Answer, CallerContext, GuardedRoute } from '../route.ts';

const tell = (
  context: CallerContext,
  action: AuditAction,
  name: string,
  detail?: NonNullable<AuditEvent['detail']>,
): Promise<unknown> =>
  record(
    eventWithoutPlan(action, askerOf(context), { policy: name, via: 'policies', ...(detail && { detail }) }),
    context.deps,
    context.request,
  );

async function list(context: CallerContext): Promise<Answer> {
  await tell(context, 'policy_read', '*');
  return json({
    policies: [...context.deps.registry.statuses].map(([name, status]) => statusObject(name, status)),
  });
}

async function show(context: CallerContext): Promise<Answer> {
  const name = pathOf(context, 'name');
  const status = context.deps.registry.statuses.get(name);
  await tell(context, 'policy_read', name);
  if (!status) throw new HttpError('unknown_policy');
  return json(statusObject(name, status));
}

/** @throws BundleError where nobody can say which root counts: nothing is held against an old one instead */
export async function rootOf(trust: CallerContext['deps']['trust']): Promise<Candidate['trust']> {
  const root = await trust().catch((error: unknown) => {
    throw new BundleError('source_unreachable', reasonOf(error));
  });
  if (root) return root;
  throw new BundleError('source_unreachable', 'the trust root in use is not known yet');
}

/** A bundle is verified and tried, and waits: what decides is another's word (`apply_policy`). */
async function put(context: CallerContext): Promise<Answer> {
  const { deps, bytes, caller } = context;
  const name = pathOf(context, 'name');
  const { registry, staged, now, config, trust } = deps;
  const isNew = registry.slot(name) === null && !staged.has(name);
  if (!caller.permissions.has(isNew ? 'create_policy' : 'update_policy')) throw new HttpError('forbidden');
  if (config.policies.trust === null) throw new HttpError('source_unsigned');
  try {
    const handed = candidateOf(bytes, demandsOf(config), `PUT by ${caller.identity.username}`);
    const candidate = { ...handed, trust: await rootOf(trust) };
    const identity = await verifiedIdentity(candidate, now());
    if (identity.name !== name) throw new BundleError('name_mismatch', `the bundle is \`${identity.name}\``);
    await tryBundle(candidate, config.policies.load_timeout);
    await tell(context, 'policy_put', name, {
      digest: `sha256:${identity.digest}`,
      sequence: identity.sequence,
    });
    staged.set(name, { candidate: handed, digest: identity.digest });
    return json({ ...identity, staged: true }, isNew ? 201 : 200);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    await tell(context, 'policy_refused', name, { code: error.code, message: error.message });
    throw new HttpError('bundle_refused', error.message);
  }
}

async function activate(context: CallerContext): Promise<Answer> {
  const { deps } = context;
  const name = pathOf(context, 'name');
  const waiting = deps.staged.get(name);
  if (!waiting) throw new HttpError('unknown_policy', 'no bundle of that name waits: PUT it first');
  const digest = queryOf(context, 'digest');
  if (digest !== null && digest.replace(/^sha256:/, '') !== waiting.digest)
    throw new HttpError('other_bundle_waits', `the bundle that waits is sha256:${waiting.digest}`);
  try {
    await deps.activation.activate(
      async () => ({ ...waiting.candidate, trust: await rootOf(deps.trust) }),
      askerOf(context),
    );
  } catch (error) {
    if (!(error instanceof BundleError)) throw new HttpError('audit_unavailable');
    throw new HttpError('bundle_refused', error.message);
  }
  // Another one may have been handed in meanwhile, and waits.
  if (deps.staged.get(name) === waiting) deps.staged.delete(name);
  return json(statusObject(name, deps.registry.statusOf(name)));
}

/** In the turn of activations: of two that come at once, the second sees what the first has left. */
const remove = (context: CallerContext): Promise<Answer> =>
  context.deps.activation.inTurn(() => removed(context));

async function removed(context: CallerContext): Promise<Answer> {
  const { registry, staged, metrics, lastGood, pools } = context.deps;
  const name = pathOf(context, 'name');
  const slot = registry.slot(name);
  const waiting = staged.get(name);
  if (!slot && !waiting) throw new HttpError('unknown_policy');
  if (slot && (registry.slots.length === 1 || registry.standard === slot)) throw new HttpError('last_policy');
  await tell(context, 'policy_deleted', name, { digest: slot && `sha256:${slot.bundle.identity.digest}` });
  if (staged.get(name) === waiting) staged.delete(name);
  if (slot) {
    registry.remove(name);
    metrics.removed(name);
    pools.keepOnly(registry.slots);
    await lastGood.forget(name);
  }
  return json({ name, deleted: true });
}

const shared = { isShed: true, isAdmin: false, tag: 'policies' } as const;

export const listPolicies: GuardedRoute = {
  ...shared,
  method: 'GET',
  url: '/policies',
  operationId: 'listPolicies',
  summary: 'What decides, since when, and why the last bundle was refused',
  body: 'none',
  permission: ['read_policy'],
  responses: {
    200: {
      description: 'Every bundle',
      schema: {
        type: 'object',
        required: ['policies'],
        properties: { policies: { type: 'array', items: POLICY_STATUS } },
      },
    },
  },
  errors: [],
  handle: list,
};

export const showPolicy: GuardedRoute = {
  ...shared,
  method: 'GET',
  url: '/policies/:name',
  operationId: 'showPolicy',
  summary: 'The status of one bundle',
  body: 'none',
  permission: ['read_policy'],
  responses: { 200: { description: 'The bundle', schema: POLICY_STATUS } },
  errors: ['unknown_policy'],
  handle: show,
};

export const putPolicy: GuardedRoute = {
  ...shared,
  method: 'PUT',
  url: '/policies/:name',
  operationId: 'putPolicy',
  summary: 'Hand in a signed bundle; it is verified, and waits for `activate`',
  body: 'bundle',
  permission: [],
  requestSchema: BUNDLE_BODY,
  responses: {
    200: { description: 'It waits in the place of another', schema: { type: 'object' } },
    201: { description: 'It waits', schema: { type: 'object' } },
  },
  errors: ['source_unsigned', 'bundle_refused'],
  handle: put,
};

export const activatePolicy: GuardedRoute = {
  ...shared,
  method: 'POST',
  url: '/policies/:name/activate',
  operationId: 'activatePolicy',
  summary: 'The bundle that waits decides from now on',
  body: 'none',
  permission: ['apply_policy'],
  query: {
    digest: {
      description:
        'Of the bundle that is meant (`sha256:…`, as PUT has answered): another one is not activated.',
      schema: { type: 'string' },
    },
  },
  responses: { 200: { description: 'It decides', schema: POLICY_STATUS } },
  errors: ['unknown_policy', 'other_bundle_waits', 'bundle_refused'],
  handle: activate,
};

export const deletePolicy: GuardedRoute = {
  ...shared,
  method: 'DELETE',
  url: '/policies/:name',
  operationId: 'deletePolicy',
  summary: 'A bundle decides no longer; the last one stays',
  body: 'none',
  permission: ['delete_policy'],
  responses: { 200: { description: 'It is gone', schema: { type: 'object' } } },
  errors: ['unknown_policy', 'last_policy'],
  handle: remove,
};
