import { Automata } from './automata.js';
import { cached } from './cache.js';
import { choosePlan } from './choose.js';
import { compilePattern } from './compile.js';
import { wholeLiterals } from './literals.js';
import { DEFAULT_LIMITS } from './limits.js';
import { minimise } from './minimise.js';
import { choice } from './node.js';
import { parsePattern } from './parse.js';
import { unite } from './product.js';
import { Refused, TooManyStates } from './refusal.js';
import { stateCount } from './subset.js';
import { packDfa } from './table.js';
import { trimSearch } from './trim.js';
const GROUP_LIMITS = { states: 3_000, entries: 100_000 };
/**
 * Groups patterns greedily, in order: plain texts together, then tables united as long as they stay small; a pattern
 * that no table takes is a group of its own. A pattern that cannot be compiled is in no group but in `refusals`.
 */
export function compileSet(patterns, options = {}) {
  const { cache } = options;
  const limits = { ...GROUP_LIMITS, ...options.limits };
  return cached(cache, ['set', patterns, limits], () => makeGroups(patterns, limits, cache));
}
function makeGroups(patterns, limits, cache) {
  const refusals = [];
  const members = patterns.flatMap((pattern, index) => {
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
  const groups = [];
  const rest = [];
  for (const ignoreCase of [false, true]) {
    const alike = members.filter((member) => member.ignoreCase === ignoreCase);
    const isPlain = ({ node }) => wholeLiterals(node, ignoreCase, DEFAULT_LIMITS.words) !== undefined;
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
        ? compilePattern(only.source, { ...only, ...(cache && { cache }) })
        : undefined;
    if (only && alone?.ok === false) refusals.push({ member: only.index, refusal: alone.refusal });
    const plan = alone ? (alone.ok ? alone.plan : undefined) : dfa && groupPlan(group, dfa);
    if (plan) groups.push({ members: group.map((member) => member.index), plan });
  }
  return { groups, refusals };
}
const sourceOf = (group) => group.map((member) => member.source).join('|');
function unionOfTexts(group, ignoreCase) {
  const subject = { source: sourceOf(group), ignoreCase, node: choice(group.map((member) => member.node)) };
  const plan = choosePlan(subject, { limits: DEFAULT_LIMITS });
  return plan instanceof Error ? undefined : plan;
}
/** Groups that are still added to; trying all of them takes longer than it gains. */
const OPEN_GROUPS = 2;
/** Adds each pattern's table to the first open group that stays within the limits with it. */
function uniteTables(members, limits) {
  const groups = [];
  for (const member of members) {
    const automata = new Automata(member.node, DEFAULT_LIMITS);
    const dfa = automata.table('forward', DEFAULT_LIMITS.smallTable);
    const open = groups.filter((group) => group.dfa).slice(-OPEN_GROUPS);
    const home = dfa && open.find((group) => join(group, member, dfa, limits));
    if (!home) groups.push({ members: [member], dfa });
  }
  return groups;
}
function join(group, member, dfa, limits) {
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
function groupPlan(group, dfa) {
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
