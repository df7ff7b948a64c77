import { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { PolicyDocument } from '../ir/document.ts';
import type { Layer } from '../ir/layer.ts';
import type { ResolvedRule } from '../ir/resolved.ts';
import type { Hierarchy } from './extends.ts';
import type { Merged } from './merge.ts';
import { differing } from './rule-map.ts';

/** A layer in the making. */
class Draft implements Layer<ResolvedRule> {
  readonly base: Draft | null;
  readonly dropped = new Set<ResolvedRule>();
  added: readonly ResolvedRule[] = [];
  /** Rules by id with the values of this file's parameters; those without parameters are the file's own objects. */
  readonly bound = new Map<string, ResolvedRule | null>();
  readonly children: Draft[] = [];
  readonly merged: Merged;

  constructor(merged: Merged, base: Draft | null) {
    this.merged = merged;
    this.base = base;
    base?.children.push(this);
  }

  ruleOf(id: string): ResolvedRule | null {
    const bound = this.bound.get(id) ?? null;
    if (bound || this.bound.has(id)) return bound;
    return this.base?.merged.rules.get(id) === this.merged.rules.get(id) && this.base
      ? this.base.ruleOf(id)
      : (this.merged.rules.get(id) ?? null);
  }
}

/**
 * The rules of each entry as layers over those files that several entries inherit first (a file that is the first
 * parent of one other only is part of it). Reports parameters that an entry cannot give to its rules.
 */
export function layersOf(
  entries: readonly PolicyDocument[],
  hierarchy: Hierarchy,
  mergedOf: (document: PolicyDocument) => Merged,
  diagnostics: Diagnostics,
): ReadonlyMap<PolicyDocument, Layer<ResolvedRule>> {
  const isEntry = new Set(entries);
  const firstParent = (document: PolicyDocument): PolicyDocument | undefined =>
    hierarchy.parentsOf(document)[0];
  const children = new Map<PolicyDocument, Set<PolicyDocument>>();
  for (const entry of entries) {
    for (let at = entry, up = firstParent(at); up; at = up, up = firstParent(at)) {
      children.set(up, (children.get(up) ?? new Set()).add(at));
    }
  }
  const shared = new Map<string, ResolvedRule>();
  const drafts = new Map<PolicyDocument, Draft>();
  const draft = (document: PolicyDocument): Draft => {
    const known = drafts.get(document);
    if (known) return known;
    let up = firstParent(document);
    while (up && !isEntry.has(up) && (children.get(up)?.size ?? 0) < 2) up = firstParent(up);
    const made = new Draft(mergedOf(document), up ? draft(up) : null);
    // What an inner file lacks its children may give; what an entry lacks is missing.
    fill(made, shared, isEntry.has(document) ? diagnostics : null);
    drafts.set(document, made);
    return made;
  };
  const tops = new Map(entries.map((entry) => [entry, draft(entry)]));
  const inner = [...drafts].filter(([document]) => !isEntry.has(document)).map(([, one]) => one);
  // Drafts were made bases first.
  for (const one of inner.reverse()) leaveOutUnused(one);
  return tops;
}

function fill(draft: Draft, shared: Map<string, ResolvedRule>, diagnostics: Diagnostics | null): void {
  const { merged, base } = draft;
  const ids = base ? changedSince(base, merged) : merged.rules.keys();
  const added: ResolvedRule[] = [];
  for (const id of ids) {
    const rule = merged.rules.get(id);
    if (!rule) continue;
    const before = base?.ruleOf(id) ?? null;
    const after = merged.parametrised.has(id) ? bind(rule, merged, shared, diagnostics) : rule;
    if (after !== rule) draft.bound.set(id, after);
    if (before === after) continue;
    if (before) draft.dropped.add(before);
    if (after) added.push(after);
  }
  draft.added = added;
}

function changedSince(base: Draft, merged: Merged): ReadonlySet<string> {
  const changed = differing(merged.rules, base.merged.rules);
  const rebound = merged.rebinds(base.merged) ? base.merged.parametrised : [];
  const unbound = [...base.merged.parametrised].filter((id) => base.ruleOf(id) === null);
  return new Set([...changed, ...rebound, ...unbound]);
}

/** The rule with its parameters' values; `null` where they cannot be had. */
function bind(
  rule: ResolvedRule,
  merged: Merged,
  shared: Map<string, ResolvedRule>,
  diagnostics: Diagnostics | null,
): ResolvedRule | null {
  const quiet = new Diagnostics();
  const bound = merged.bound(rule, diagnostics ?? quiet);
  return quiet.hasErrors() ? null : share(bound, shared);
}

/** One object for rules that several files have alike. */
function share(rule: ResolvedRule, shared: Map<string, ResolvedRule>): ResolvedRule {
  const { span, chain, ...rest } = rule;
  const places = [span, ...chain.map((step) => step.span)].map((at) => [at.file.path, at.start]);
  const key = JSON.stringify([places, rest], (name: string, value: unknown) =>
    name === 'span' ? undefined : value,
  );
  const known = shared.get(key);
  if (!known) shared.set(key, rule);
  return known ?? rule;
}

/** A rule that nobody takes from an inner file is no rule of any entry, and is not to be compiled. */
function leaveOutUnused(draft: Draft): void {
  const [first, ...others] = draft.children;
  const unused = [...(first?.dropped ?? [])].filter((rule) =>
    others.every(({ dropped }) => dropped.has(rule)),
  );
  for (const rule of unused) {
    for (const child of draft.children) child.dropped.delete(rule);
    if (!draft.added.includes(rule)) draft.dropped.add(rule);
  }
  const gone = new Set(unused);
  draft.added = draft.added.filter((rule) => !gone.has(rule));
}
