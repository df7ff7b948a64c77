/**
 * What inheritance costs: one base with many rules, and many team policies over it. 500 teams should cost about one
 * base, in compile time and in bytes of the module.
 */
import { compile, memoryHost } from '../compiler/index.ts';

export interface SharingOptions {
  /** Rules of the base, each on a tool of its own. */
  readonly rules: number;
  readonly teams: number;
}

export interface SharingResult extends SharingOptions {
  readonly milliseconds: number;
  readonly bytes: number;
  /** What each team adds. */
  readonly bytesPerTeam: number;
}

/** Compiles the base alone and with the teams. @throws Error when the made-up policies do not compile */
export async function measureSharing(options: SharingOptions): Promise<SharingResult> {
  const alone = await build({ ...options, teams: 1 });
  const together = await build(options);
  const bytesPerTeam = (together.bytes - alone.bytes) / Math.max(1, options.teams - 1);
  return { ...options, ...together, bytesPerTeam: Math.round(bytesPerTeam) };
}

async function build({ rules, teams }: SharingOptions): Promise<{ milliseconds: number; bytes: number }> {
  const start = performance.now();
  const { result, diagnostics } = await compile(memoryHost(filesOf({ rules, teams })));
  if (!result) throw new Error(diagnostics[0]?.message ?? 'nothing was compiled');
  return { milliseconds: Math.round(performance.now() - start), bytes: result.module.code.length };
}

/** Every team has a rule of its own, and tightens a setting and one inherited rule. */
export function filesOf({ rules, teams }: SharingOptions): Readonly<Record<string, string>> {
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
