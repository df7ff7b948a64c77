/**
 * What inheritance promises: whatever a child lets through, each of its ancestors lets through. Random families of
 * policies, random plans, judged by the oracle, which knows nothing of how policies were merged; what the emitted
 * module says of every file is held against the oracle.
 */
import fc from 'fast-check';
import { build } from '../../compiler/index.ts';
import { lower } from '../../compiler/3-lower/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { disagreementOf, oracleSays } from '../differential/agree.ts';
import type { Question } from '../differential/agree.ts';
import { question } from '../differential/generate.ts';
import type { OracleDecision } from '../oracle/oracle.ts';
import type { Bundle } from '../../runtime/evaluate.ts';
import { bundleOf } from '../support/decide.ts';
import { grow, promisesOf } from './grow.ts';
import type { Files, Grown } from './grow.ts';
import { tree } from './policy-trees.ts';
import { handsOnMore } from './results.ts';
import { seedOfRound } from './seed.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** How many comparisons of a child and an ancestor on one plan. */
  readonly pairs: number;
}

export interface FuzzResult {
  readonly pairs: number;
  readonly trees: number;
  /** Pieces of files that the compiler took, and those it refused. */
  readonly taken: number;
  readonly refused: number;
  /** Files left out because their parents contradict each other. */
  readonly clashes: number;
  /** Pairs in which the ancestor does not pass the plan: those that could fail. */
  readonly telling: number;
  /** Files with two parents, each of which finds something in some plan that the other one does not. */
  readonly tellingDiamonds: number;
  /** Decisions of emitted modules that agree with the oracle. */
  readonly emitted: number;
}

/** Few plans a tree: what differs between trees is what finds mistakes. */
const PLANS = 20;
/** The modules of one family in so many are asked too: what was imported stays in memory. */
const EMITTED = 4;
const TREES_AT_ONCE = 50;
const ORDER = ['pass', 'warn', 'approval', 'deny'] as const;

/**
 * Compares at least as many pairs as asked for.
 *
 * @throws Error with the policies and the plan, where a child is weaker than an ancestor, or a module is not what its
 * policies mean
 */
export async function fuzzMonotonicity({ seed, pairs }: FuzzOptions): Promise<FuzzResult> {
  const result = {
    pairs: 0,
    trees: 0,
    taken: 0,
    refused: 0,
    clashes: 0,
    telling: 0,
    tellingDiamonds: 0,
    emitted: 0,
  };
  for (let round = 0; result.pairs < pairs; round += 1) {
    const of = { seed: seedOfRound(seed, round) };
    const trees = fc.sample(tree, { ...of, numRuns: TREES_AT_ONCE });
    const plans = fc.sample(question, { ...of, numRuns: PLANS * TREES_AT_ONCE });
    for (const [i, one] of trees.entries()) {
      if (result.pairs >= pairs) break;
      const grown = await grow(one);
      if (!grown) continue;
      result.trees += 1;
      result.taken += grown.taken;
      result.refused += grown.refused;
      result.clashes += grown.clashes;
      const asked = plans.slice(i * PLANS, (i + 1) * PLANS);
      const bundle = result.trees % EMITTED === 1 ? await bundleFrom(grown) : null;
      const counted = await compareAll(grown, asked, bundle);
      result.pairs += counted.pairs;
      result.telling += counted.telling;
      result.tellingDiamonds += counted.tellingDiamonds;
      result.emitted += counted.emitted;
    }
  }
  return result;
}

type Counted = Pick<FuzzResult, 'pairs' | 'telling' | 'tellingDiamonds' | 'emitted'>;

async function compareAll(grown: Grown, plans: readonly Question[], bundle: Bundle | null): Promise<Counted> {
  const counted = { pairs: 0, telling: 0, emitted: 0 };
  const promises = await promisesOf(grown);
  const whole = new Map(grown.policies.entries.map((entry) => [entry.name, entry]));
  for (const { child, ancestor, policy } of promises) {
    const below = whole.get(child);
    const more = below ? handsOnMore(below, policy) : null;
    if (more !== null)
      throw new Error(
        `${child} is weaker than ${ancestor}: it hands on more ${more}\n${JSON.stringify(grown.files)}`,
      );
  }
  const decisions = new Map<string, OracleDecision[]>();
  for (const asked of plans) {
    const now = new Map(grown.policies.entries.map((entry) => [entry.name, oracleSays(entry, asked)]));
    for (const [name, decision] of now) decisions.set(name, [...(decisions.get(name) ?? []), decision]);
    if (bundle) counted.emitted += emittedAgree(grown, bundle, asked);
    for (const { child, ancestor, policy } of promises) {
      const below = now.get(child);
      if (!below) continue;
      const above = oracleSays(policy, asked);
      counted.pairs += 1;
      if (above.status !== 'pass') counted.telling += 1;
      if (isStricter(below, above)) continue;
      const told = { name: child, decision: below };
      throw new Error(complaint(told, { name: ancestor, decision: above }, asked, grown.files));
    }
  }
  const tellingDiamonds = [...grown.parents].filter(([name, parents]) => {
    return decisions.has(name) && parents.length > 1 && tellBoth(parents, decisions);
  }).length;
  return { ...counted, tellingDiamonds };
}

/** What the module says of each file on a plan is what its policies mean; how many files that were. */
function emittedAgree({ policies, files }: Grown, bundle: Bundle, asked: Question): number {
  for (const entry of policies.entries) {
    const decider = { entry, catalog: policies.catalog, policy: bundle.policy(entry.name) };
    const difference = disagreementOf(decider, asked);
    if (difference !== null)
      throw new Error([`\`${entry.name}\`: ${difference}`, ...shown(asked, files)].join('\n'));
  }
  return policies.entries.length;
}

async function bundleFrom({ policies }: Grown): Promise<Bundle> {
  const program = lower(policies, new Diagnostics());
  if (!program) throw new Error('a family that resolves does not lower');
  return bundleOf({ policies, module: await build(program) });
}

/** Whether of two parents each finds something that the other one lets through. */
function tellBoth(
  parents: readonly string[],
  decisions: ReadonlyMap<string, readonly OracleDecision[]>,
): boolean {
  const beats = (one: string, other: string): boolean =>
    (decisions.get(one) ?? []).some((decision, i) => {
      const against = decisions.get(other)?.[i];
      return against !== undefined && !isStricter(against, decision);
    });
  return parents.some((one, i) =>
    parents.slice(i + 1).some((other) => beats(one, other) && beats(other, one)),
  );
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

interface Told {
  readonly name: string;
  readonly decision: OracleDecision;
}

function complaint(child: Told, parent: Told, asked: unknown, files: Files): string {
  const found = child.decision.findings.map(({ rule, step }) => `${step} ${rule}`);
  const missed = parent.decision.findings.filter(({ rule, step }) => !found.includes(`${step} ${rule}`));
  const without = missed.map(({ rule }) => `, without ${rule}`).join('');
  return [
    `\`${child.name}\` is weaker than \`${parent.name}\``,
    `  ${parent.name}: ${parent.decision.status}, risk ${parent.decision.risk}`,
    `  ${child.name}: ${child.decision.status}, risk ${child.decision.risk}${without}`,
    ...shown(asked, files),
  ].join('\n');
}

const shown = (asked: unknown, files: Files): readonly string[] => [
  `  plan: ${JSON.stringify(asked)}`,
  ...Object.entries(files).map(([path, text]) => `  ${path}: ${text}`),
];
