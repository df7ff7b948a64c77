/** What inheritance promises of results: what an ancestor keeps back, a child keeps back. */
import { rulesIn } from '../../compiler/ir/layer.ts';
import type { ResolvedPolicy } from '../../compiler/ir/resolved.ts';
import { handedOn } from '../session/results-oracle.ts';
import type { WrittenResults } from '../session/results-oracle.ts';

/** Of the tools and the texts that the pieces name. */
const CALLS = ['pay.send', 'mail', 'db.query'].flatMap((tool) =>
  ['x', 'a1', 'x\na1\nelse'].map((text) => ({ tool, text })),
);

function writtenOf({ layer }: ResolvedPolicy): readonly WrittenResults[] {
  return rulesIn(layer).flatMap((rule) =>
    rule.kind === 'result' ? [{ tool: rule.glob, deny_tokens_regex: [rule.regex], action: rule.action }] : [],
  );
}

/** A result of which the child hands on what the ancestor does not; `null` where there is none. */
export function handsOnMore(child: ResolvedPolicy, ancestor: ResolvedPolicy): string | null {
  const [below, above] = [writtenOf(child), writtenOf(ancestor)];
  for (const { tool, text } of CALLS) {
    const [kept, promised] = [handedOn(tool, text, below), handedOn(tool, text, above)];
    const isWeaker = kept.isBlocked ? false : promised.isBlocked || !hides(kept.kept, promised.kept);
    if (isWeaker || promised.rules.some((rule) => !kept.rules.includes(rule)))
      return `of ${JSON.stringify(text)} of ${tool}`;
  }
  return null;
}

/** No line of the one is there that is not of the other. */
const hides = (kept: unknown, promised: unknown): boolean =>
  String(kept)
    .split('\n')
    .every((line) => line === '[redacted]' || String(promised).split('\n').includes(line));
