/** `plan-lint explain`: which lines led to a value, or why a plan is decided as it is. */
import type { ResolvedPolicies } from '../../compiler/inspect.ts';
import { lookUp, nearestTarget, SETTINGS } from '../../compiler/index.ts';
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { parseContext } from '../context.ts';
import { compileDirectory } from '../../bundles/compile-directory.ts';
import { openBundle } from '../../bundles/open.ts';
import { readPlan } from '../plan-input.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { policyPath } from '../../bundles/policy-path.ts';
import { chainJson, chainText } from '../text/chain.ts';
import { planExplanation, planExplanationJson } from '../text/why.ts';

export interface ExplainOptions {
  /** A rule, a setting, a parameter (`params.limit`), or the path of a plan (`*.json`, or `-`). */
  readonly target: string;
  /** Default: `PLAN_LINT_POLICY_PATH`. */
  readonly policyDir?: string;
  /** Default: every entry. */
  readonly entry?: string;
  /** What the caller vouches for, for a plan. */
  readonly context?: readonly string[];
  readonly format?: 'text' | 'json';
}

export function explain(options: ExplainOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { target, entry, format } = options;
    if (target === '-' || target.endsWith('.json'))
      return explainPlan({ ...options, policyDir: policyPath(options.policyDir, io) }, io);
    const policyDir = policyPath(options.policyDir, io);
    const { policies } = await compileDirectory(policyDir, entry === undefined ? [] : [entry], io);
    const found = policies.entries.flatMap((policy) => lookUp(policy, target) ?? []);
    if (found.length === 0) throw unknown(target, policies);
    io.stdout(format === 'json' ? chainJson(target, found) : chainText(target, found));
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
      ? 'a plan ends in .json; `plan-lint explain max_steps` names a setting'
      : `did you mean \`${near}\`?`,
  );
}

async function explainPlan(
  { target, policyDir, entry, context, format }: ExplainOptions & { readonly policyDir: string },
  io: Io,
): Promise<number> {
  const plan = await readPlan(target, io);
  const named = entry === undefined ? {} : { entry };
  const { policies } = await compileDirectory(policyDir, entry === undefined ? [] : [entry], io);
  const bundle = await openBundle({ policyDir, ...named }, { ...io, stderr: () => undefined });
  const options = { context: parseContext(context ?? []), now: io.now() };
  const decision = bundle.policy(entry).evaluate(plan, options);
  io.stdout(
    format === 'json'
      ? planExplanationJson(target, plan, decision, policies)
      : planExplanation(target, plan, decision, policies),
  );
  return decision.valid ? EXIT.ok : EXIT.findings;
}
