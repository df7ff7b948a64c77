/** Results as the lines that `npm run bench` prints; a section's lines stand below its head. */
import type { PeerCell } from './against.ts';
import type { Batch } from './batch.ts';
import type { Cold } from './cold.ts';
import type { Cell } from './decisions.ts';
import type { Hostile } from './hostile.ts';
import type { Section } from './options.ts';
import type { Rebuild } from './rebuild.ts';
import type { SessionCost } from './session.ts';
import { met } from './targets.ts';
import type { Target } from './targets.ts';

export const HEADS: Readonly<Record<Section, string>> = {
  decisions:
    'rules  steps order     JSON.parse  straight    tables        us   parse +  straight    tables        us',
  peers:
    'peers, the rules of a tool handed to them by a Map: microseconds a plan of 50 steps, times us, ms until ready',
  cold: 'rules   compile ms  again ms  bytes/rule  gzip/rule  verify+load ms  load+first ms  with code cache ms',
  rebuild: 'one of 50 files changed, milliseconds without and with the cache of parsed files and automata',
  sharing: 'rules of a base, and the cost of 1 team policy and of 500 over it',
  batch:
    'plans of 5 steps a second from JSONL, 100 rules: validate-batch, and `JSON.parse` alone on as many threads',
  heap: 'heap a passing plan of 50 steps',
  session:
    'sessions: microseconds of a plan of one step alone; of a call with its end around the 10th, with 200 calls behind it, around the 500th',
  bytes:
    'plans from bytes: microseconds of `JSON.parse` of the text alone, from bytes to the verdict, and the ratio',
  hostile: 'hostile plans: nanoseconds a character or value, small and 16 times as large',
};

const number = (value: number | null | undefined, digits = 1): string =>
  (value === null || value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits)).padStart(9);

export function decisionLines(cells: readonly Cell[]): readonly string[] {
  return [
    ...cells.map(decisionLine),
    '',
    'allows(plan)            clean: early by hand      us   violating: by hand      us',
    ...cells.map(({ rules, steps, order, times }) => {
      const values = ['clean early', 'clean us', 'violating early', 'violating us'];
      const label = `${rules} rules, ${steps} steps, ${order}`.padEnd(34);
      return label + values.map((name) => number(times[name]?.seen)).join(' ');
    }),
  ];
}

function decisionLine({ rules, steps, order, times }: Cell): string {
  const names = ['straight', 'tables', 'us'];
  const of = (name: string, way: 'seen' | 'fresh'): string => number(times[name]?.[way]);
  return [
    `${rules}`.padEnd(6),
    `${steps}`.padEnd(5),
    order.padEnd(8),
    of('parse', 'fresh'),
    ...names.map((name) => of(name, 'seen')),
    ''.padEnd(8),
    ...names.map((name) => of(name, 'fresh')),
  ].join(' ');
}

/** Those that were run, size by size, and a line for each that could not be had. */
export function peerLines(cells: readonly PeerCell[]): readonly string[] {
  const skipped = cells.flatMap(({ name, skipped: why }) =>
    why === null ? [] : [`${name}: skipped, ${why}`],
  );
  return [...cells.filter((cell) => cell.skipped === null).map(peerLine), ...new Set(skipped)];
}

function peerLine({ name, rules, micros, ours, ready, note }: PeerCell): string {
  const times = micros === null || ours === null ? '-' : `${(micros / ours).toFixed(1)} x`;
  const columns = [
    `${rules}`.padEnd(6),
    name.padEnd(28),
    number(micros),
    times.padStart(12),
    number(ready, 0),
  ];
  return `${columns.join('')}  ${note}`.trimEnd();
}

export const coldLines = (starts: readonly Cold[]): readonly string[] =>
  starts.map(({ rules, compile, compileAgain, bytesPerRule, gzipPerRule, verified, fromText, fromCache }) => {
    const values = [compile, compileAgain, bytesPerRule, gzipPerRule, verified, fromText, fromCache];
    return `${rules}`.padEnd(6) + values.map((value) => number(value).padStart(12)).join('');
  });

export const rebuildLine = ({ rules, without, warm }: Rebuild): string =>
  `${rules} ${number(without)}${number(warm)}`;

export const batchLine = ({ threads, decided, parsed }: Batch): string => {
  const rates = [decided.perSecond, parsed.perSecond].map((rate) => number(rate, 0)).join('');
  return `${threads} threads${rates}, microseconds of processor time a plan${number(decided.micros)}${number(parsed.micros)}`;
};

export const sessionLine = ({ rules, alone, tenth, with200, fiveHundredth }: SessionCost): string =>
  `${`${rules} rules`.padEnd(24)}${number(alone)}${number(tenth)}${number(with200)}${number(fiveHundredth)}`;

export const hostileLine = ({ name, small, large }: Hostile): string =>
  `${name.padEnd(44)}${number(small)}${number(large)}`;

export function targetLine(target: Target): string {
  const bound = `${target.atLeast ? '>=' : '<='} ${target.bound}`;
  return `${met(target) ? 'met   ' : 'MISSED'} ${number(target.measured, 2)}  ${bound.padEnd(8)} ${target.what}`;
}
