import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { globCovers } from '../glob/covers.ts';
import { allLayers } from '../ir/layer.ts';
import { parsePath, pathProblem } from '../ir/path.ts';
import type { ArgPath } from '../ir/path.ts';
import type { BoundRule, ResolvedPolicies } from '../ir/resolved.ts';
import { lastCutOf, toolsOf } from '../ir/tools.ts';

/** Every tool name and glob that the policies mention, and every tool of the catalog. */
export interface KnownTools {
  readonly names: ReadonlySet<string>;
  readonly globs: readonly string[];
}

export function knownTools(policies: ResolvedPolicies): KnownTools {
  const { entries, catalog } = policies;
  const layers = allLayers(entries.map(({ layer }) => layer));
  const mentioned = new Set<string>();
  for (const { added } of layers)
    for (const rule of added) for (const tool of toolsOf(rule)) mentioned.add(tool);
  for (const tool of catalog ? [...catalog.tools.keys(), ...catalog.leftOut] : []) mentioned.add(tool);
  const isGlob = (tool: string): boolean => tool.includes('*');
  return {
    names: new Set([...mentioned].filter((tool) => !isGlob(tool))),
    globs: [...mentioned].filter(isGlob),
  };
}

/**
 * Splits `payments.transfer.amount` into tool and argument: 2-resolve has found the longest tool name that was
 * known where the bound was declared. Where none was the last dot in front of any `[` divides, with a warning unless some policy names
 * the tool or a glob covers it.
 */
export function splitBound(
  rule: BoundRule,
  known: KnownTools,
  diagnostics: Diagnostics,
): { readonly tool: string; readonly path: ArgPath } | null {
  const last = lastCutOf(rule.key);
  if (last === undefined) {
    diagnostics.report('PL3001', { key: rule.key }, rule.span);
    return null;
  }
  const at = rule.tool?.length ?? last;
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
