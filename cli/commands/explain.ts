/** `plan-lint explain`: which lines led to a value, why a plan is decided as it is, which rules govern a tool. */
import type { ResolvedPolicies } from '../../compiler/inspect.ts';
import { lookUp, nearestTarget, rulesFor, sessionClasses, SETTINGS } from '../../compiler/index.ts';
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { compileDirectory } from '../../bundles/compile-directory.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { policyPath } from '../../bundles/policy-path.ts';
import { chainJson, chainText } from '../text/chain.ts';
import { governingJson, governingText } from '../text/governing.ts';
import { explainPlans } from './explain-plans.ts';
import type { ExplainPlansOptions } from './explain-plans.ts';

export interface ExplainOptions extends Omit<ExplainPlansOptions, 'target'> {
  /** A rule, a setting, a parameter (`params.limit`), or the path of plans. */
  readonly target?: string;
  /** A tool, in place of a target. */
  readonly rulesFor?: string;
}

const isPlans = (target: string): boolean => target === '-' || /\.(?:json|jsonl|ndjson)$/.test(target);

export function explain(options: ExplainOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { target, rulesFor: tool, entry, format } = options;
    if ((target === undefined) === (tool === undefined)) {
      throw new UsageError(
        'give a rule, a setting or a plan, or --rules-for with a tool',
        'plan-lint explain plan.json --policy-dir policies',
      );
    }
    if (target !== undefined && isPlans(target)) return explainPlans({ ...options, target }, io);
    if (options.bundle !== undefined) {
      throw new UsageError(
        '--bundle explains plans; where a value comes from stands in the sources',
        'give --policy-dir, or a plan (*.json)',
      );
    }
    const policyDir = policyPath(options.policyDir, io);
    const { policies } = await compileDirectory(policyDir, entry === undefined ? [] : [entry], io);
    const classes = sessionClasses(policies);
    if (target === undefined) {
      const governing = rulesFor(tool ?? '', policies.entries);
      io.stdout(
        format === 'json'
          ? governingJson(tool ?? '', governing, classes)
          : governingText(tool ?? '', governing, classes),
      );
      return EXIT.ok;
    }
    const found = policies.entries.flatMap((policy) => lookUp(policy, target) ?? []);
    if (found.length === 0) throw unknown(target, policies);
    io.stdout(format === 'json' ? chainJson(target, found, classes) : chainText(target, found, classes));
    return EXIT.ok;
  });
}

function unknown(target: string, { entries }: ResolvedPolicies): UsageError {
  const near = nearestTarget(target, entries);
  if (near === null && SETTINGS.includes(target)) {
    return new UsageError(`no entry has \`${target}\``, 'no file sets it, so no plan is held against it');
  }
  return new UsageError(
    `no entry has a rule, setting or parameter \`${target}\``,
    near === null
      ? 'a plan ends in .json or .jsonl; `plan-lint explain max_steps` names a setting'
      : `did you mean \`${near}\`?`,
  );
}
