import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { ReferenceKind, TextPlace } from '../diagnostics/reference-catalog.ts';
import type { YamlNode } from '../ir/node.ts';
import type { Span } from '../ir/source.ts';

/** A name or a path behind an opener: what people write for a value that is to be put in. */
const REFERENCE = /\$\{\s*([\p{L}_][\w-]*)\s*([.[][^{}]*)?\}|\{\{\s*([\p{L}_][\w-]*)\s*([.[|][^{}]*)?\}\}/gu;
/** The way in which a condition names the same, as a whole text. */
const BARE = /^(params|context)((?:\.[A-Za-z_]\w*)+)$/;

/** Where a regular expression may stand. */
const PATTERN_PLACES: readonly TextPlace[] = ['pattern', 'parameter', 'setting'];

/** Reports the first text at or below a node that looks like a reference; whether there was one. */
export function reportReferencesIn(node: YamlNode, place: TextPlace, diagnostics: Diagnostics): boolean {
  if (node.kind === 'mapping') return false;
  if (node.kind === 'sequence') {
    const inner = PATTERN_PLACES.includes(place) ? place : 'list';
    return node.items.some((item) => reportReferencesIn(item, inner, diagnostics));
  }
  return typeof node.value === 'string' && reportReferences(node.value, node.span, place, diagnostics);
}

/** Reports a text that looks like a reference, which would be compared as it is written; whether it does. */
export function reportReferences(
  text: string,
  span: Span,
  place: TextPlace,
  diagnostics: Diagnostics,
): boolean {
  const reference = referenceIn(text, place);
  if (!reference) return false;
  const isWhole = reference.text === text;
  diagnostics.report('PL1116', { kind: kindOf(reference), place, isWhole, ...reference }, span);
  return true;
}

interface Reference {
  /** As it is written. */
  readonly text: string;
  /** The name it begins with. */
  readonly root: string;
  /** What follows that name, without the dot. */
  readonly path: string;
}

function referenceIn(text: string, place: TextPlace): Reference | null {
  const [, bareRoot, barePath = ''] =
    (place === 'operand' || place === 'list' ? BARE.exec(text) : null) ?? [];
  if (bareRoot !== undefined) return { text, root: bareRoot, path: barePath.slice(1) };
  for (const match of text.matchAll(REFERENCE)) {
    // In a regular expression, which a parameter may hold too, a backslash makes a sign of it.
    if (PATTERN_PLACES.includes(place) && text.charAt(match.index - 1) === '\\') continue;
    const [whole, root = match[3] ?? '', path = match[4] ?? ''] = match;
    return { text: whole, root, path: path.replace(/^\./, '').trim() };
  }
  return null;
}

const ROOTS = ['params', 'context'] as const;

function kindOf({ root, path }: Reference): ReferenceKind {
  if (path === '') return 'unknown';
  return ROOTS.find((name) => name === nearest(root, ROOTS)) ?? 'unknown';
}
