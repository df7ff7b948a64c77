/** `GET /dashboard`: pages for people, made here, without a script. Whoever signs in has a cookie that these pages alone are sent. */
import type { FastifyRequest } from 'fastify';
import { eventWithoutPlan } from '../../audit/event.ts';
import type { Caller } from '../../decide/caller.ts';
import { record } from '../../decide/record.ts';
import { PAGE_HEADERS, STYLE } from '../../dashboard/html.ts';
import { loginPage, overviewPage, RANGES } from '../../dashboard/overview.ts';
import type { Overview, RangeName } from '../../dashboard/overview.ts';
import { figuresOf } from '../../dashboard/queries.ts';
import { sightOf } from '../../rbac/entries.ts';
import { admit } from '../admission.ts';
import { HttpError } from '../error.ts';
import { queryOf } from '../route.ts';
import type { Answer, OpenRoute, RouteContext } from '../route.ts';

const COOKIE = 'plan_lint_token';
/** Of those that wait, on the page; the API has all. */
const APPROVALS = 50;

const html = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  body,
  type: 'text/html; charset=utf-8',
  headers: { ...PAGE_HEADERS, ...headers },
});

/** A token that a browser sends as a cookie counts as one that is sent as it should be. */
function tokenFromCookie({ raw }: FastifyRequest): void {
  if (raw.headers.authorization !== undefined) return;
  const found = (raw.headers.cookie ?? '')
    .split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(`${COOKIE}=`));
  if (found === undefined) return;
  try {
    raw.headers.authorization = `Bearer ${decodeURIComponent(found.slice(COOKIE.length + 1))}`;
  } catch {
    // What is no cookie of ours is no token.
  }
}

function rangeOf(context: RouteContext): RangeName {
  const asked = queryOf(context, 'range') ?? '24h';
  if (Object.hasOwn(RANGES, asked)) return asked as RangeName;
  throw new HttpError('bad_request', `\`range\` is ${Object.keys(RANGES).join(', ')}`);
}

async function figuresFor({ deps }: RouteContext, range: RangeName, team: string | null) {
  const { results } = deps.readers;
  if (!results) return 'There are no numbers: no results database is configured (results.url).';
  const { ms, bar } = RANGES[range];
  // What was decided in this very instant is seen.
  const to = deps.now() + 1;
  try {
    return await figuresOf(results, { from: to - ms, to, team, bar });
  } catch (error) {
    deps.log.error({ err: error }, 'the results database does not answer');
    return 'There are no numbers: the results database does not answer. Decisions go on.';
  }
}

async function approvalsFor({ deps }: RouteContext, caller: Caller, team: string | null) {
  if (!deps.approvals || !caller.permissions.has('approve_plan')) return null;
  return deps.approvals.store
    .list({ state: 'pending', team, limit: APPROVALS, after: null })
    .catch(() => null);
}

async function overviewFor(context: RouteContext, caller: Caller): Promise<Overview> {
  const { deps, requestId, sourceIp, request } = context;
  const sight = sightOf(caller.identity.team, deps.config.teams);
  if (sight.kind === 'none') throw new HttpError('forbidden');
  const team = sight.kind === 'team' ? sight.team : null;
  const range = rangeOf(context);
  const { username } = caller.identity;
  const asker = { user: username, requestId, sourceIp };
  const event = eventWithoutPlan('results_read', asker, { via: 'dashboard', detail: { range } });
  await record(event, deps, request);
  return {
    range,
    now: deps.now(),
    user: username,
    team,
    figures: await figuresFor(context, range, team),
    approvals: await approvalsFor(context, caller, team),
    deps,
  };
}

async function show(context: RouteContext): Promise<Answer> {
  tokenFromCookie(context.request);
  try {
    const caller = await admit(context.request, ['read_policy'], context.deps);
    return html(200, overviewPage(await overviewFor(context, caller)));
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { code, headers } = error;
    if (code === 'unauthorized') return html(401, loginPage('Sign in to see what is decided.'), headers);
    if (code === 'forbidden') return html(403, loginPage('This token may not see it: it needs read_policy.'));
    throw error;
  }
}

/** The token is not looked at here: the page does that, and asks again where it is none. */
function login({ bytes, request }: RouteContext): Answer {
  const token = new URLSearchParams(Buffer.from(bytes).toString('utf8')).get('token') ?? '';
  const secure = request.protocol === 'https' ? '; Secure' : '';
  const cookie = `${COOKIE}=${encodeURIComponent(token)}; Path=/dashboard; HttpOnly; SameSite=Strict${secure}`;
  return html(303, '', { location: '/dashboard', 'set-cookie': cookie });
}

const shared = { isShed: true, isAdmin: false, tag: 'dashboard', permission: null } as const;
const aPage = (description: string) =>
  ({ description, type: 'text/html', schema: { type: 'string' } }) as const;

export const DASHBOARD_ROUTES: readonly OpenRoute[] = [
  {
    ...shared,
    method: 'GET',
    url: '/dashboard',
    operationId: 'dashboard',
    summary: 'What was decided, by what, and what waits: a page for people with `read_policy`',
    body: 'none',
    query: {
      range: { description: 'How far back; default `24h`.', schema: { enum: Object.keys(RANGES) } },
    },
    responses: {
      200: aPage('The page'),
      401: aPage('It asks for a token'),
      403: aPage('It asks for another token'),
    },
    errors: ['bad_request', 'too_many', 'iam_unavailable', 'audit_unavailable', 'internal'],
    handle: show,
  },
  {
    ...shared,
    method: 'POST',
    url: '/dashboard/login',
    operationId: 'dashboardLogin',
    summary: 'Keeps a token in a cookie of the dashboard',
    body: 'form',
    requestSchema: { type: 'object', properties: { token: { type: 'string' } } },
    responses: { 303: aPage('Back to the dashboard') },
    errors: ['bad_request', 'internal'],
    handle: login,
  },
  {
    ...shared,
    method: 'GET',
    url: '/dashboard/style.css',
    operationId: 'dashboardStyle',
    summary: 'How the dashboard looks',
    body: 'none',
    responses: { 200: { description: 'CSS', type: 'text/css', schema: { type: 'string' } } },
    errors: [],
    handle: () => ({
      status: 200,
      body: STYLE,
      type: 'text/css; charset=utf-8',
      headers: { 'x-content-type-options': 'nosniff', 'cache-control': 'max-age=3600' },
    }),
  },
];
