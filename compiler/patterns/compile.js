import { cached } from './cache.js';
import { choosePlan } from './choose.js';
import { DEFAULT_LIMITS } from './limits.js';
import { walk } from './node.js';
import { parsePattern } from './parse.js';
import { Refused, refuse, WrongDirection } from './refusal.js';
import { trimSearch } from './trim.js';
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
export function compilePattern(source, options = {}) {
  const { cache, ...rest } = options;
  return cached(cache, ['pattern', source, rest], () => compileAnew(source, rest));
}
function compileAnew(source, options) {
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
    return { ok: true, plan };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
function lookBothWays(obstacle, source) {
  const { start, end } = obstacle.span;
  return refuse(
    'unsupported',
    `\`${source.slice(start, end)}\` cannot be had in a pattern that also looks the other way`,
    'keep either the lookaheads or the lookbehinds, or shorten one of them to a single character',
    obstacle.span,
  );
}
/** Names the repetition that contributes most; a pattern without any is too long as a whole. */
function tooLarge(node, source) {
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
  const refusal = {
    reason: 'too-large',
    message: `the quantifier \`${quantifier}\` after \`${text}\` makes the pattern too large to decide in linear time`,
    hint: 'lower its bounds, or use `*` or `+` where the exact number does not matter',
  };
  return new Refused({ ...refusal, start: end - quantifier.length, end });
}
const shorten = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
function largestRepeat(root) {
  let worst;
  let most = 0;
  walk(root, (node) => {
    if (node.kind !== 'repeat') return;
    const size = weight(node);
    if (size > most) [worst, most] = [node, size];
  });
  return worst;
}
/** Characters a node writes out to, with counted repetitions worth more than loops. */
function weight(node) {
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
