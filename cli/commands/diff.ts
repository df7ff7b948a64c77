/** `plan-lint diff`: what got stricter and what got looser between two versions of the policies. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Bundle } from '@plan-lint/runtime';
import type { ResolvedPolicies } from '../../compiler/index.ts';
import { isBundle } from '../bundle-files.ts';
import { findRule } from '../../compiler/ir/layer.ts';
import { openSide } from '../compare-side.ts';
import { reportFailures } from '../failure.ts';
import { parseContext } from '../context.ts';
import { openBundle } from '../open-bundle.ts';
import { readPlan } from '../plan-input.ts';
import { EXIT } from '../io.ts';
import type { Io } from '../io.ts';
import { withExamples } from '../examples/find.ts';
import { changesOf } from '../report/changes.ts';
import type { Change } from '../report/changes.ts';
import { INCOMPARABLE, rowChanges } from '../report/row-changes.ts';
import { diffJson, diffText } from '../report/diff.ts';
import type { Replayed } from '../report/diff.ts';

export interface DiffOptions {
  /** Policy directories, or signed bundles (`.mjs`, `.tar.gz`). */
  readonly before: string;
  readonly after: string;
  readonly entry?: string;
  /** Directory of plans as JSON: lists those that the two decide differently. */
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
    const replayed = plansDir === undefined ? [] : await replay(options, plansDir, io);
    io.stdout(format === 'json' ? diffJson(changes, replayed) : diffText(changes, replayed));
    const looser = changes.some(({ direction }) => direction !== 'stricter');
    return looser || replayed.some((plan) => plan.looser) ? EXIT.findings : EXIT.ok;
  });
}

/** By proof where both sides have sources; of a bare module, what its rows say. */
async function compare({ before, after, entry, trust }: DiffOptions, io: Io): Promise<readonly Change[]> {
  const old = await openSide(before, { entry, trust }, io);
  const now = await openSide(after, { entry, trust }, io);
  if (old.compiled && now.compiled) {
    const changes = byMeaning(old.compiled.policies, now.compiled.policies);
    return withExamples(changes, old.compiled, now.compiled, io.now());
  }
  const [was, is] = [await old.module(), await now.module()];
  return was.digest === is.digest ? [] : [...rowChanges(was.content, is.content), INCOMPARABLE];
}

function byMeaning(old: ResolvedPolicies, now: ResolvedPolicies): readonly Change[] {
  const entries = now.entries.flatMap((policy) => [...ofEntry(old, policy), ...ofCatalog(old, now, policy)]);
  return [...entries, ...goneFrom(old, now)];
}

/** Settings that read the same decide otherwise by another catalog. */
function ofCatalog(
  old: ResolvedPolicies,
  now: ResolvedPolicies,
  { name, layer }: ResolvedPolicies['entries'][number],
): readonly Change[] {
  const asks = findRule(layer, ({ kind }) => kind === 'only-catalog' || kind === 'validate-args');
  if (!asks || !old.catalog || old.catalog.file.text === now.catalog?.file.text) return [];
  return [{ entry: name, what: 'catalog', direction: 'unknown', says: 'another tool catalog' }];
}

function ofEntry(old: ResolvedPolicies, policy: ResolvedPolicies['entries'][number]): readonly Change[] {
  const known = old.entries.find(({ name }) => name === policy.name);
  if (known) return changesOf(known, policy);
  return [{ entry: policy.name, what: 'entry', direction: 'stricter', says: 'a new entry' }];
}

function goneFrom(old: ResolvedPolicies, now: ResolvedPolicies): readonly Change[] {
  return old.entries
    .filter(({ name }) => !now.entries.some((policy) => policy.name === name))
    .map(({ name }) => ({ entry: name, what: 'entry', direction: 'looser', says: 'no longer an entry' }));
}

const ORDER = ['pass', 'warn', 'approval', 'deny'];

async function replay(options: DiffOptions, plansDir: string, io: Io): Promise<readonly Replayed[]> {
  const { before, after, entry } = options;
  const [old, now] = [await open(before, options, io), await open(after, options, io)];
  const directory = resolve(io.cwd, plansDir);
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
  const asked = { context: parseContext(options.context ?? []), now: io.now() };
  const replayed: Replayed[] = [];
  for (const name of names) {
    const plan = await readPlan(join(directory, name), io);
    const [was, is] = [old, now].map((bundle) => bundle.policy(entry).evaluate(plan, asked).status);
    if (was === undefined || is === undefined || was === is) continue;
    replayed.push({ plan: name, before: was, after: is, looser: ORDER.indexOf(is) < ORDER.indexOf(was) });
  }
  return replayed;
}

function open(path: string, { entry, trust }: DiffOptions, io: Io): Promise<Bundle> {
  const side = isBundle(path) ? { bundle: path, ...(trust !== undefined && { trust }) } : { policyDir: path };
  // What is wrong with the policies has been said when they were compared.
  const quiet = isBundle(path) ? io : { ...io, stderr: (): void => undefined };
  return openBundle({ ...side, ...(entry !== undefined && { entry }) }, quiet);
}
