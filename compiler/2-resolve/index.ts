import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Configuration } from '../ir/configuration.ts';
import type { PolicyDocument } from '../ir/document.ts';
import type { ResolvedPolicies, ResolvedPolicy } from '../ir/resolved.ts';
import { chooseEntries, findEntry } from './entries.ts';
import { buildHierarchy } from './extends.ts';
import type { Hierarchy } from './extends.ts';
import { Merged } from './merge.ts';

/** Phase 2: documents become resolved policies, one an entry; `null` and diagnostics where they cannot. */
export function resolve(
  documents: readonly PolicyDocument[],
  asked: readonly string[],
  configuration: Configuration,
  diagnostics: Diagnostics,
): ResolvedPolicies | null {
  const hierarchy = buildHierarchy(documents, diagnostics);
  if (!hierarchy) return null;
  const chosen = chooseEntries(documents, hierarchy, asked, configuration, diagnostics);
  const memo = new Map<PolicyDocument, Merged>();
  const entries = chosen.map((document) => resolveEntry(document, hierarchy, diagnostics, memo));
  const { defaultEntry: wanted } = configuration;
  // A default entry that was not asked for this time cannot be the default of what is compiled.
  const isThere =
    wanted && (asked.length === 0 || chosen.some((document) => document.aliases.includes(wanted.value)));
  const byDefault = isThere ? findEntry(chosen, wanted.value, wanted.span, diagnostics) : null;
  if (diagnostics.hasErrors()) return null;
  const closure = new Set(chosen.flatMap((document) => hierarchy.chainOf(document)));
  const files = [...closure].map((document) => document.file);
  const sources = [...files, ...(configuration.file ? [configuration.file] : [])].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  return { entries, defaultEntry: byDefault?.name ?? null, bundleName: configuration.name, sources };
}

function resolveEntry(
  entry: PolicyDocument,
  hierarchy: Hierarchy,
  diagnostics: Diagnostics,
  memo: Map<PolicyDocument, Merged>,
): ResolvedPolicy {
  const chain = hierarchy.chainOf(entry);
  // Parents stand behind their children in C3 order, so that backwards every parent is there before its child.
  for (const document of [...chain].reverse()) {
    const parents = hierarchy.parentsOf(document).flatMap((parent) => memo.get(parent) ?? []);
    if (!memo.has(document)) memo.set(document, Merged.of(document, parents, diagnostics));
  }
  const merged = memo.get(entry) ?? Merged.of(entry, [], diagnostics);
  return {
    name: entry.name,
    file: entry.file,
    chain: chain.map((document) => document.file.path),
    rules: merged.rules,
    threshold: merged.threshold,
    aggregate: merged.aggregate,
  };
}
