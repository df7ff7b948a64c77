/** Spellings of a pattern that mean something else than they look like. */
import { RegExpParser } from '@eslint-community/regexpp';
import type { AST } from '@eslint-community/regexpp';
import { rewrite } from '../syntax/lenient.ts';
import { SLIPS } from './slip-kinds.ts';
import type { SlipKind } from './slip-kinds.ts';

export type { SlipKind } from './slip-kinds.ts';

/** A suspicious stretch of a pattern: `start` and `end` are offsets in the author's text, in UTF-16 units. */
export interface Slip {
  readonly kind: SlipKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const parser = new RegExpParser({ ecmaVersion: 2025 });

/**
 * What is suspicious about a pattern that compiles; nothing for one that does not.
 *
 * @example
 * slipsOf('example.com') // [{ kind: 'dot', start: 7, end: 8, text: '.' }]
 */
export function slipsOf(source: string): readonly Slip[] {
  const { text, original } = rewrite(source);
  let tree: AST.Pattern;
  try {
    tree = parser.parsePattern(text, 0, text.length, { unicode: true });
  } catch {
    // Whatever cannot be parsed has been refused, with a place and a way out.
    return [];
  }
  const found = Object.entries(SLIPS).flatMap(([kind, find]) =>
    [...find(tree)].map(({ start, end }): Slip => {
      const [from, to] = [original(start), original(end)];
      return { kind: kind as SlipKind, start: from, end: to, text: source.slice(from, to) };
    }),
  );
  return found.sort((a, b) => a.start - b.start);
}
