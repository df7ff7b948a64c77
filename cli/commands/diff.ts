/** `plan-lint diff`: what got stricter and what got looser between two versions of the policies. */
import { resolve } from 'node:path';
import { loadBundle } from '@plan-lint/runtime';
import type { Bundle } from '@plan-lint/runtime';
import type { Change, Compiled, Illustrator } from '../../compiler/index.ts';
import type { ResolvedPolicies } from '../../compiler/inspect.ts';
import { isBundle } from '../../bundles/files.ts';
import { signedSource } from '../../bundles/compiled-source.ts';
import { openSide } from '../compare-side.ts';
import { reportFailures } from '../terminal/failure.ts';
import { parseContext } from '../context.ts';
import { openBundle } from '../../bundles/open.ts';
import { blocksOf } from '../batch/blocks.ts';
import { planFiles } from '../batch/files.ts';
import { tellPassedOver } from '../batch/passed-over.ts';
import { eachPlan } from '../../plans/each-plan.ts';
import { decidePart, isUnreadable, keyOf } from '../../decisions/record.ts';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import { UsageError } from '../../bundles/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { comparePolicies, illustrated, INCOMPARABLE, mayBeLooser, rowChanges } from '../../compiler/index.ts';
import { diffJson, diffText } from '../text/diff.ts';
import type { Replay, Replayed } from '../text/diff.ts';

export interface DiffOptions {
  /** Policy directories, or signed bundles (`.mjs`, `.tar.gz`). */
  readonly before: string;
  readonly after: string;
  readonly entry?: string;
  /** Directory of plans, read as validate-batch does: lists those that the two decide differently. */
  readonly plansDir?: string;
  /** Trust root for bundles. */
  readonly trust?: string;
  readonly context?: readonly string[];
  readonly format?: 'text' | 'json';
}

export function diff(options: DiffOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { plansDir, format } = options;
    const changes = await compare(options, io);
    const replayed = plansDir === undefined ? null : await replay(options, plansDir, io);
    io.stdout(format === 'json' ? diffJson(changes, replayed) : diffText(changes, replayed, io.colour));
    const looser = changes.some(mayBeLooser);
    const plans = replayed?.differing ?? [];
    return looser || plans.some((plan) => plan.looser || plan.problem !== undefined)
      ? EXIT.findings
      : EXIT.ok;
  });
}

/** By proof where both sides have sources; of a bare module, what its rows say. */
async function compare({ before, after, entry, trust }: DiffOptions, io: Io): Promise<readonly Change[]> {
  const old = await openSide(before, { entry, trust }, io);
  const now = await openSide(after, { entry, trust }, io);
  if (old.compiled && now.compiled) {
    const changes = comparePolicies(old.compiled.policies, now.compiled.policies);
    return withExamples(changes, old.compiled, now.compiled, io.now());
  }
  const capabilities = old.capabilities ?? now.capabilities ?? [];
  const [was, is] = [await old.module(capabilities), await now.module(capabilities)];
  return was.digest === is.digest ? [] : [...rowChanges(was.content, is.content), INCOMPARABLE];
}

/** Changes of conditions, with plans that show them. */
async function withExamples(
  changes: readonly Change[],
  before: Compiled,
  after: Compiled,
  now: number,
): Promise<readonly Change[]> {
  if (!changes.some(({ condition }) => condition)) return changes;
  const [old, current] = [await load(before, now), await load(after, now)];
  const decidedBy = (bundle: Bundle, policies: ResolvedPolicies): Illustrator => ({
    policies,
    fires: (entry, rule, { plan, context = {} }) =>
      bundle
        .policy(entry)
        .evaluate(plan, { context, now })
        .violations.some((found) => found.rule === rule),
  });
  return illustrated(changes, decidedBy(old, before.policies), decidedBy(current, after.policies));
}

async function load({ module }: Compiled, now: number): Promise<Bundle> {
  const source = await signedSource(module, 'compared', now, undefined);
  return loadBundle(source.module, source.sidecars, source.trust, source.load);
}

const ORDER = ['pass', 'warn', 'approval', 'deny'];

/** Every plan that validate-batch would decide there, decided by both sides; those that differ or cannot be read. */
async function replay(options: DiffOptions, plansDir: string, io: Io): Promise<Replay> {
  const { before, after, entry } = options;
  const asked = { context: parseContext(options.context ?? []), now: io.now() };
  const [old, now] = [await open(before, options, io), await open(after, options, io)].map((bundle) => ({
    policy: choosePolicy(bundle, entry),
    ...asked,
  }));
  if (!old || !now) return { plans: 0, differing: [] };
  const differing: Replayed[] = [];
  const passedOver: string[] = [];
  let plans = 0;
  const files = planFiles(resolve(io.cwd, plansDir), undefined, (name) => passedOver.push(name));
  for await (const { parts } of blocksOf(files, io)) {
    for (const part of parts) {
      eachPlan(part, (place, _, written) => {
        plans += 1;
        const [was, is] = [decidePart(part, place, written, old), decidePart(part, place, written, now)];
        const problem = is.violations.find(({ rule }) => isUnreadable(rule))?.message;
        if (was.status === is.status && problem === undefined) return;
        const looser = ORDER.indexOf(is.status) < ORDER.indexOf(was.status);
        const plan = keyOf(place);
        differing.push({ plan, before: was.status, after: is.status, looser, ...(problem && { problem }) });
      });
    }
  }
  tellPassedOver(passedOver, io);
  if (plans === 0) {
    throw new UsageError(
      `there is no plan in \`${plansDir}\``,
      'check --plans-dir; it reads .json, .jsonl, .ndjson',
    );
  }
  return { plans, differing };
}

function open(path: string, { entry, trust }: DiffOptions, io: Io): Promise<Bundle> {
  const side = isBundle(path) ? { bundle: path, ...(trust !== undefined && { trust }) } : { policyDir: path };
  // What is wrong with the policies has been said when they were compared.
  const quiet = isBundle(path) ? io : { ...io, stderr: (): void => undefined };
  return openBundle({ ...side, ...(entry !== undefined && { entry }) }, quiet);
}
