/**
 * What inheritance costs: one base with many rules, and many team policies over it. 500 teams should cost at most
 * twice what one does, in compile time and in bytes of the module.
 */
import { compile, memoryHost } from '../compiler/index.ts';
import { clock } from './measure.ts';

export interface SharingOptions {
  /** Rules of the base, each on a tool of its own. */
  readonly rules: number;
  readonly teams: number;
}

export interface SharingResult extends SharingOptions {
  readonly alone: Size;
  readonly together: Size;
  /** What each team adds: two rules, a limit and the entry itself. */
  readonly bytesPerTeam: number;
}

/** Milliseconds of processor time and bytes of the module, from YAML to unsigned module. */
export interface Size {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** Compiles the base with one team and with all, the better of two runs. @throws Error when nothing compiles */
export async function measureSharing(options: SharingOptions): Promise<SharingResult> {
  const [alone, together] = [await best({ ...options, teams: 1 }), await best(options)];
  const bytesPerTeam = (together.bytes - alone.bytes) / Math.max(1, options.teams - 1);
  return { ...options, alone, together, bytesPerTeam: Math.round(bytesPerTeam) };
}

async function best(options: SharingOptions): Promise<Size> {
  const runs = [await build(options), await build(options)] as const;
  return runs[0].milliseconds < runs[1].milliseconds ? runs[0] : runs[1];
}

async function build(options: SharingOptions): Promise<Size> {
  const start = clock();
  const { result, diagnostics } = await compile(memoryHost(filesOf(options)));
  if (!result) throw new Error(diagnostics[0]?.message ?? 'nothing was compiled');
  return { milliseconds: (clock() - start) / 1000, bytes: result.module.code.length };
}

/** Every team has a rule of its own, and tightens a setting and one inherited rule. */
function filesOf({ rules, teams }: SharingOptions): Readonly<Record<string, string>> {
  const base = Array.from(
    { length: rules },
    (_, i) =>
      `  - rule: base_${i}\n    pattern: { tool: area${i % 50}.tool${i}, operation: amount_gt, value: ${1000 + i} }\n`,
  );
  const team = (i: number): string =>
    [
      'extends: base.yaml',
      `max_steps: ${20 + (i % 30)}`,
      `rules:\n  - rule: team_${i}\n    pattern: { tool: team${i}.send, operation: size_gt, value: ${i} }`,
      `refine:\n  - rule: base_${i % rules}\n    value: ${500 + (i % rules)}`,
      '',
    ].join('\n');
  return Object.fromEntries([
    ['base.yaml', `max_steps: 50\nrules:\n${base.join('')}`],
    ...Array.from({ length: teams }, (_, i) => [`team${i}.yaml`, team(i)]),
  ]) as Readonly<Record<string, string>>;
}

/** The figures of `npm run bench`, a line a size. */
export function sharingLine({ rules, teams, alone, together, bytesPerTeam }: SharingResult): string {
  const ms = [alone, together].map(({ milliseconds }) => `${milliseconds.toFixed(0)} ms`.padStart(8));
  const bytes = [alone, together].map((size) => `${(size.bytes / 1000).toFixed(0)} kB`.padStart(8));
  const [time, size] = [together.milliseconds / alone.milliseconds, together.bytes / alone.bytes];
  return `${`${rules}`.padEnd(6)} 1: ${ms[0] ?? ''}${bytes[0] ?? ''}   ${teams}: ${ms[1] ?? ''}${bytes[1] ?? ''}   x ${time.toFixed(2)} x ${size.toFixed(2)}   ${bytesPerTeam} bytes a team`;
}
