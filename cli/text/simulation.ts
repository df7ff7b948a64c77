/** What a simulation found, for a terminal, for programs, and as a page with plots. */
import { many, printable } from '../../compiler/inspect.ts';
import { SEVERITIES } from '@plan-lint/runtime/contract';
import { STATUSES } from '../batch/simulation.ts';
import type { RuleChange, Side, Simulation } from '../batch/simulation.ts';
import { barRow, identity, PAGE_TAIL, pageHead, tile } from '../pages/page.ts';
import type { RunFacts } from '../../decisions/format.ts';
import { bundleText, identityLines } from '../../decisions/identity.ts';
import type { IdentityLine } from '../../decisions/identity.ts';
import { printableLines } from '../terminal/paint.ts';
import { escapeMarkup as escape } from '../../decisions/markup.ts';

export const SIMULATION_FORMATS = { text, json, html } as const;
export type SimulationFormat = keyof typeof SIMULATION_FORMATS;

/** Rules by severity, then by how much they change. */
const ranked = ({ rules }: Simulation): readonly RuleChange[] =>
  [...rules.values()].sort(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      b.appeared + b.gone - (a.appeared + a.gone) ||
      (a.rule < b.rule ? -1 : 1),
  );

const changes = ({ statuses }: Simulation): readonly (readonly [string, string, number])[] =>
  STATUSES.flatMap((before) =>
    STATUSES.flatMap((after) =>
      before !== after && statuses[before][after] > 0
        ? [[before, after, statuses[before][after]] as const]
        : [],
    ),
  );

function text(simulation: Simulation, about: RunFacts): string {
  const { plans, changed, newlyRefused, newlyAllowed, examples } = simulation;
  return [
    `${many(plans, 'plan')}, ${changed} decided anew: ${newlyRefused} newly refused, ${newlyAllowed} newly allowed\n`,
    ...changes(simulation).map(([before, after, n]) => `  ${String(n).padStart(8)}  ${before} → ${after}\n`),
    ...ranked(simulation).map(
      ({ rule, severity, appeared, gone }) =>
        `  ${`+${appeared}`.padStart(8)} ${`-${gone}`.padStart(8)}  ${severity.padEnd(8)}  ${printable(rule)}\n`,
    ),
    ...examples
      .slice(0, 20)
      .map(
        ({ plan, old_status, new_status, appeared, gone }) =>
          `${old_status} → ${new_status}  ${printable(plan)}  ${[...appeared.map((rule) => `+${rule}`), ...gone.map((rule) => `-${rule}`)].join(' ')}\n`,
      ),
  ]
    .map(printableLines)
    .concat(identityOf(simulation, about).map(({ label, value }) => printableLines(`${label}: ${value}\n`)))
    .join('');
}

function identityOf({ deciders }: Simulation, about: RunFacts): readonly IdentityLine[] {
  const side = (which: Side): string => [...deciders[which].values()].map(bundleText).join('; ');
  return [
    { label: 'Old', value: side('old') },
    { label: 'New', value: side('new') },
    ...identityLines({ bundles: new Map(), entries: new Set() }, about).slice(2),
  ];
}

function json(simulation: Simulation, about: RunFacts): string {
  const { plans, changed, newlyRefused, newlyAllowed, statuses, examples } = simulation;
  const value = {
    plans,
    changed,
    newly_refused: newlyRefused,
    newly_allowed: newlyAllowed,
    statuses,
    rules: ranked(simulation),
    changed_plans: examples,
    old_bundles: [...simulation.deciders.old.values()],
    new_bundles: [...simulation.deciders.new.values()],
    context: about.context,
    made: about.at,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function html(simulation: Simulation, about: RunFacts): string {
  const { plans, changed, newlyRefused, newlyAllowed, statuses, examples } = simulation;
  const rules = ranked(simulation);
  const most = Math.max(0, ...rules.map(({ appeared, gone }) => Math.max(appeared, gone)));
  const bySeverity = [...SEVERITIES].reverse().map((severity) => {
    const of = rules.filter((each) => each.severity === severity);
    const sum = (key: 'appeared' | 'gone'): number => of.reduce((total, each) => total + each[key], 0);
    return { severity, appeared: sum('appeared'), gone: sum('gone') };
  });
  const mostOfSeverity = Math.max(0, ...bySeverity.flatMap(({ appeared, gone }) => [appeared, gone]));
  const pair = (
    cells: readonly string[],
    appeared: number,
    gone: number,
    top: number,
    kind: string,
  ): string =>
    barRow([...cells, 'appears'], appeared, top, kind) +
    barRow([...cells.map(() => ''), 'goes'], gone, top, 'good');
  return [
    pageHead('Policy simulation'),
    '<h1>Policy simulation</h1><p class="soft">Plans decided by the old and by the new policies.</p>',
    identity(identityOf(simulation, about)),
    '<div class="tiles">',
    tile('plans', plans),
    tile('decided anew', changed, 'medium'),
    tile('newly refused', newlyRefused, 'critical'),
    tile('newly allowed', newlyAllowed, 'good'),
    '</div><h2>Decisions</h2><table><tr><th>old \\ new</th>',
    ...STATUSES.map((status) => `<th class="n">${status}</th>`),
    '</tr>',
    ...STATUSES.map((before) => {
      const cells = STATUSES.map((after) => {
        const n = statuses[before][after];
        const whenChanged = STATUSES.indexOf(after) >= 2 ? 'critical' : 'good';
        const kind = before === after || n === 0 ? 'soft' : whenChanged;
        return `<td class="n ${kind}">${n.toLocaleString('en-US')}</td>`;
      });
      return `<tr><th>${before}</th>${cells.join('')}</tr>\n`;
    }),
    '</table><h2>Findings by severity</h2><table class="chart"><tr><th>Severity</th><th></th><th class="n">Findings</th><th></th></tr>\n',
    ...bySeverity.map(({ severity, appeared, gone }) =>
      pair([severity], appeared, gone, mostOfSeverity, severity),
    ),
    '</table><h2>Findings by rule</h2><table class="chart"><tr><th>Rule</th><th>Severity</th><th></th><th class="n">Findings</th><th></th></tr>\n',
    ...rules.map(({ rule, severity, appeared, gone }) =>
      pair([`<code>${escape(rule)}</code>`, severity], appeared, gone, most, severity),
    ),
    '</table><h2>Plans decided anew</h2><table class="stack"><tr><th>Plan</th><th>Old</th><th>New</th><th>Why</th></tr>\n',
    ...examples.map(
      ({ plan, plan_id, old_status, new_status, appeared, gone }) =>
        `<tr><td><code>${escape(plan)}</code> <span class="soft">${escape(plan_id ?? '')}</span></td><td>${old_status}</td>` +
        `<td>${new_status}</td><td>${escape([...appeared.map((rule) => `+${rule}`), ...gone.map((rule) => `−${rule}`)].join(', '))}</td></tr>\n`,
    ),
    '</table>',
    changed > examples.length ? `<p class="soft">The first ${examples.length} of ${changed}.</p>` : '',
    PAGE_TAIL,
  ].join('');
}
