/** Coverage over the lines of the policies: lcov for tools, a page for people. */
import type { SourceFile } from '../../compiler/inspect.ts';
import type { Coverage } from '../testing/coverage.ts';
import { ruleCoverage } from '../testing/coverage.ts';
import { PAGE_TAIL, pageHead, tile } from './page.ts';
import { escapeMarkup as text } from '../../decisions/markup.ts';

/** Hits a line; a line of several rules or operations has those of the least. */
function linesOf(coverage: Coverage, file: string): ReadonlyMap<number, number> {
  const lines = new Map<number, number>();
  for (const { file: of, line, hits } of [...coverage.rules, ...coverage.atoms]) {
    if (of === file) lines.set(line, Math.min(hits, lines.get(line) ?? Infinity));
  }
  return new Map([...lines].sort(([a], [b]) => a - b));
}

/** An lcov tracefile (geninfo(1)). @param root - path from the working directory to the policies */
export function lcov(coverage: Coverage, sources: readonly SourceFile[], root: string): string {
  return sources
    .map(({ path }) => {
      const lines = [...linesOf(coverage, path)];
      const functions = coverage.rules.filter(({ file }) => file === path);
      return [
        `SF:${root === '' ? path : `${root}/${path}`}`,
        ...functions.map(({ line, label }) => `FN:${line},${label}`),
        ...functions.map(({ hits, label }) => `FNDA:${hits},${label}`),
        `FNF:${functions.length}`,
        `FNH:${functions.filter(({ hits }) => hits > 0).length}`,
        ...lines.map(([line, hits]) => `DA:${line},${hits}`),
        `LF:${lines.length}`,
        `LH:${lines.filter(([, hits]) => hits > 0).length}`,
        'end_of_record\n',
      ].join('\n');
    })
    .join('');
}

/** How a line is shown whose rules fired so often; `undefined` where it has none. */
function markOf(count: number | undefined): { readonly kind: string; readonly mark: string } {
  if (count === undefined) return { kind: 'soft', mark: '' };
  return count > 0 ? { kind: 'good', mark: `${count}×` } : { kind: 'critical', mark: 'never' };
}

export function coveragePage(coverage: Coverage, sources: readonly SourceFile[]): string {
  const { rules } = coverage;
  const files = sources.map(({ path, text: source }) => {
    const hits = linesOf(coverage, path);
    const lines = source.split('\n').map((line, i) => {
      const count = hits.get(i + 1);
      const { kind, mark } = markOf(count);
      return `<span class="${kind}">${mark.padStart(6)}  ${text(line)}</span>`;
    });
    return `<h2>${text(path)}</h2><pre>${lines.join('\n')}</pre>\n`;
  });
  return [
    pageHead('Policy coverage'),
    '<h1>Policy coverage</h1><div class="tiles">',
    tile('rules fired', `${ruleCoverage(coverage).toFixed(1)} %`),
    tile('rules', rules.length),
    tile('never fired', rules.filter(({ hits }) => hits === 0).length, 'critical'),
    '</div>',
    ...files,
    PAGE_TAIL,
  ].join('');
}
