/** Small faults one could make in a policy. A test suite that misses one has a hole where it is. */
import type { Enforcement } from '@plan-lint/runtime/contract';
import { OPERATIONS as KNOWN } from '../../compiler/index.ts';
import type {
  LeafDeclaration,
  Located,
  Narrowing,
  PatternDeclaration,
  ResolvedRule,
  Span,
} from '../../compiler/inspect.ts';
import { wholePlanMutations } from './whole-plan-mutations.ts';

import { celMutations } from './cel-mutations.ts';

/** A rule that is not quite the one that was written; `rule: null` for none at all. */
export interface Mutation {
  readonly what: string;
  readonly rule: ResolvedRule | null;
  /** What to write where, to show the mutant in its source; `null` where it is the rule's end of it. */
  readonly span: Span;
  readonly text: string | null;
}

const FAULTS: Readonly<Record<string, readonly string[]>> = {
  equals: ['not_equals'],
  not_equals: ['equals'],
  in: ['not_in'],
  not_in: ['in'],
  contains: ['not_contains'],
  not_contains: ['contains'],
  starts_with: ['contains'],
  ends_with: ['contains'],
  matches: ['not_matches'],
  not_matches: ['matches'],
  gt: ['gte', 'lt'],
  gte: ['gt', 'lte'],
  lt: ['lte', 'gt'],
  lte: ['lt', 'gte'],
  exists: ['missing'],
  missing: ['exists'],
  length_gt: ['length_gte', 'length_lt'],
  length_gte: ['length_gt', 'length_lte'],
  length_lt: ['length_lte', 'length_gt'],
  length_lte: ['length_lt', 'length_gte'],
};

/** The next weaker enforcement: a mutant that denies more is found by any test that passes. */
const WEAKER: Readonly<Partial<Record<Enforcement, Enforcement>>> = {
  deny: 'require_approval',
  require_approval: 'warn',
  warn: 'audit',
};

/** @param threshold - of the entry: a rule whose weight reaches it denies whatever its enforcement says */
export function* mutationsOf(rule: ResolvedRule, threshold: number): Generator<Mutation> {
  const { span } = rule;
  yield { what: 'without the rule', rule: null, span, text: null };
  const weaker = WEAKER[rule.enforcement];
  if (weaker && rule.weight < threshold) {
    const text = `enforcement: ${weaker}`;
    yield {
      what: `enforcement ${rule.enforcement} → ${weaker}`,
      rule: { ...rule, enforcement: weaker },
      span,
      text,
    };
  }
  switch (rule.kind) {
    case 'pattern':
      for (const { narrowing, ...rest } of narrowingMutations(rule))
        yield { ...rest, rule: { ...rule, ...narrowing } };
      return;
    case 'bound':
      for (const [end, value] of [
        ['min', rule.min],
        ['max', rule.max],
      ] as const) {
        if (value === null) continue;
        for (const changed of [value - 1, value + 1]) {
          const what = `${rule.key} ${end} ${value} → ${changed}`;
          yield { what, rule: { ...rule, [end]: changed }, span, text: `${rule.key} ${end}: ${changed}` };
        }
      }
      if (rule.optional) {
        const what = `${rule.key} missing is not fine`;
        yield { what, rule: { ...rule, optional: false }, span, text: `${rule.key} optional: false` };
      }
      return;
    case 'max-steps':
      for (const limit of [rule.limit - 1, rule.limit + 1]) {
        if (limit < 0) continue;
        yield {
          what: `max_steps ${rule.limit} → ${limit}`,
          rule: { ...rule, limit },
          span,
          text: `${limit}`,
        };
      }
      return;
    case 'allow':
      for (const [at, { globs }] of rule.layers.entries()) {
        for (const [i, glob] of globs.entries()) {
          const layers = rule.layers.map((layer, n) =>
            n === at ? { ...layer, globs: globs.filter((_, each) => each !== i) } : layer,
          );
          yield { what: `allow_tools without ${glob}`, rule: { ...rule, layers }, span, text: `# ${glob}` };
        }
      }
      return;
    case 'deny-token':
      for (const { regex, gone } of shorterRegexes(rule.regex)) {
        yield {
          what: `without the alternative ${gone}`,
          rule: { ...rule, regex },
          span,
          text: JSON.stringify(regex),
        };
      }
      return;
    case 'whole-plan':
      for (const { body, ...rest } of wholePlanMutations(rule.body))
        yield { ...rest, rule: { ...rule, body } };
      for (const { narrowing, ...rest } of narrowingMutations(rule.narrowing))
        yield { ...rest, rule: { ...rule, narrowing: { ...rule.narrowing, ...narrowing } } };
      return;
    default:
      return;
  }
}

type Condition = Pick<Narrowing, 'pattern' | 'when'>;
type ConditionMutation = Omit<Mutation, 'rule'> & { readonly narrowing: Condition };

/** Faults of pattern and condition, be it of a rule over steps or of what narrows another one. */
function* narrowingMutations(condition: Condition | null): Generator<ConditionMutation> {
  if (!condition) return;
  const { pattern: written, when } = condition;
  for (const { pattern, ...rest } of patternMutations(written))
    yield { ...rest, narrowing: { pattern, when } };
  if (!when) return;
  for (const { what, text } of celMutations(when.value)) {
    const changed = { ...when, value: text };
    yield { what, span: when.span, text, narrowing: { pattern: written, when: changed } };
  }
}

type PatternMutation = Omit<Mutation, 'rule'> & { readonly pattern: PatternDeclaration };

