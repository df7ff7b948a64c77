/**
 * What inheritance promises: whatever a child lets through, each of its ancestors lets through. Random trees, random
 * plans, judged by the oracle, which knows nothing of how policies were merged.
 */
import fc from 'fast-check';
import { memoryHost, resolvePolicies } from '../../compiler/index.ts';
import type { ResolvedPolicies } from '../../compiler/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { question } from '../differential/generate.ts';
import { decide } from '../oracle/oracle.ts';
import type { OracleDecision } from '../oracle/oracle.ts';
import { tree } from './policy-trees.ts';
import type { Tree } from './policy-trees.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** How many comparisons of a child and an ancestor on one plan. */
  readonly pairs: number;
}

export interface FuzzResult {
  readonly pairs: number;
  readonly trees: number;
  /** Pieces of children that the compiler took, and those it refused. */
  readonly taken: number;
  readonly refused: number;
  /** Pairs in which the ancestor does not pass the plan: those that could fail. */
  readonly telling: number;
}

/** Few plans a tree: what differs between trees is what finds mistakes. */
const PLANS = 20;
const NAMES = ['a', 'b', 'c'] as const;
const EDGES = [
  ['a', 'base'],
  ['b', 'base'],
  ['c', 'a'],
  ['c', 'b'],
  ['c', 'base'],
] as const;
const ORDER = ['pass', 'warn', 'approval', 'deny'] as const;

/**
 * Compares as many pairs as asked for.
 *
 * @throws Error with the policies and the plan, where a child is weaker than an ancestor
 */
export async function fuzzMonotonicity({ seed, pairs }: FuzzOptions): Promise<FuzzResult> {
  const result = { pairs: 0, trees: 0, taken: 0, refused: 0, telling: 0 };
  const rounds = Math.ceil(pairs / (PLANS * EDGES.length));
  const trees = fc.sample(tree, { seed, numRuns: rounds });
  const plans = fc.sample(question, { seed, numRuns: PLANS * Math.min(rounds, 50) });
  for (const [i, one] of trees.entries()) {
    const grown = await grow(one);
    if (!grown) continue;
    result.trees += 1;
    result.taken += grown.taken;
    result.refused += grown.refused;
    const policies = new Map(grown.policies.entries.map((entry) => [entry.name, entry]));
    for (let j = 0; j < PLANS; j += 1) {
      const asked = plans[(i * PLANS + j) % plans.length];
      if (!asked) break;
      const { plan, context, now } = asked;
      const said = new Map([...policies].map(([name, policy]) => [name, decide(policy, plan, context, now)]));
      for (const [child, parent] of EDGES) {
        const [below, above] = [said.get(child), said.get(parent)];
        if (!below || !above) continue;
        result.pairs += 1;
        if (above.status !== 'pass') result.telling += 1;
        if (isStricter(below, above)) continue;
        throw new Error(complaint([child, below], [parent, above], asked, grown.files));
      }
    }
  }
  return result;
}

/** The outcome is at least as strong, and everything that the ancestor finds is found. */
function isStricter(below: OracleDecision, above: OracleDecision): boolean {
  const found = new Set(below.findings.map(({ rule, step }) => `${step} ${rule}`));
  return (
    ORDER.indexOf(below.status) >= ORDER.indexOf(above.status) &&
    below.risk >= above.risk &&
    above.findings.every(({ rule, step }) => found.has(`${step} ${rule}`))
  );
}

type Said = readonly [name: string, decision: OracleDecision];

function complaint([child, below]: Said, [parent, above]: Said, asked: unknown, files: Files): string {
  const found = below.findings.map(({ rule, step }) => `${step} ${rule}`);
  const missed = above.findings.filter(({ rule, step }) => !found.includes(`${step} ${rule}`));
  return [
    `\`${child}\` is weaker than \`${parent}\``,
    `  ${parent}: ${above.status}, risk ${above.risk}`,
    `  ${child}: ${below.status}, risk ${below.risk}${missed.map(({ rule }) => `, without ${rule}`).join('')}`,
    `  plan: ${JSON.stringify(asked)}`,
    ...Object.entries(files).map(([path, text]) => `  ${path}: ${text}`),
  ].join('\n');
}

export interface Grown {
  readonly policies: ResolvedPolicies;
  readonly files: Files;
  readonly taken: number;
  readonly refused: number;
}

export type Files = Readonly<Record<string, string>>;

/** Adds the pieces of the children one by one, as far as the compiler takes them. */
export async function grow({ base, children, swapped }: Tree): Promise<Grown | null> {
  const parents = { a: ['base'], b: ['base'], c: swapped ? ['b', 'a'] : ['a', 'b'] };
  let files: Files = { 'base.yaml': JSON.stringify(base) };
  let policies: ResolvedPolicies | null = null;
  let [taken, refused] = [0, 0];
  for (const [i, name] of NAMES.entries()) {
    let child: Record<string, unknown> = { extends: parents[name] };
    const empty = await attempt({ ...files, [`${name}.yaml`]: JSON.stringify(child) });
    // The parents contradict each other: no grandchild of both.
    if (!empty) return null;
    policies = empty;
    for (const piece of children[i] ?? []) {
      const more = combine(child, piece);
      const next = await attempt({ ...files, [`${name}.yaml`]: JSON.stringify(more) });
      if (next) [child, policies, taken] = [more, next, taken + 1];
      else refused += 1;
    }
    files = { ...files, [`${name}.yaml`]: JSON.stringify(child) };
  }
  return policies && { policies, files, taken, refused };
}

function combine(
  child: Record<string, unknown>,
  piece: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const both = (a: unknown, b: unknown): unknown =>
    Array.isArray(a) && Array.isArray(b) ? (a as readonly unknown[]).concat(b) : b;
  return {
    ...child,
    ...Object.fromEntries(Object.entries(piece).map(([key, value]) => [key, both(child[key], value)])),
  };
}

function attempt(files: Files): Promise<ResolvedPolicies | null> {
  const entries = Object.keys(files).map((path) => path.replace('.yaml', ''));
  return resolvePolicies(memoryHost(files), { entries }, new Diagnostics());
}
