/** The one page of the dashboard: what was decided, by what, and what waits. */
import type { ApprovalRow } from '../approvals/row.ts';
import { rulesOf } from '../approvals/event.ts';
import type { Deps } from '../deps.ts';
import type { Slot } from '../policy/slot.ts';
import { deltaOf } from '../rollout/drift.ts';
import { barsChart, page, table, text, tile } from './html.ts';
import type { Figures } from './queries.ts';

/** Times that may be looked at; the first is the default. */
export const RANGES = {
  '24h': { label: '24 hours', ms: 86_400_000, bar: 13 },
  '7d': { label: '7 days', ms: 7 * 86_400_000, bar: 13 },
  '30d': { label: '30 days', ms: 30 * 86_400_000, bar: 10 },
} as const;
export type RangeName = keyof typeof RANGES;

export interface Overview {
  readonly range: RangeName;
  readonly now: number;
  readonly user: string;
  /** `null`: of all teams. */
  readonly team: string | null;
  /** Why there are none, where there are none. */
  readonly figures: Figures | string;
  /** `null` where nobody here may see them, or none are configured. */
  readonly approvals: readonly ApprovalRow[] | null;
  readonly deps: Pick<Deps, 'registry' | 'rollouts' | 'readers' | 'health' | 'config'>;
}

const DAY = 86_400_000;
/** An exception that ends sooner is marked. */
const SOON = 30 * DAY;
const percent = (part: number, all: number): string =>
  all === 0 ? '0 %' : `${((100 * part) / all).toFixed(1)} %`;
const when = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 16);
const short = (digest: string): string => digest.replace('sha256:', '').slice(0, 12);
const millis = (us: number): string => `${(us / 1000).toFixed(2)} ms`;

function stateOf(notBefore: number, expires: number, now: number): string {
  if (expires <= now) return 'over';
  if (notBefore > now) return 'not yet';
  return expires - now < SOON ? 'ends soon' : 'in use';
}

function exceptionsOf(slot: Slot, now: number): readonly (readonly string[])[] {
  const { rules, entries } = slot.bundle.policy().parts.module.facts();
  const rows = entries.flatMap(({ waivers }) =>
    waivers.map(({ rule, label, notBefore, expires }) => {
      return [rules[rule]?.[0] ?? '', label, when(expires), stateOf(notBefore, expires, now)] as const;
    }),
  );
  return [...new Map(rows.map((row) => [row.join('\n'), row])).values()];
}

function silentRules(slots: readonly Slot[], { rules }: Figures): readonly string[] {
  const fired = new Set(rules.map(({ rule }) => rule));
  const all = slots.flatMap((slot) =>
    slot.bundle
      .policy()
      .parts.module.facts()
      .rules.map(([id]) => id),
  );
  return [...new Set(all)].filter((rule) => !fired.has(rule)).sort();
}

function numbers({ figures, deps, range }: Overview): string {
  if (typeof figures === 'string') return `<p class="problem">${text(figures)}</p>`;
  const { bars, statuses, rules, latency, instances } = figures;
  const all = bars.reduce((sum, { decisions }) => sum + decisions, 0);
  const silent = silentRules(deps.registry.slots, figures);
  const denied = statuses.get('deny') ?? 0;
  return [
    '<div class="tiles">',
    tile('decisions', all.toLocaleString('en-US')),
    tile('denied', percent(denied, all), denied > 0 ? 'bad' : ''),
    tile('need approval', (statuses.get('approval') ?? 0).toLocaleString('en-US'), 'warn'),
    tile('latency p50', latency ? millis(latency.p50) : 'none'),
    tile('p95', latency ? millis(latency.p95) : 'none'),
    tile('p99', latency ? millis(latency.p99) : 'none'),
    '</div><h2>Volume</h2>',
    bars.length === 0 ? '<p class="soft">Nothing was decided.</p>' : barsChart(bars),
    '<details><summary>The numbers</summary>',
    table(
      'Decisions over time, UTC',
      ['When', 'Decisions', 'Refused', 'Share'],
      bars.map(({ at, decisions, refused }) => [at, decisions, refused, percent(refused, decisions)]),
    ),
    '</details><h2>Top rules</h2>',
    table(
      `Findings of the last ${RANGES[range].label}`,
      ['Rule', 'Severity', 'Findings'],
      rules.slice(0, 20).map(({ rule, severity, findings }) => [rule, severity, findings]),
    ),
    `<h2>Rules that never fired</h2><p>${silent.length} of those that decide</p>`,
    silent.length === 0
      ? ''
      : `<details><summary>Their names</summary><ul>${silent.map((rule) => `<li>${text(rule)}</li>`).join('')}</ul></details>`,
    '<h2>Instances</h2>',
    table(
      'Which instance has decided with which bundle',
      ['Instance', 'Bundle', 'Decisions', 'Last'],
      instances.map(({ log, bundle, decisions, last }) => [log, short(bundle), decisions, when(last)]),
    ),
  ].join('\n');
}