function* patternMutations(pattern: PatternDeclaration): Generator<PatternMutation> {
  const { tools, leaf, and, or, not, span } = pattern;
  if (tools) yield* toolMutations(pattern, tools);
  if (leaf) {
    for (const { leaf: changed, ...rest } of leafMutations(leaf)) {
      yield { ...rest, pattern: { ...pattern, leaf: changed } };
    }
  }
  for (const [key, items] of [
    ['and', and],
    ['or', or],
  ] as const) {
    if (!items) continue;
    const other = key === 'and' ? 'or' : 'and';
    if (items.length > 1) {
      yield {
        what: `${key} → ${other}`,
        span,
        text: `${other}: …`,
        pattern: { ...pattern, [key]: null, [other]: items },
      };
    }
    for (const [i, item] of items.entries()) {
      if (items.length > 1) {
        const rest = items.filter((_, each) => each !== i);
        yield {
          what: `${key} without an item`,
          span: item.span,
          text: null,
          pattern: { ...pattern, [key]: rest },
        };
      }
      for (const { pattern: changed, ...rest } of patternMutations(item)) {
        yield { ...rest, pattern: { ...pattern, [key]: items.map((each, n) => (n === i ? changed : each)) } };
      }
    }
  }
  if (!not) return;
  yield { what: 'not removed', span: not.span, text: '…', pattern: { ...pattern, not: null, and: [not] } };
  for (const { pattern: changed, ...rest } of patternMutations(not)) {
    yield { ...rest, pattern: { ...pattern, not: changed } };
  }
}

function* toolMutations(
  pattern: PatternDeclaration,
  tools: readonly Located<string>[],
): Generator<PatternMutation> {
  for (const [i, tool] of tools.entries()) {
    if (tools.length > 1) {
      const rest = tools.filter((_, each) => each !== i);
      yield {
        what: `without the tool ${tool.value}`,
        span: tool.span,
        text: null,
        pattern: { ...pattern, tools: rest },
      };
    }
  }
  const [first] = tools;
  if (first && !tools.some(({ value }) => value === '*')) {
    yield {
      what: 'any tool',
      span: first.span,
      text: '"*"',
      pattern: { ...pattern, tools: [{ ...first, value: '*' }] },
    };
  }
}

type LeafMutation = Omit<Mutation, 'rule'> & { readonly leaf: LeafDeclaration };

function* leafMutations(leaf: LeafDeclaration): Generator<LeafMutation> {
  const { operation, value, arg } = leaf;
  for (const name of FAULTS[operation.value] ?? []) {
    // Only some operations make sense of every text anywhere, which is what a pattern without `arg` means.
    if (!arg && !Object.entries(KNOWN).some(([each, { anywhere }]) => each === name && anywhere)) continue;
    const { file, start, end } = operation.span;
    const text = file.text.slice(start, end).replace(operation.value, name);
    const changed = { ...leaf, operation: { ...operation, value: name } };
    yield { what: `${operation.value} → ${name}`, span: operation.span, text, leaf: changed };
  }
  if (leaf.optional?.value) {
    const { span } = leaf.optional;
    const changed = { ...leaf, optional: { value: false, span } };
    yield { what: 'missing is not fine', span, text: 'false', leaf: changed };
  }
  if (!value) return;
  for (const changed of valueMutations(value.value, /^(not_)?matches$/.test(operation.value))) {
    const text = JSON.stringify(changed);
    const mutant = { ...leaf, value: { ...value, value: changed } };
    yield { what: `value ${JSON.stringify(value.value)} → ${text}`, span: value.span, text, leaf: mutant };
  }
}

type Value = NonNullable<LeafDeclaration['value']>['value'];

function* valueMutations(value: Value, isRegex: boolean): Generator<Value> {
  if (typeof value === 'number') yield* [value - 1, value + 1];
  else if (typeof value === 'boolean') yield !value;
  else if (typeof value === 'string' && isRegex) {
    for (const { regex } of shorterRegexes(value)) yield regex;
  } else if (Array.isArray(value)) {
    const items = value as readonly Exclude<Value, readonly unknown[]>[];
    if (items.length === 2 && items.every((each) => typeof each === 'number')) {
      const [low = 0, high = 0] = items;
      yield* [
        [low - 1, high],
        [low + 1, high],
        [low, high - 1],
        [low, high + 1],
      ];
    } else if (items.length > 1) {
      for (const i of items.keys()) yield items.filter((_, each) => each !== i);
    }
  }
}

/** A regular expression without one of its alternatives, for those that are alternatives throughout. */
export function shorterRegexes(regex: string): readonly { readonly regex: string; readonly gone: string }[] {
  const parts: string[] = [''];
  let depth = 0;
  let inClass = false;
  for (let i = 0; i < regex.length; i += 1) {
    const char = regex[i] ?? '';
    if (char === '\\') {
      parts.push((parts.pop() ?? '') + char + (regex[i + 1] ?? ''));
      i += 1;
      continue;
    }
    if (inClass) inClass = char !== ']';
    else if (char === '[') inClass = true;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === '|' && depth === 0) {
      parts.push('');
      continue;
    }
    parts.push((parts.pop() ?? '') + char);
  }
  // Global flags written in front belong to all alternatives.
  if (parts.length < 2 || /^\(\?[a-z]+\)/.test(regex)) return [];
  return parts.map((gone, i) => ({ gone, regex: parts.filter((_, each) => each !== i).join('|') }));
}
