/**
 * Parser's tree → `PatternNode`: flags and modifiers, case folding and class escapes become sets of code points,
 * `^ $ . \b` and small lookarounds become assertions on the neighbouring character.
 */
import type { AST } from '@eslint-community/regexpp';
import { complement, LAST_CODE_POINT, NONE, single, union, type CharSet } from './charset.ts';
import { closeUnderFolding } from './folding.ts';
import { choice, EMPTY, isAssertion, look, sequence, type PatternNode } from './node.ts';
import { DIGIT, FOLDED_WORD, LINE_TERMINATOR, propertySet, SPACE, WORD } from './properties.ts';
import { refuse, type Refused, type Span } from './refusal.ts';

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** @throws Refused for back-references and the sets of strings that only the `v` flag knows. */
export function desugar(
  pattern: AST.Pattern,
  flags: Flags,
  original: (offset: number) => number,
  source: string,
): PatternNode {
  const span = (node: AST.Node): Span => ({ start: original(node.start), end: original(node.end) });
  const text = (at: Span): string => source.slice(at.start, at.end);

  const alternatives = (items: readonly AST.Alternative[], f: Flags): PatternNode =>
    choice(items.map((item) => sequence(item.elements.map((element) => convert(element, f)))));

  function convert(node: AST.Element, f: Flags): PatternNode {
    switch (node.type) {
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
        return { kind: 'set', set: characters(node, f) };
      case 'Group':
        return alternatives(node.alternatives, withModifiers(f, node.modifiers));
      case 'CapturingGroup':
        return alternatives(node.alternatives, f);
      case 'Quantifier': {
        const body = convert(node.element, f);
        if (node.max === 0 || isEmpty(body)) return EMPTY;
        if (node.min === 1 && node.max === 1) return body;
        // Looking twice sees the same.
        if (isAssertion(body)) return node.min === 0 ? EMPTY : body;
        // The quantifier alone is at fault, but reads better with what it repeats.
        return { kind: 'repeat', body, min: node.min, max: node.max, span: span(node) };
      }
      case 'Assertion':
        return assertion(node, f);
      case 'Backreference': {
        const at = span(node);
        throw refuse(
          'unsupported',
          `the back-reference \`${text(at)}\` cannot be matched in linear time`,
          'spell out the texts it may stand for, or use a condition instead of a pattern',
          at,
        );
      }
      case 'ExpressionCharacterClass':
        throw unknown(node);
    }
  }

  function assertion(node: AST.Assertion, f: Flags): PatternNode {
    switch (node.kind) {
      case 'start':
      case 'end': {
        const side = node.kind === 'start' ? 'before' : 'after';
        return { kind: 'near', side, set: f.multiline ? LINE_TERMINATOR : NONE, edge: true };
      }
      case 'word':
        return { kind: 'word', negate: node.negate, set: f.ignoreCase ? FOLDED_WORD : WORD };
      default:
        return look({
          side: node.kind === 'lookahead' ? 'after' : 'before',
          negate: node.negate,
          body: alternatives(node.alternatives, f),
          span: span(node),
        });
    }
  }

  function characters(node: AST.Element | AST.CharacterClassElement, f: Flags): CharSet {
    const fold = (set: CharSet): CharSet => (f.ignoreCase ? closeUnderFolding(set) : set);
    switch (node.type) {
      case 'Character':
        return fold(single(node.value));
      case 'CharacterClassRange':
        return fold([node.min.value, node.max.value]);
      case 'CharacterSet':
        return fold(characterSet(node, f));
      case 'CharacterClass': {
        // Folding comes before the complement: ECMA-262, 22.2.2.9 and CharacterSetMatcher (22.2.2.7.1).
        const set = union(NONE, ...node.elements.map((element) => characters(element, f)));
        return node.negate ? complement(set) : set;
      }
      default:
        throw unknown(node);
    }
  }

  function unknown(node: AST.Node): Refused {
    const at = span(node);
    return refuse(
      'unsupported',
      `\`${text(at)}\` needs the \`v\` flag, which patterns do not have`,
      'write a class of single characters',
      at,
    );
  }

  function characterSet(node: AST.CharacterSet, f: Flags): CharSet {
    const set = ((): CharSet => {
      switch (node.kind) {
        case 'any':
          return f.dotAll ? [0, LAST_CODE_POINT] : complement(LINE_TERMINATOR);
        case 'digit':
          return DIGIT;
        case 'space':
          return SPACE;
        case 'word':
          return f.ignoreCase ? FOLDED_WORD : WORD;
        case 'property':
          if (node.strings) throw unknown(node);
          return propertySet(node.value === null ? node.key : `${node.key}=${node.value}`);
      }
    })();
    return 'negate' in node && node.negate ? complement(set) : set;
  }

  return alternatives(pattern.alternatives, flags);
}

function isEmpty(node: PatternNode): boolean {
  return node.kind === 'sequence' && node.items.length === 0;
}

function withModifiers(flags: Flags, modifiers: AST.Modifiers | null): Flags {
  if (!modifiers) return flags;
  const apply = (f: Flags, set: AST.ModifierFlags | null, value: boolean): Flags =>
    set === null
      ? f
      : {
          ignoreCase: set.ignoreCase ? value : f.ignoreCase,
          multiline: set.multiline ? value : f.multiline,
          dotAll: set.dotAll ? value : f.dotAll,
        };
  return apply(apply(flags, modifiers.add, true), modifiers.remove, false);
}
