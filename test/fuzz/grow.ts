/** Random families of policies, grown as far as the compiler takes them, and what their files promise each other. */
import { memoryHost, resolvePolicies } from '../../compiler/index.ts';
import type { ResolvedPolicies } from '../../compiler/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { layerOf, rulesIn } from '../../compiler/ir/layer.ts';
import type { ResolvedPolicy, ResolvedRule } from '../../compiler/ir/resolved.ts';
import { ancestorsOf } from './policy-trees.ts';
import type { Tree } from './policy-trees.ts';

export type Files = Readonly<Record<string, string>>;

export interface Grown {
  readonly files: Files;
  /** Every file by name that is whole: its rules lack no parameter. */
  readonly policies: ResolvedPolicies;
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** Pieces that the compiler took, and those it refused. */
  readonly taken: number;
  readonly refused: number;
  /** Files left out because their parents contradict each other. */
  readonly clashes: number;
}

interface FileContent {
  readonly [key: string]: unknown;
}

/** Adds the files of a tree, and what they say, one by one. */
export async function grow(tree: Tree): Promise<Grown | null> {
  const files: Record<string, string> = {};
  const parents = new Map<string, readonly string[]>();
  let policies: ResolvedPolicies | null = null;
  let [taken, refused, clashes] = [0, 0, 0];
  for (const { name, parents: wanted, pieces } of tree) {
    const extended = wanted.filter((parent) => parents.has(parent));
    if (extended.length < wanted.length && extended.length === 0) continue;
    parents.set(name, extended);
    let content: FileContent = extended.length > 0 ? { extends: extended } : {};
    const tried = async (more: FileContent): Promise<boolean> => {
      const next = await resolved({ ...files, [`${name}.yaml`]: JSON.stringify(more) }, parents);
      if (next) [content, policies] = [more, next];
      return next !== null;
    };
    if (extended.length > 1 && !(await tried(content))) {
      clashes += 1;
      parents.delete(name);
      continue;
    }
    if (await tried(pieces.reduce(combine, content))) taken += pieces.length;
    else {
      for (const piece of pieces) {
        if (await tried(combine(content, piece))) taken += 1;
        else refused += 1;
      }
    }
    files[`${name}.yaml`] = JSON.stringify(content);
  }
  return policies && { policies, files, parents, taken, refused, clashes };
}

function combine(content: FileContent, piece: FileContent): FileContent {
  const both = (a: unknown, b: unknown): unknown => {
    if (Array.isArray(a) && Array.isArray(b)) return (a as readonly unknown[]).concat(b);
    return isMapping(a) && isMapping(b) && !('mode' in a) && !('mode' in b) ? { ...a, ...b } : b;
  };
  return {
    ...content,
    ...Object.fromEntries(Object.entries(piece).map(([key, value]) => [key, both(content[key], value)])),
  };
}

const isMapping = (value: unknown): value is FileContent =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function resolved(
  files: Files,
  parents: ReadonlyMap<string, readonly string[]>,
): Promise<ResolvedPolicies | null> {
  const names = Object.keys(files).map((path) => path.replace('.yaml', ''));
  const entries = names.filter((name) => parametersOf(name, files, parents).missing.length === 0);
  return resolvePolicies(memoryHost(files), { entries }, new Diagnostics());
}

interface Parameters {
  /** Those that a file and its ancestors leave to children. */
  readonly open: readonly string[];
  /** Those that their rules name and nobody declares. */
  readonly missing: readonly string[];
}

function parametersOf(
  name: string,
  files: Files,
  parents: ReadonlyMap<string, readonly string[]>,
): Parameters {
  const texts = ancestorsOf(name, (one) => parents.get(one) ?? []).map((one) => files[`${one}.yaml`] ?? '{}');
  const declared = texts.flatMap((text) => {
    const { params = {} } = JSON.parse(text) as { readonly params?: FileContent };
    return Object.entries(params).filter(([, value]) => isMapping(value) && 'type' in value);
  });
  const names = new Set(declared.map(([key]) => key));
  const read = texts.flatMap((text) => [...text.matchAll(/params\.(\w+)/g)].map(([, key = '']) => key));
  return {
    open: declared.flatMap(([key, value]) => (isMapping(value) && value['mode'] === 'default' ? [key] : [])),
    missing: [...new Set(read)].filter((key) => !names.has(key)),
  };
}

/** What a file has promised, as a child may hold against it: defaults are read as the child has set them. */
export interface Promised {
  readonly child: string;
  readonly ancestor: string;
  readonly policy: ResolvedPolicy;
}

/** For every file that is whole, what each of its ancestors has promised. */
export async function promisesOf({ files, policies, parents }: Grown): Promise<readonly Promised[]> {
  const whole = new Map(policies.entries.map((entry) => [entry.name, entry]));
  const promises: Promised[] = [];
  for (const [child, policy] of whole) {
    for (const ancestor of ancestorsOf(child, (one) => parents.get(one) ?? [])) {
      if (ancestor === child) continue;
      const read = await readAs(policy, ancestor, files, parents);
      const as = read === 'as it is' ? whole.get(ancestor) : read;
      if (as) promises.push({ child, ancestor, policy: withOpenSettings(as) });
    }
  }
  return promises;
}

/** The ancestor with the child's values for parameters that it leaves open; `null` where it could not have them. */
async function readAs(
  child: ResolvedPolicy,
  ancestor: string,
  files: Files,
  parents: ReadonlyMap<string, readonly string[]>,
): Promise<ResolvedPolicy | 'as it is' | null> {
  const { open, missing } = parametersOf(ancestor, files, parents);
  if (open.length === 0 && missing.length === 0) return 'as it is';
  const values = new Map(child.params.map((param) => [param.name, param]));
  const params = {
    ...Object.fromEntries(open.map((name) => [name, values.get(name)?.value])),
    ...Object.fromEntries(
      missing.map((name) => [name, { type: values.get(name)?.type, value: values.get(name)?.value }]),
    ),
  };
  const path = `${child.name}~${ancestor}.yaml`;
  const more = { ...files, [path]: JSON.stringify({ extends: ancestor, params }) };
  const policies = await resolvePolicies(memoryHost(more), { entries: [path] }, new Diagnostics());
  return policies?.entries[0] ?? null;
}

/** A setting that is a default has promised its domain and no more. */
function withOpenSettings(policy: ResolvedPolicy): ResolvedPolicy {
  const rules = rulesIn(policy.layer).flatMap((rule): readonly ResolvedRule[] => {
    if (!('domain' in rule) || !rule.domain) return [rule];
    if (rule.kind === 'max-steps') return [{ ...rule, limit: rule.domain.value.max ?? Infinity }];
    if (rule.kind === 'bound') return [{ ...rule, ...rule.domain.value }];
    return [{ ...rule, layers: [{ globs: rule.domain.value, span: rule.span }] }];
  });
  const threshold = policy.thresholdDomain ? (policy.thresholdDomain.max ?? Infinity) : policy.threshold;
  return { ...policy, threshold, layer: layerOf(rules) };
}
