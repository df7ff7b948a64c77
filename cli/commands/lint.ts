/** `plan-lint lint`: what the compiler has to say about policies, without making anything of them. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { lint as lintPolicies, patternFacts } from '../../compiler/index.ts';
import type { Diagnostic } from '../../compiler/inspect.ts';
import { cacheFor } from '../../bundles/disk-cache.ts';
import { UsageError } from '../../bundles/failure.ts';
import { reportFailures } from '../terminal/failure.ts';
import { fixPolicies } from '../authoring/fix.ts';
import { EXIT } from '../terminal/io.ts';
import { refuseWrongEntry } from '../../bundles/compile-directory.ts';
import type { Io } from '../terminal/io.ts';
import { policyPath, policyPlace } from '../../bundles/policy-path.ts';
import type { PolicyPlace } from '../../bundles/policy-path.ts';
import { LINT_FORMATS } from '../text/lint.ts';
import type { LintFormat } from '../text/lint.ts';
import { DAY, DAYS_BEFORE_EXPIRY, parseExpiry } from '../../bundles/instant.ts';
import { watchDirectory } from '../authoring/watch.ts';

export interface LintOptions {
  /** A directory, or one policy file; default: `PLAN_LINT_POLICY_PATH`. */
  readonly policyDir?: string;
  readonly entry?: readonly string[];
  readonly format?: LintFormat;
  /** More warnings than this fail; default: any number is fine. */
  readonly maxWarnings?: number;
  /** Writes what has one safe fix into the policies first. */
  readonly fix?: boolean;
  /** Lists the patterns, in text and JSON. */
  readonly patterns?: boolean;
  /** Exceptions that expire within so many days are told of; default: 30. */
  readonly warnExpiry?: number;
  /** The instant at which exceptions are judged; default: now. */
  readonly now?: string;
  /** Lints again on every change, until interrupted. */
  readonly watch?: boolean;
}

export function lint(options: LintOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    if (options.patterns && (options.format === 'sarif' || options.format === 'github')) {
      throw new UsageError(
        `\`--patterns\` is not part of the format ${options.format}`,
        'write it as text or JSON: --format json',
      );
    }
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
  const lintOptions = {
    entries: [...place.entries, ...(options.entry ?? [])],
    now: options.now === undefined ? io.now() : Date.parse(parseExpiry(options.now, io.now())),
    warnExpiry: (options.warnExpiry ?? DAYS_BEFORE_EXPIRY) * DAY,
  };
  if (options.fix) {
    for (const line of await fixPolicies(place, lintOptions)) io.stderr(`fixed        ${line}\n`);
  }
  const { result, diagnostics } = await lintPolicies(await place.host(), {
    ...lintOptions,
    ...cacheFor(place.directory, 'authoring', io),
  });
  refuseWrongEntry(diagnostics);
  const patterns = options.patterns && result ? patternFacts(result) : undefined;
  const shown = { root: place.shown, colour: !!io.colour, ...(patterns && { patterns }) };
  io.stdout(LINT_FORMATS[options.format ?? 'text'](diagnostics, shown));
  return exitOf(diagnostics, options.maxWarnings ?? Infinity);
}

/** Policies that do not compile are worse than policies with findings. */
function exitOf(diagnostics: readonly Diagnostic[], maxWarnings: number): number {
  const warnings = diagnostics.filter((each) => each.severity === 'warning').length;
  if (diagnostics.length > warnings) return EXIT.compile;
  return warnings > maxWarnings ? EXIT.findings : EXIT.ok;
}
