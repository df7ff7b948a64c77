import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { ToolCatalog } from '../ir/catalog.ts';
import type { Configuration } from '../ir/configuration.ts';
import type { PolicyDocument } from '../ir/document.ts';
import type { ResolvedPolicies } from '../ir/resolved.ts';
import { chooseEntries, findEntry } from './entries.ts';
import { buildHierarchy } from './extends.ts';
import type { Hierarchy } from './extends.ts';
import { layersOf } from './layers.ts';
import { checkLookAlikes } from './look-alikes.ts';
import { Merged } from './merge.ts';
import type { MergeContext } from './merge.ts';
import { checkRequiredBase } from './required-base.ts';

/** Phase 2: documents become resolved policies, one an entry; `null` and diagnostics where they cannot. */
export function resolve(
  documents: readonly PolicyDocument[],
  asked: readonly string[],
  configuration: Configuration,
  catalog: ToolCatalog | null,
  diagnostics: Diagnostics,
): ResolvedPolicies | null {
  const hierarchy = buildHierarchy(documents, diagnostics);
  if (!hierarchy) return null;
  const chosen = chooseEntries(documents, hierarchy, asked, configuration, diagnostics);
  checkNames(documents, hierarchy, diagnostics);
  checkLookAlikes(documents, diagnostics);
  const { requireBase } = configuration;
  const requiredBase = checkRequiredBase(requireBase, documents, chosen, hierarchy, diagnostics);
  const mergedOf = merging(hierarchy, { diagnostics, catalog });
  for (const document of chosen) mergedOf(document);
  const layers = layersOf(chosen, hierarchy, mergedOf, diagnostics);
  const entries = chosen.flatMap((document) => {
    const layer = layers.get(document);
    const chain = hierarchy.chainOf(document).map(({ file }) => file.path);
    const { name, file } = document;
    return layer ? [{ name, file, chain, layer, ...mergedOf(document).result }] : [];
  });
  const { defaultEntry: wanted } = configuration;
  // A default entry that was not asked for this time cannot be the default of what is compiled.
  const isThere =
    wanted && (asked.length === 0 || chosen.some((document) => document.aliases.includes(wanted.value)));
  const byDefault = isThere ? findEntry(chosen, wanted.value, wanted.span, diagnostics) : null;
  if (diagnostics.hasErrors()) return null;
  const extended = documents.map((document) => {
    const parents = hierarchy.parentsOf(document).map((parent) => parent.file.path);
    return { path: document.file.path, name: document.name, parents };
  });
  const closure = new Set(chosen.flatMap((document) => hierarchy.chainOf(document)));
  const files = [...closure].map((document) => document.file);
  const sources = [...files, ...(configuration.file ? [configuration.file] : [])].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  return {
    entries,
    defaultEntry: byDefault?.name ?? null,
    bundleName: configuration.name,
    capabilities: configuration.capabilities,
    catalog,
    sources,
    requiredBase,
    hierarchy: extended,
  };
}

/** Each document together with what it inherits, worked out once. */
function merging(hierarchy: Hierarchy, context: MergeContext): (document: PolicyDocument) => Merged {
  const memo = new Map<PolicyDocument, Merged>();
  const mergedOf = (document: PolicyDocument): Merged => {
    const known = memo.get(document);
    if (known) return known;
    const merged = Merged.of(document, hierarchy.parentsOf(document).map(mergedOf), context);
    memo.set(document, merged);
    return merged;
  };
  return mergedOf;
}

/** A policy must not take the name of one it inherits: whoever extends or asks for that name would get it instead. */
function checkNames(
  documents: readonly PolicyDocument[],
  hierarchy: Hierarchy,
  diagnostics: Diagnostics,
): void {
  for (const document of documents) {
    const ancestors = hierarchy.chainOf(document).filter((other) => other !== document);
    for (const { name, nameSpan } of document.policies) {
      const taken = nameSpan && ancestors.find((other) => other.aliases.includes(name));
      if (!taken) continue;
      const first = taken.policies.find((block) => block.name === name && block.nameSpan)?.nameSpan;
      const related = [
        { message: 'the inherited policy', span: first ?? { file: taken.file, start: 0, end: 1 } },
      ];
      diagnostics.report('PL2206', { name }, nameSpan, related);
    }
  }
}
