import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { PolicyDocument, WeightDeclaration } from '../ir/document.ts';
import type { Example } from '../examples/example.ts';
import { stoppedBy } from '../examples/of-rule.ts';
import type { ResolvedRule } from '../ir/resolved.ts';
import type { Span } from '../ir/source.ts';
import { ruleNamesParams } from '../laws/substitute.ts';
import * as laws from '../laws/values.ts';
import { SETTING_HEADS } from './defaults.ts';
import type { RuleMap } from './rule-map.ts';
import { reportWeaker } from '../laws/tighten.ts';

/** The least that rules of a category weigh, by its name in lower case: `risk_weights` of the parents. */
export type Floors = ReadonlyMap<string, Floor>;

interface Floor {
  readonly weight: number;
  readonly span: Span;
}

/** What several parents demand together; of equal demands the one whose file comes first by path. */
export function joinFloors(all: readonly Floors[]): Floors {
  const [first, ...others] = all;
  if (!first || others.every((floors) => floors.size === 0)) return first ?? new Map();
  const joined = new Map(first);
  for (const [category, floor] of others.flatMap((floors) => [...floors])) {
    const held = joined.get(category);
    if (!held || outweighs(floor, held)) joined.set(category, floor);
  }
  return joined;
}

function outweighs(floor: Floor, held: Floor): boolean {
  if (floor.weight !== held.weight) return floor.weight > held.weight;
  return floor.span.file.path < held.span.file.path;
}

/** A plan that weighs less; of a rule whose parameters have no values yet none. */
const exampleOf = (rule: ResolvedRule): Example | undefined =>
  rule.kind === 'pattern' && ruleNamesParams(rule) ? undefined : stoppedBy(rule);

const categoryOf = ({ category }: ResolvedRule): string => category.toLowerCase();

const CATEGORIES_OF_SETTINGS = Object.values(SETTING_HEADS).map(({ category }) => category.toLowerCase());

/** Raises rules that another parent, or this document itself, brings into a category of which a parent has spoken. */
export function raiseToFloors(
  document: PolicyDocument,
  rules: RuleMap,
  inherited: RuleMap,
  floors: Floors,
  { ofSeveral, diagnostics }: { readonly ofSeveral: boolean; readonly diagnostics: Diagnostics },
): void {
  if (floors.size === 0) return;
  const written = new Map<string, Span>();
  for (const { id, weight } of document.policies.flatMap((block) => block.rules)) {
    if (weight) written.set(id.value, weight.span);
  }
  // With one parent, what is inherited has been raised there.
  for (const rule of [...(ofSeveral ? rules : rules.own).values()]) {
    const floor = floors.get(categoryOf(rule));
    if (!floor || !laws.weight.weakens(floor.weight, rule.weight)) continue;
    const own = inherited.has(rule.id) ? undefined : written.get(rule.id);
    if (own) {
      const texts = { parent: String(floor.weight), child: String(rule.weight), example: exampleOf(rule) };
      reportWeaker(`${rule.id}.weight`, laws.weight, texts, [floor.span, own], diagnostics);
    }
    const chain = [...rule.chain, { span: floor.span, says: `weight ${floor.weight}` }];
    rules.adjust(rule.id, { ...rule, weight: floor.weight, chain });
  }
}

/** Applies the `risk_weights` of a document; gives back what its children's rules must weigh. */
export function setWeights(
  document: PolicyDocument,
  rules: RuleMap,
  inherited: RuleMap,
  floors: Floors,
  diagnostics: Diagnostics,
): Floors {
  const wanted = document.policies.flatMap(({ settings }) => settings.riskWeights);
  if (wanted.length === 0) return floors;
  const all = [...rules.values()];
  const categories = new Set(all.map(categoryOf));
  const ids = new Set(all.map(({ id }) => id));
  const names = new Set([...ids, ...categories, ...CATEGORIES_OF_SETTINGS]);
  // Rules whose weight an earlier line of this document has set.
  const set = new Set<string>();
  const own = new Map<string, Floor>();
  for (const one of wanted) {
    const { name, weight, span } = one;
    if (!names.has(name) && !names.has(name.toLowerCase())) {
      diagnostics.report('PL2108', { name, near: nearest(name, names) }, span);
    }
    const category = name.toLowerCase();
    // A category of which there is no rule yet binds those that children bring.
    const isCategory = categories.has(category) || !ids.has(name);
    if (isCategory && (own.get(category)?.weight ?? -1) < weight) {
      own.set(category, { weight, span });
    }
    for (const { id } of all) setWeight(id, one, rules, inherited, floors, set, diagnostics);
  }
  return joinFloors([floors, own]);
}

function setWeight(
  id: string,
  { name, weight: value, span }: WeightDeclaration,
  rules: RuleMap,
  inherited: RuleMap,
  floors: Floors,
  set: Set<string>,
  diagnostics: Diagnostics,
): void {
  const rule = rules.get(id);
  if (!rule || (id !== name && categoryOf(rule) !== name.toLowerCase())) return;
  const parent = inherited.get(id) ?? floors.get(categoryOf(rule));
  if (parent && laws.weight.weakens(parent.weight, value)) {
    const texts = { parent: String(parent.weight), child: String(value), example: exampleOf(rule) };
    reportWeaker(`risk_weights.${name}`, laws.weight, texts, [parent.span, span], diagnostics);
  }
  // Policies of one file are joined, not one set over the other; the first of them may lower a default.
  const again = set.has(id);
  set.add(id);
  const weight = inherited.has(id) || again ? laws.weight.join(rule.weight, value) : value;
  rules.adjust(id, { ...rule, weight, chain: [...rule.chain, { span, says: `weight ${weight}` }] });
}
