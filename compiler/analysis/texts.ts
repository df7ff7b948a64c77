/** Regular expressions that match everything or nothing, and texts that look like one where none is read. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { LeafDeclaration } from '../ir/document.ts';
import type { Span } from '../ir/source.ts';
import { extentOf, slipsOf } from '../patterns/index.ts';
import type { Extent } from '../patterns/index.ts';
import { leavesOf, patternRulesOf, rulesOf } from './analysis.ts';
import type { Analysis } from './analysis.ts';

export const texts: Analysis = {
  name: 'over-broad and empty regular expressions',
  run: ({ policies }, diagnostics) => {
    const known = new Map<string, Extent>();
    const extent = (source: string): Extent => {
      const found = known.get(source) ?? extentOf(source);
      known.set(source, found);
      return found;
    };
    for (const rule of rulesOf(policies)) {
      if (rule.kind !== 'deny-token' && rule.kind !== 'result') continue;
      report(rule.regex, extent(rule.regex), { anywhere: true, inverse: false }, rule.span, diagnostics);
    }
    for (const { pattern } of patternRulesOf(policies)) {
      for (const leaf of leavesOf(pattern)) lookAt(leaf, extent, diagnostics);
    }
  },
};

function lookAt(leaf: LeafDeclaration, extent: (source: string) => Extent, diagnostics: Diagnostics): void {
  const { operation, value, arg } = leaf;
  if (typeof value?.value !== 'string') return;
  const text = value.value;
  if (operation.value === 'matches' || operation.value === 'not_matches') {
    const where = { anywhere: arg === null, inverse: operation.value === 'not_matches' };
    report(text, extent(text), where, value.span, diagnostics);
  } else if (PLAIN.has(operation.value) && LIKE_A_REGEX.test(text)) {
    diagnostics.report('PL4154', { operation: operation.value, text }, value.span);
  }
}

const PLAIN: ReadonlySet<string> = new Set(['contains', 'not_contains', 'starts_with', 'ends_with']);

/** `.*`, `\d`, `(?i)`, `[a-z]`: what no text that is looked for as it stands is likely to hold. */
const LIKE_A_REGEX = /\.[*+]|\\[dswb](?![a-zA-Z])|\(\?[i:=!<]|\[[a-z]-[a-z]|\[0-9\]/;

/** `/abc/i`: a regular expression as it stands in a program, with flags behind it. */
const LITERAL = /^\/(?:[^/\\]|\\.)+\/[dgimsuvy]{1,4}$/;

function report(
  pattern: string,
  extent: Extent,
  { anywhere, inverse }: { readonly anywhere: boolean; readonly inverse: boolean },
  span: Span,
  diagnostics: Diagnostics,
): void {
  if (extent === 'every') {
    // An empty alternative is told of with its place.
    const isSlip = slipsOf(pattern).some(({ kind }) => kind === 'empty-alternative');
    if (!isSlip) diagnostics.report('PL4151', { pattern, inverse }, span);
  }
  if (LITERAL.test(pattern)) diagnostics.report('PL4155', { pattern }, span);
  if (extent === 'letters' && anywhere) diagnostics.report('PL4152', { pattern }, span);
  if (extent === 'none') diagnostics.report('PL4153', { pattern }, span);
}
