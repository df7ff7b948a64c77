/** Whether the tests notice a fault. */
import type { LoweringMemo } from '../../compiler/index.ts';
import { findRule, layering } from '../../compiler/inspect.ts';
import type { ResolvedPolicies, ResolvedPolicy, ResolvedRule } from '../../compiler/inspect.ts';
import type { TestCase } from './case.ts';
import { distinctRules, keyOf } from './coverage.ts';
import { loadPolicies } from './load.ts';
import { mutationsOf } from './mutations.ts';
import type { Mutation } from './mutations.ts';
import { allPass } from './run.ts';

/** All that a thread needs; passes as a message. */
export interface TrialSetup {
  readonly policies: ResolvedPolicies;
  readonly tests: readonly TestCase[];
  /** Rules that fired in each test, on the policies as they are. */
  readonly fired: readonly (readonly string[])[];
  /** Milliseconds since the epoch, for tests that do not say when they are. */
  readonly now: number;
}

export interface Fault {
  readonly rule: ResolvedRule;
  readonly mutation: Mutation;
}

/** Every fault that is tried, in an order that depends on the policies only. */
export function faultsOf(policies: ResolvedPolicies): readonly Fault[] {
  const threshold = Math.min(...policies.entries.map((entry) => entry.threshold));
  return distinctRules(policies).flatMap((rule) =>
    [...mutationsOf(rule, threshold)].map((mutation) => ({ rule, mutation })),
  );
}

/** Whether a test fails on the fault with a number; `null` where the mutant does not compile, and so is none. */
export type Trial = (fault: number) => Promise<boolean | null>;

/**
 * Makes trials. Only the changed rule is compiled anew, only into entries that have it, and the tests most likely
 * to notice come first: those in which the rule fired, on the entry that most of them ask.
 */
export function openTrials({ policies, tests, fired, now }: TrialSetup): Promise<Trial> {
  const faults = faultsOf(policies);
  const memo: LoweringMemo = new Map();
  /** Where a test asks no entry and there is no default one, all of them decide together. */
  const asked = tests.map(({ entry }) => entry ?? policies.defaultEntry);

  const notices = async (
    entries: readonly ResolvedPolicy[],
    some: readonly number[],
  ): Promise<boolean | null> => {
    const named = entries.some(({ name }) => name === policies.defaultEntry);
    const part = { ...policies, entries, defaultEntry: named ? policies.defaultEntry : null };
    const bundle = await loadPolicies(part, now, memo);
    return (
      bundle &&
      !allPass(
        bundle,
        some.flatMap((n) => tests[n] ?? []),
        now,
      )
    );
  };

  const tryOut = async (fault: Fault): Promise<boolean | null> => {
    const entries = withFault(policies, fault);
    const changed = entries.filter((entry, i) => entry !== policies.entries[i]);
    const concerned = (n: number): boolean =>
      asked[n] === null || changed.some(({ name }) => name === asked[n]);
    const likely = (n: number): boolean => fired[n]?.includes(fault.rule.id) ?? false;
    const order = [...tests.keys()].filter(concerned).sort((a, b) => Number(likely(b)) - Number(likely(a)));
    const first =
      mostAsked(
        changed,
        order.filter(likely).map((n) => asked[n] ?? null),
      ) ?? changed[0];
    if (!first) return false;
    const ofFirst = order.filter((n) => asked[n] === first.name);
    const noticed = await notices([first], ofFirst);
    if (noticed !== false) return noticed;
    const others = order.filter((n) => asked[n] !== first.name);
    if (others.length === 0) return false;
    return notices(others.some((n) => asked[n] === null) ? entries : changed, others);
  };

  return Promise.resolve(async (number) => {
    const fault = faults[number];
    if (!fault) return null;
    const noticed = await tryOut(fault);
    // Nobody asks for this rule again.
    if (fault.mutation.rule) memo.delete(fault.mutation.rule);
    return noticed;
  });
}

/** The fault is in the source, so it is in every entry that inherits the rule. Other entries stay as they are. */
function withFault({ entries }: ResolvedPolicies, { rule, mutation }: Fault): readonly ResolvedPolicy[] {
  const key = keyOf(rule);
  const isIt = (each: ResolvedRule): boolean => each.id === rule.id && keyOf(each) === key;
  const mutated = layering((each: ResolvedRule) => (isIt(each) ? mutation.rule : each));
  return entries.map((entry) =>
    findRule(entry.layer, isIt) ? { ...entry, layer: mutated(entry.layer) } : entry,
  );
}

function mostAsked(
  entries: readonly ResolvedPolicy[],
  asked: readonly (string | null)[],
): ResolvedPolicy | undefined {
  const times = (entry: ResolvedPolicy): number => asked.filter((name) => name === entry.name).length;
  return [...entries].sort((a, b) => times(b) - times(a))[0];
}
