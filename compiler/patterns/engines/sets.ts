/**
 * Many patterns asked one question: does any of them match? One pass over the text answers for a whole group, and
 * the patterns themselves need to be tried only after a hit.
 */
import type { PatternPlan, PatternRefusal } from '../../ir/pattern.ts';
import { Automata } from '../automata/automata.ts';
import { cached, type PatternCache } from './cache.ts';
import { choosePlan } from './choose.ts';
import { compilePattern } from './compile.ts';
import { wholeLiterals } from '../syntax/literals.ts';
import type { PatternText } from '../questions/inclusion.ts';
import { DEFAULT_LIMITS } from '../syntax/limits.ts';
import { minimise } from '../automata/minimise.ts';
import { choice, type PatternNode } from '../syntax/node.ts';
import { parsePattern } from '../syntax/parse.ts';
import { unite } from '../automata/product.ts';
import { Refused, TooManyStates } from '../syntax/refusal.ts';
import { stateCount, type Dfa } from '../automata/subset.ts';
import { packDfa } from './table.ts';
import { trimSearch } from '../syntax/trim.ts';

export interface PatternGroup {
  /** Indices of the patterns in the group, ascending. */
  readonly members: readonly number[];
  /** Matches where any member does. Its `source` is the members' own, for reports only. */
  readonly plan: PatternPlan;
}

export interface PatternSet {
  readonly groups: readonly PatternGroup[];
  readonly refusals: readonly { readonly member: number; readonly refusal: PatternRefusal }[];
}

export interface SetOptions {
  readonly cache?: PatternCache;
  readonly limits?: Partial<GroupLimits>;
}

/** How large a group's table may grow. */
export interface GroupLimits {
  /** States met on the way to the minimal automaton. */
  readonly states: number;
  /** Entries of the minimal table; a third of them is about what it adds to the module in characters. */
  readonly entries: number;
}

const GROUP_LIMITS: GroupLimits = { states: 3_000, entries: 100_000 };

/**
 * Groups patterns greedily, in order: plain texts together, then tables united as long as they stay small; a pattern
 * that no table takes is a group of its own. A pattern that cannot be compiled is in no group but in `refusals`.
 */
export function compileSet(patterns: readonly PatternText[], options: SetOptions = {}): PatternSet {
  const { cache } = options;
  const limits = { ...GROUP_LIMITS, ...options.limits };
  return cached(cache, ['set', patterns, limits], () => makeGroups(patterns, limits, cache));
}

interface Member {
  readonly index: number;
  readonly source: string;
  readonly ignoreCase: boolean;
  readonly node: PatternNode;
}

function makeGroups(patterns: readonly PatternText[], limits: GroupLimits, cache?: PatternCache): PatternSet {
  const refusals: { member: number; refusal: PatternRefusal }[] = [];
  const members = patterns.flatMap((pattern, index): Member[] => {
    const { source, ignoreCase = false } = typeof pattern === 'string' ? { source: pattern } : pattern;
    try {
      const parsed = parsePattern(source, ignoreCase);
      return [{ index, source, ignoreCase: parsed.ignoreCase, node: trimSearch(parsed.node) }];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusals.push({ member: index, refusal: error.refusal });
      return [];
    }
  });
  const groups: PatternGroup[] = [];
  const rest: Member[] = [];
  for (const ignoreCase of [false, true]) {
    const alike = members.filter((member) => member.ignoreCase === ignoreCase);
    const isPlain = ({ node }: Member): boolean =>
      wholeLiterals(node, ignoreCase, DEFAULT_LIMITS.words) !== undefined;
    const plain = alike.filter(isPlain);
    rest.push(...alike.filter((member) => !isPlain(member)));
    const plan = plain.length > 1 ? unionOfTexts(plain, ignoreCase) : undefined;
    if (plan) groups.push({ members: plain.map((member) => member.index), plan });
    else rest.push(...plain);
  }
  const tables = uniteTables(
    rest.sort((a, b) => a.index - b.index),
    limits,
  );
  for (const { members: group, dfa } of tables) {
    const [only] = group;
    const alone =
      only && group.length === 1
        ? compilePattern(only.source, { ignoreCase: only.ignoreCase, ...(cache && { cache }) })
        : undefined;
    if (only && alone?.ok === false) refusals.push({ member: only.index, refusal: alone.refusal });
    const own = alone?.ok ? alone.plan : undefined;
    const plan = alone ? own : dfa && groupPlan(group, dfa);
    if (plan) groups.push({ members: group.map((member) => member.index), plan });
  }
  return { groups, refusals };
}

const sourceOf = (group: readonly Member[]): string => group.map((member) => member.source).join('|');

function unionOfTexts(group: readonly Member[], ignoreCase: boolean): PatternPlan | undefined {
  const subject = { source: sourceOf(group), ignoreCase, node: choice(group.map((member) => member.node)) };
  const plan = choosePlan(subject, { limits: DEFAULT_LIMITS });
  return plan instanceof Error ? undefined : plan;
}

interface TableGroup {
  readonly members: Member[];
  /** Absent for a pattern that is better off alone. */
  dfa: Dfa | undefined;
}

/** Groups that are still added to; trying all of them takes longer than it gains. */
const OPEN_GROUPS = 2;

/** Adds each pattern's table to the first open group that stays within the limits with it. */
function uniteTables(members: readonly Member[], limits: GroupLimits): TableGroup[] {
  const groups: TableGroup[] = [];
  for (const member of members) {
    const automata = new Automata(member.node, DEFAULT_LIMITS);
    const dfa = automata.table('forward', DEFAULT_LIMITS.smallTable);
    const open = groups.filter((group) => group.dfa).slice(-OPEN_GROUPS);
    const home = dfa && open.find((group) => join(group, member, dfa, limits));
    if (!home) groups.push({ members: [member], dfa });
  }
  return groups;
}

function join(group: TableGroup, member: Member, dfa: Dfa, limits: GroupLimits): boolean {
  // The union seldom has fewer states than both together.
  if (!group.dfa || stateCount(group.dfa) + stateCount(dfa) > limits.states) return false;
  try {
    const union = minimise(unite(group.dfa, dfa, limits.states));
    if (union.table.length > limits.entries) return false;
    group.dfa = union;
    group.members.push(member);
    return true;
  } catch (error) {
    if (error instanceof TooManyStates) return false;
    throw error;
  }
}

function groupPlan(group: readonly Member[], dfa: Dfa): PatternPlan {
  const packed = packDfa(dfa);
  return {
    engine: 'dfa',
    source: sourceOf(group),
    ignoreCase: group.every((member) => member.ignoreCase),
    states: stateCount(dfa),
    bytes: packed.length,
    worstCase: 1,
    direction: 'forward',
    packed,
  };
}
