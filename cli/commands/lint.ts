/** `plan-lint lint`: what the compiler has to say about policies, without making anything of them. */
import { directoryHost, lint as lintPolicies, patternFacts } from '../../compiler/index.ts';
import type { Diagnostic } from '../../compiler/index.ts';
import { UsageError, reportFailures } from '../failure.ts';
import { fixPolicies } from '../fix.ts';
import { EXIT } from '../io.ts';
import type { Io } from '../io.ts';
import { policyPlace } from '../policy-path.ts';
import type { PolicyPlace } from '../policy-path.ts';
import { LINT_FORMATS } from '../report/lint.ts';
import type { LintFormat } from '../report/lint.ts';
import { parseExpiry } from '../time.ts';
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
  /** Lists the patterns, in text and JSON. */
  readonly patterns?: boolean;
  /** Exceptions that expire within so many days are told of; default: 30. */
  readonly warnExpiry?: number;
  /** The instant at which exceptions are judged; default: now. */
  readonly now?: string;
  /** Lints again on every change, until interrupted. */
  readonly watch?: boolean;
}

/** Time enough to ask for an exception anew. */
const DAYS_BEFORE_EXPIRY = 30;

export function lint(options: LintOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    if (options.patterns && (options.format === 'sarif' || options.format === 'github')) {
      throw new UsageError(
        `\`--patterns\` is not part of the format ${options.format}`,
        'write it as text or JSON: --format json',
      );
    }
    const place = await policyPlace(options.policyDir, io);
    const first = await lintOnce(options, place, io);
    if (!options.watch) return first;
    io.stderr(`watching ${options.policyDir ?? place.directory}\n`);
    await watchDirectory(place.directory, /\.ya?ml$/, io.signal, async () => {
      await lintOnce(options, place, io);
    });
    return EXIT.ok;
  });
}

async function lintOnce(options: LintOptions, place: PolicyPlace, io: Io): Promise<number> {
  const lintOptions = {
    entries: [...place.entries, ...(options.entry ?? [])],
    now: options.now === undefined ? io.now() : Date.parse(parseExpiry(options.now, io.now())),
    warnExpiry: (options.warnExpiry ?? DAYS_BEFORE_EXPIRY) * 86_400_000,
  };
  if (options.fix) {
    for (const line of await fixPolicies(place.directory, lintOptions)) io.stderr(`fixed        ${line}\n`);
  }
  const { result, diagnostics } = await lintPolicies(directoryHost(place.directory), lintOptions);
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