function bundles({ deps, now }: Overview): string {
  const rows = [...deps.registry.statuses].map(([name, { slot, lastError }]) => [
    name,
    slot ? `${slot.bundle.identity.version} (${slot.bundle.identity.sequence})` : 'none',
    slot ? short(slot.bundle.identity.digest) : '',
    slot ? when(slot.since) : '',
    slot?.bundle.predicate.expires ?? 'never',
    slot?.candidate.isSigned === true ? 'signed' : 'NOT SIGNED',
    lastError ? `${lastError.code}, ${when(lastError.at)}` : '',
  ]);
  const lanes = [...deps.rollouts.lanes].map(([name, { settings, slot, report, since }]) => [
    name,
    settings.lane,
    `${settings.percent} %`,
    short(slot.bundle.identity.digest),
    when(since),
    report.decisions,
    `${(100 * deltaOf(report)).toFixed(1)} %`,
  ]);
  const exceptions = deps.registry.slots.flatMap((slot) => exceptionsOf(slot, now));
  return [
    '<h2>Bundles</h2>',
    table(
      'What decides here',
      ['Policy', 'Version', 'Bundle', 'Since', 'Expires', 'Signature', 'Last refusal'],
      rows,
    ),
    '<h2>Canary and shadow</h2>',
    table(
      'What runs beside, and how its share of refused plans differs',
      ['Policy', 'Lane', 'Asked of', 'Bundle', 'Since', 'Plans', 'Difference'],
      lanes,
    ),
    '<h2>Exceptions</h2>',
    table('Exceptions of the bundles that decide', ['Rule', 'Exception', 'Ends', 'State'], exceptions),
  ].join('\n');
}

function waiting({ approvals }: Overview): string {
  if (approvals === null) return '';
  return [
    '<h2>Approvals waiting</h2>',
    table(
      'Oldest first; decide by POST /approvals/{id}',
      ['Plan', 'Policy', 'Asked by', 'Rules', 'Ends', 'Id'],
      approvals.map((row) => [
        row.planId,
        row.policy,
        row.subject,
        rulesOf(row),
        when(row.expiresAt),
        row.id,
      ]),
    ),
  ].join('\n');
}

function readersText({ deps }: Overview): string {
  const rows = deps.readers
    .statuses()
    .map(({ sink, state, lag, errors, problem }) => [sink, state, lag, errors, problem ?? '']);
  return `<h2>Readers of the audit log</h2>${table('Nothing is lost while one is down', ['Reader', 'State', 'Lines to go', 'Errors', 'Problem'], rows)}`;
}

export function overviewPage(overview: Overview): string {
  const { range, user, team, now, deps } = overview;
  const problem = deps.health.problem();
  const links = Object.entries(RANGES).map(
    ([name, { label }]) =>
      `<a href="/dashboard?range=${name}"${name === range ? ' aria-current="page"' : ''}>${label}</a>`,
  );
  return page(
    'Plan-Lint',
    [
      `<h1>Plan-Lint, ${text(deps.config.environment)}</h1>`,
      `<p class="soft">${text(when(now))} UTC, for ${text(user)}${team === null ? '' : `, team ${text(team)} alone`}</p>`,
      `<nav aria-label="Time">${links.join('')}</nav>`,
      problem === null ? '' : `<p class="problem">Not ready: ${text(problem)}</p>`,
      numbers(overview),
      waiting(overview),
      bundles(overview),
      readersText(overview),
    ].join('\n'),
  );
}

/** Asks for a token, where a browser has none. */
export const loginPage = (message: string): string =>
  page(
    'Plan-Lint: sign in',
    `<h1>Plan-Lint</h1><p>${text(message)}</p>
<form method="post" action="/dashboard/login"><label>Token with read_policy<input name="token" type="password" autocomplete="off" required autofocus></label>
<button>Sign in</button></form>
<p class="soft">It is kept in a cookie of this page until the browser ends. An authenticating proxy may send it instead.</p>`,
  );
