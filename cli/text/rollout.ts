/** How a rollout stands in one validator, for a terminal. */
import { printable } from '../../compiler/inspect.ts';

interface LaneStatus {
  readonly lane: string;
  readonly percent: number;
  readonly teams: readonly string[];
  readonly bundle: { readonly version: string; readonly sequence: number; readonly digest: string };
  readonly reason?: string;
  readonly report: {
    readonly plans: number;
    readonly changed: number;
    readonly newly_refused: number;
    readonly newly_allowed: number;
    readonly rules: readonly { readonly rule: string; readonly appeared: number; readonly gone: number }[];
  };
}

export interface RolloutStatus {
  readonly name: string;
  readonly running: LaneStatus | null;
  readonly ended: LaneStatus | null;
}

function laneText({ lane, percent, teams, bundle, reason, report }: LaneStatus): readonly string[] {
  const whom = teams.length > 0 ? ` of ${teams.map(printable).join(', ')}` : '';
  const { plans, changed, newly_refused: refused, newly_allowed: allowed, rules } = report;
  const ended = reason === undefined ? '' : `, ended: ${printable(reason)}`;
  return [
    `  ${lane} ${printable(bundle.version)} (sequence ${bundle.sequence}, sha256 ${printable(bundle.digest.slice(0, 12))}), ${percent} %${whom}${ended}`,
    `  ${plans} plans asked of both, ${changed} decided otherwise: ${refused} newly refused, ${allowed} newly allowed`,
    ...rules.slice(0, 20).map(({ rule, appeared, gone }) => `    +${appeared} -${gone}  ${printable(rule)}`),
  ];
}

export function rolloutText(url: string, { name, running, ended }: RolloutStatus): string {
  const lines =
    running === null
      ? ['  nothing runs beside what decides', ...(ended ? laneText(ended) : [])]
      : laneText(running);
  return `${[`${printable(name)} at ${printable(url)}`, ...lines].join('\n')}\n`;
}
