/** One pattern, from the author's text to a plan or a refusal. */
import type {
  PatternEngine,
  PatternPlan,
  PatternRefusal,
  PatternResult,
  ScanDirection,
} from '../../ir/pattern.ts';
import { cached, type PatternCache } from './cache.ts';
import { choosePlan } from './choose.ts';
import { DEFAULT_LIMITS, type PatternLimits } from '../syntax/limits.ts';
import { looksAt } from '../questions/looks.ts';
import { requiredLiterals } from '../syntax/literals.ts';
import { walk, type PatternNode, type RepeatNode } from '../syntax/node.ts';
import { mayMatchOver, NUMBER_TEXT } from './over.ts';
import { parsePattern } from '../syntax/parse.ts';
import { Refused, refuse, WrongDirection } from '../syntax/refusal.ts';
import { trimSearch } from '../syntax/trim.ts';

export interface PatternOptions {
  /** As the `i` flag; a leading `(?i)` in the pattern has the same effect. */
  readonly ignoreCase?: boolean;
  readonly limits?: Partial<PatternLimits>;
  readonly cache?: PatternCache;
  /** @internal For tests: this engine or nothing. */
  readonly engine?: PatternEngine;
  /** @internal For tests: this direction or nothing. */
  readonly direction?: ScanDirection;
}

/**
 * Compiles a pattern so that testing a text takes time linear in the text, or says why it cannot.
 *
 * The meaning is that of `RegExp.prototype.test` with the `u` flag (and `i` where asked): a search anywhere in the
 * text, over code points. It follows ECMA-262, where a match never begins inside a surrogate pair; V8 lets an empty
 * match begin there. Case folding is Unicode simple case folding (`Canonicalize`, 22.2.2.7.3).
 * Beyond ECMAScript, leading `(?i)`, `(?s)`, `(?m)`, groups `(?P<name>…)` and needlessly escaped punctuation
 * (`\-`, `\"`, `\@`, `\_`) are read as Python and RE2 read them.
 *
 * Refused: what is not a pattern (`syntax`), back-references, sets of strings and lookarounds in both directions at
 * once (`unsupported`), and what no automaton within the limits decides (`too-large`).
 *
 * @example
 * compilePattern('AKIA[0-9A-Z]{16}', {}) // { ok: true, plan: { engine: 'native', … } }
 */
export function compilePattern(source: string, options: PatternOptions = {}): PatternResult {
  const { cache, ...rest } = options;
  return cached(cache, ['pattern', source, rest], () => compileAnew(source, rest));
}

function compileAnew(source: string, options: PatternOptions): PatternResult {
  try {
    const { node, ignoreCase } = parsePattern(source, options.ignoreCase ?? false);
    const subject = { source, ignoreCase, node: trimSearch(node) };
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const plan = choosePlan(subject, {
      limits,
      ...(options.engine && { engine: options.engine }),
      ...(options.direction && { direction: options.direction }),
    });
    if (plan instanceof WrongDirection) throw lookBothWays(plan, source);
    if (plan instanceof Error) throw tooLarge(node, source);
    return { ok: true, plan: { ...plan, ...knownOf(node) } };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/** What is known of every text that the pattern matches, whichever engine finds it. */
function knownOf(node: PatternNode): Pick<PatternPlan, 'required' | 'notInNumbers' | 'looks'> {
  const looks = looksAt(node);
  const required = requiredLiterals(node, false)?.texts;
  return {
    ...(required && { required }),
    ...(!mayMatchOver(node, NUMBER_TEXT) && { notInNumbers: true }),
    ...(looks && { looks }),
  };
}

function lookBothWays(obstacle: WrongDirection, source: string): Refused {
  const { start, end } = obstacle.span;
  return refuse(
    'unsupported',
    `\`${source.slice(start, end)}\` cannot be had in a pattern that also looks the other way`,
    'keep either the lookaheads or the lookbehinds, or shorten one of them to a single character',
    obstacle.span,
  );
}

/** Names the repetition that contributes most; a pattern without any is too long as a whole. */
function tooLarge(node: PatternNode, source: string): Refused {
  const worst = largestRepeat(node);
  if (!worst) {
    const hint = 'split it into several patterns';
    return refuse('too-large', 'the pattern has too many alternatives for one automaton', hint, {
      start: 0,
      end: source.length,
    });
  }
  const { start, end } = worst.span;
  const quantifier = /(?:[*+?]|\{\d+(?:,\d*)?\})\??$/.exec(source.slice(start, end))?.[0] ?? '';
  const text = shorten(source.slice(start, end - quantifier.length));
  const refusal: Omit<PatternRefusal, 'start' | 'end'> = {
    reason: 'too-large',
    message: `the quantifier \`${quantifier}\` after \`${text}\` makes the pattern too large to decide in linear time`,
    hint: 'lower its bounds, or use `*` or `+` where the exact number does not matter',
  };
  return new Refused({ ...refusal, start: end - quantifier.length, end });
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

function largestRepeat(root: PatternNode): RepeatNode | undefined {
  let worst: RepeatNode | undefined;
  let most = 0;
  walk(root, (node) => {
    if (node.kind !== 'repeat') return;
    const size = weight(node);
    if (size > most) [worst, most] = [node, size];
  });
  return worst;
}

/** Characters a node writes out to, with counted repetitions worth more than loops. */
function weight(node: PatternNode): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'sequence':
    case 'choice':
      return node.items.reduce((sum, item) => sum + weight(item), 0);
    case 'repeat':
      return weight(node.body) * (node.max === Infinity ? Math.max(1, node.min) : node.max);
    case 'look':
      return weight(node.body);
    default:
      return 0;
  }
}
