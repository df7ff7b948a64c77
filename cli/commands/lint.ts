/** `plan-lint lint`: what the compiler has to say about policies, without making anything of them. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { analyze, directoryHost } from '../../compiler/index.ts';
import type { Diagnostic } from '../../compiler/index.ts';
import { cacheFor } from '../cache.ts';
import { reportFailures } from '../failure.ts';
import { fixPolicies } from '../fix.ts';
import { EXIT } from '../io.ts';
import type { Io } from '../io.ts';
import { policyPath, policyPlace } from '../policy-path.ts';
import type { PolicyPlace } from '../policy-path.ts';
import { LINT_FORMATS } from '../report/lint.ts';
import type { LintFormat } from '../report/lint.ts';
import { watchDirectory } from '../watch.ts';

export interface LintOptions {
  /** A directory, or one policy file; default: `PLAN_LINT_POLICY_PATH`. */
  readonly policyDir?: string;
  readonly entry?: readonly string[];
  readonly format?: LintFormat;
  /** More warnings than this fail; default: any number is fine. */
  readonly maxWarnings?: number;
  /** Writes what has one safe fix into the policies first. */
  readonly fix?: boolean;
  /** Lints again on every change, until interrupted. */
  readonly watch?: boolean;
}

export function lint(options: LintOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const path = policyPath(options.policyDir, io);
    const once = async (): Promise<number> => lintOnce(options, await policyPlace(path, io), io);
    return options.watch ? watchPolicies(path, once, io) : once();
  });
}

/** Lints now and after every change, also where the policies are not there yet, or not all the time. */
async function watchPolicies(path: string, once: () => Promise<number>, io: Io): Promise<number> {
  const absolute = resolve(io.cwd, path);
  const isFile = /\.ya?ml$/.test(absolute);
  const lintAgain = async (): Promise<void> => {
    if (existsSync(absolute)) await reportFailures(io, once);
    else io.stderr(`waiting for ${path}\n`);
  };
  await lintAgain();
  io.stderr(`watching ${path}\n`);
  await watchDirectory(isFile ? dirname(absolute) : absolute, /\.ya?ml$/, io.signal, lintAgain);
  return EXIT.ok;
}

async function lintOnce(options: LintOptions, place: PolicyPlace, io: Io): Promise<number> {
  const entries = [...place.entries, ...(options.entry ?? [])];
  if (options.fix) {
    for (const line of await fixPolicies(place.directory, entries)) io.stderr(`fixed        ${line}\n`);
  }
  const { diagnostics } = await analyze(directoryHost(place.directory), {
    entries,
    ...cacheFor(place.directory, 'authoring', io),
  });
  io.stdout(LINT_FORMATS[options.format ?? 'text'](diagnostics, { root: place.shown, colour: !!io.colour }));
  return exitOf(diagnostics, options.maxWarnings ?? Infinity);
}

/** Policies that do not compile are worse than policies with findings. */
function exitOf(diagnostics: readonly Diagnostic[], maxWarnings: number): number {
  const warnings = diagnostics.filter((each) => each.severity === 'warning').length;
  if (diagnostics.length > warnings) return EXIT.compile;
  return warnings > maxWarnings ? EXIT.findings : EXIT.ok;
}
