import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { globCovers } from '../glob/covers.ts';
import { parsePath, pathProblem } from '../ir/path.ts';
import type { ArgPath } from '../ir/path.ts';
import type { BoundRule, ResolvedPolicies, ResolvedRule } from '../ir/resolved.ts';
import type { PatternDeclaration } from '../ir/document.ts';

/** Every tool name and glob that the policies mention. */
export interface KnownTools {
  readonly names: ReadonlySet<string>;
  readonly globs: readonly string[];
}

export function knownTools(policies: ResolvedPolicies): KnownTools {
  const mentioned = new Set(policies.entries.flatMap((entry) => entry.rules.flatMap(toolsOf)));
  const isGlob = (tool: string): boolean => tool.includes('*');
  return {
    names: new Set([...mentioned].filter((tool) => !isGlob(tool))),
    globs: [...mentioned].filter(isGlob),
  };
}

function toolsOf(rule: ResolvedRule): readonly string[] {
  if (rule.kind === 'allow') return rule.layers.flatMap((layer) => layer.globs);
  return rule.kind === 'pattern' && rule.pattern ? patternTools(rule.pattern) : [];
}

function patternTools({ tools, and, or, not }: PatternDeclaration): readonly string[] {
  const nested = [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])];
  return [...(tools ?? []).map((tool) => tool.value), ...nested.flatMap(patternTools)];
}

/**
 * Splits `payments.transfer.amount` into tool and argument: the argument is what follows the longest known tool
 * name. Where none is known the last dot divides, with a warning unless a glob covers the tool.
 */
export function splitBound(
  rule: BoundRule,
  known: KnownTools,
  diagnostics: Diagnostics,
): { readonly tool: string; readonly path: ArgPath } | null {
  const dots = [...rule.key.matchAll(/\./g)].map((found) => found.index).reverse();
  const [last] = dots;
  if (last === undefined) {
    diagnostics.report('PL3001', { key: rule.key }, rule.span);
    return null;
  }
  const at = dots.find((dot) => known.names.has(rule.key.slice(0, dot))) ?? last;
  const tool = rule.key.slice(0, at);
  const arg = rule.key.slice(at + 1);
  const problem = tool === '' ? 'the tool is missing' : pathProblem(arg);
  if (problem) {
    diagnostics.report('PL1112', { path: arg || rule.key, reason: problem }, rule.span);
    return null;
  }
  if (!known.names.has(tool) && !known.globs.some((glob) => globCovers(glob, tool))) {
    diagnostics.report('PL3002', { key: rule.key, tool, arg }, rule.span);
  }
  return { tool, path: parsePath(arg) };
}
