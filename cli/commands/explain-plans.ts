/** Why plans are decided as they are: by policies, or by a signed bundle with the sources it was made from. */
import { resolve } from 'node:path';
import type { Bundle } from '@plan-lint/runtime';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import { compileDirectory } from '../../bundles/compile-directory.ts';
import { readSource } from '../../bundles/files.ts';
import { UsageError } from '../../bundles/failure.ts';
import { openBundle } from '../../bundles/open.ts';
import { policyPath } from '../../bundles/policy-path.ts';
import { demandsOf } from '../../bundles/source.ts';
import { limitOptionsOf } from '../../bundles/plan-limits.ts';
import type { SourceOptions } from '../../bundles/source.ts';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import type { ResolvedPolicies } from '../../compiler/inspect.ts';
import { askedAt, parseContext } from '../context.ts';
import { readPlans } from '../plan-input.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { planExplanation, planExplanationObject } from '../text/why.ts';
import type { Explanation } from '../text/why.ts';

export interface ExplainPlansOptions extends SourceOptions {
  /** The path of plans: `*.json`, `*.jsonl`, or `-`. */
  readonly target: string;
  /** What the caller vouches for. */
  readonly context?: readonly string[];
  /** Default: the clock. */
  readonly now?: string;
  readonly format?: 'text' | 'json';
}

export async function explainPlans(options: ExplainPlansOptions, io: Io): Promise<number> {
  const { target, entry } = options;
  const { bundle, policies } = await decider(options, io);
  const policy = choosePolicy(bundle, entry);
  const question = { context: parseContext(options.context ?? []), now: askedAt(options.now, io) };
  const explanations: Explanation[] = [];
  for (const { name, plan } of await readPlans(target, io)) {
    const decision = policy.evaluate(plan, question);
    explanations.push({ path: name, question: { plan, context: question.context }, decision });
  }
  if (options.format === 'json') {
    const objects = explanations.map((each) => planExplanationObject(each, policies));
    io.stdout(`${JSON.stringify(objects.length === 1 ? objects[0] : objects, null, 2)}\n`);
  } else io.stdout(explanations.map((each) => planExplanation(each, policies, io.colour)).join('\n'));
  return explanations.every(({ decision }) => decision.valid) ? EXIT.ok : EXIT.findings;
}

interface Decider {
  readonly bundle: Bundle;
  /** The sources of what decides; `null` where a bundle decides and they are not there. */
  readonly policies: ResolvedPolicies | null;
}

/** @throws UsageError where a directory is not what the bundle was made from: its tests would explain something else */
async function decider(options: ExplainPlansOptions, io: Io): Promise<Decider> {
  const { bundle: file, entry } = options;
  const quiet = { ...io, stderr: () => undefined };
  if (file === undefined) {
    const policyDir = policyPath(options.policyDir, io);
    const { policies } = await compileDirectory(policyDir, entry === undefined ? [] : [entry], io);
    const bundle = await openBundle(
      { policyDir, ...(entry !== undefined && { entry }), ...limitOptionsOf(options) },
      quiet,
    );
    return { bundle, policies };
  }
  const { policyDir, trust } = options;
  const bundle = await openBundle(
    {
      bundle: file,
      ...demandsOf(options),
      ...limitOptionsOf(options),
      ...(trust !== undefined && { trust }),
    },
    io,
  );
  if (policyDir === undefined) return { bundle, policies: null };
  for (const { name, sha256 } of bundle.predicate.sources) {
    const content = await readSource(resolve(io.cwd, policyDir), name);
    if (content && sha256Hex(content) === sha256) continue;
    throw new UsageError(
      `\`${name}\` in \`${policyDir}\` is not what the bundle was made from`,
      'check out the sources that were signed; `plan-lint verify --sources` names all that differ',
    );
  }
  const { policies } = await compileDirectory(policyDir, bundle.entries, io);
  return { bundle, policies };
}
