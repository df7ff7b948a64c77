import type { Aggregate } from '@plan-lint/runtime/contract';
import { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Illustration } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import { listsTool } from '../ir/catalog.ts';
import type { ToolCatalog } from '../ir/catalog.ts';
import type { Interval, PolicyBlock, PolicyDocument, RefinementDeclaration } from '../ir/document.ts';
import type { ResolvedException, ResolvedPolicy, ResolvedRule } from '../ir/resolved.ts';
import type { Span } from '../ir/source.ts';
import { cutsOf, toolsOf } from '../ir/tools.ts';
import { DEFAULT_AGGREGATE, DEFAULT_THRESHOLD } from './defaults.ts';
import { showDuration } from '../laws/show.ts';
import { checkDurations, checkFinal, grant, joinExceptions } from './exceptions.ts';
import { joinParents, joinRules } from './join.ts';
import { ruleNamesParams, withParams } from '../laws/substitute.ts';
import type { Param } from '../laws/substitute.ts';
import * as laws from '../laws/values.ts';
import { bind, declare, joinParams } from './params.ts';
import { changesCondition, conditionSpan, refineRule, replacesCondition, reportAgain } from './refine.ts';
import { changedAbove, changedFrom, RuleMap } from './rule-map.ts';
import { joinHeld, ofLanguage, setScalar } from './scalar.ts';
import type { Held, Joint } from './scalar.ts';
import { checkSwitches, rulesOf } from './settings.ts';
import { boundOtherwise, checkStricter } from '../laws/stricter.ts';
import { setRule } from './set-rule.ts';
import { joinFloors, raiseToFloors, setWeights } from './weights.ts';
import type { Floors } from './weights.ts';
import type { Version, Writer } from './versions.ts';
import { bindLimit } from './whole-plan.ts';

export interface MergeContext {
  readonly diagnostics: Diagnostics;
  readonly catalog: ToolCatalog | null;
}

/** What a document means together with everything it inherits. */
export class Merged implements Writer {
  readonly path: string;
  readonly above: ReadonlySet<Merged>;
  readonly #diagnostics: Diagnostics;
  readonly #catalog: ToolCatalog | null;
  readonly #parents: readonly Merged[];
  #rules: RuleMap;
  readonly #params = new Map<string, Param>();
  readonly #paramVersions = new Map<string, readonly Version<Param>[]>();
  #parametrised: ReadonlySet<string> = new Set();
  #floors: Floors = new Map();
  #exceptions: readonly ResolvedException[];
  #threshold: Joint<number, Interval>;
  #aggregate: Joint<Aggregate, never>;
  #maxException: Joint<number, never>;

  private constructor(
    { file }: PolicyDocument,
    parents: readonly Merged[],
    { diagnostics, catalog }: MergeContext,
  ) {
    this.path = file.path;
    this.above = new Set(parents.flatMap((parent) => [parent, ...parent.above]));
    this.#parents = parents;
    this.#diagnostics = diagnostics;
    this.#catalog = catalog;
    this.#rules = this.#joinRules();
    this.#joinParams();
    this.#exceptions = parents.map((parent) => parent.#exceptions).reduce(joinExceptions, []);
    const thresholds = parents.map((parent) => parent.#threshold);
    const aggregates = parents.map((parent) => parent.#aggregate);
    this.#threshold =
      joinHeld(laws.threshold, thresholds, this) ?? this.#writes(ofLanguage(DEFAULT_THRESHOLD, file));
    this.#aggregate =
      joinHeld(laws.aggregate, aggregates, this) ?? this.#writes(ofLanguage(DEFAULT_AGGREGATE, file));
    const durations = parents.map((parent) => parent.#maxException);
    this.#maxException =
      joinHeld(laws.maxException, durations, this) ?? this.#writes(ofLanguage(Infinity, file));
  }

  /** Joins the parents (in any order the same), then tightens by what the document itself says. */
  static of(document: PolicyDocument, parents: readonly Merged[], context: MergeContext): Merged {
    const merged = new Merged(document, parents, context);
    merged.#add(document);
    return merged;
  }

  get rules(): RuleMap {
    return this.#rules;
  }

  /** Ids of rules that name parameters. */
  get parametrised(): ReadonlySet<string> {
    return this.#parametrised;
  }

  /** The resolved values beside the rules. */
  get result(): Omit<ResolvedPolicy, 'name' | 'file' | 'chain' | 'layer'> {
    return {
      threshold: this.#threshold.held.value,
      thresholdDomain: this.#threshold.held.domain?.value ?? null,
      aggregate: this.#aggregate.held.value,
      history: { fail_risk_threshold: this.#threshold.held.chain, aggregate: this.#aggregate.held.chain },
      params: [...this.#params.values()].map(({ declaration, value, chain }) => {
        const { name, type, mode, tighten, domain } = declaration;
        return { name, type, value: value.value, mode, tighten, domain: domain?.value ?? null, chain };
      }),
      exceptions: this.#exceptions,
      maxException: Number.isFinite(this.#maxException.held.value) ? this.#maxException.held.value : null,
    };
  }

  /** Whether some parameter has another value than in what this is made from. */
  rebinds(other: Merged): boolean {
    return [...other.#params].some(([name, { value }]) => this.#params.get(name)?.value !== value);
  }

  /** The rule with its parameters' values. */
  bound(rule: ResolvedRule, diagnostics: Diagnostics): ResolvedRule {
    if (rule.kind === 'whole-plan') {
      const limited = bindLimit(rule, this.#params, diagnostics);
      const narrowing = limited.narrowing && withParams(limited.narrowing, this.#params, diagnostics);
      return narrowing === limited.narrowing ? limited : { ...limited, narrowing };
    }
    return rule.kind === 'pattern' ? withParams(rule, this.#params, diagnostics) : rule;
  }

  /** A value that is this document's own word. */
  #writes<T, D>(held: Held<T, D>): Joint<T, D> {
    return { held, versions: [{ value: held, writer: this }] };
  }

  /** The rules of all parents together, as changes over those of the first one. */
  #joinRules(): RuleMap {
    const [first, ...others] = this.#parents;
    if (first && others.length === 0) return first.#rules;
    const joint = new RuleMap(first ? first.#rules : null, this);
    const changed = others.flatMap((parent) => [...changedAbove(parent.#rules, joint)]);
    for (const id of new Set(changed)) {
      const maps = this.#parents.map((parent) => parent.#rules);
      const [rule, ...more] = [...new Set(maps.flatMap((map) => map.get(id) ?? []))];
      if (!rule) continue;
      const versions = maps.flatMap((map) => map.versionsOf(id));
      joint.join(id, joinParents([rule, ...more], versions, this, this.#diagnostics));
    }
    return joint;
  }

  #joinParams(): void {
    for (const name of new Set(this.#parents.flatMap((parent) => [...parent.#params.keys()]))) {
      const [first, ...others] = this.#parents.flatMap((parent) => {
        const param = parent.#params.get(name);
        return param ? [{ param, versions: parent.#paramVersions.get(name) ?? [] }] : [];
      });
      if (!first) continue;
      const { param, versions } = joinParams([first, ...others], this.#diagnostics);
      this.#params.set(name, param);
      this.#paramVersions.set(name, versions);
    }
  }

  #writeParam(name: string, param: Param): void {
    this.#params.set(name, param);
    this.#paramVersions.set(name, [{ value: param, writer: this }]);
  }

  #add(document: PolicyDocument): void {
    const inherited = this.#rules;
    this.#rules = new RuleMap(inherited, this);
    const [changed, conditions] = [new Map<string, Span>(), new Map<string, Span>()];
    for (const block of document.policies) {
      this.#addParams(block);
      for (const wanted of block.refinements) this.#refine(wanted, inherited, { changed, conditions });
    }
    const written = new Set<string>();
    for (const block of document.policies) {
      for (const rule of rulesOf(block)) this.#addRule(rule, inherited, written);
      checkSwitches(block.settings, inherited, this.#diagnostics);
      this.#setScalars(document, block);
    }
    this.#settleBounds(inherited);
    // Weights and exceptions last: they may name any rule of the document.
    const floors = joinFloors(this.#parents.map((parent) => parent.#floors));
    const context = { ofSeveral: this.#parents.length > 1, diagnostics: this.#diagnostics };
    raiseToFloors(document, this.#rules, inherited, floors, context);
    this.#floors = setWeights(document, this.#rules, inherited, floors, this.#diagnostics);
    for (const block of document.policies) {
      const granted = block.exceptions.flatMap((one) =>
        grant(block.name, one, this.#rules, this.#diagnostics),
      );
      this.#exceptions = joinExceptions(this.#exceptions, granted);
    }
    checkFinal(this.#exceptions, this.#rules, this.#diagnostics);
    checkDurations(this.#exceptions, this.#maxException.held, this.#diagnostics);
    this.#noteParametrised();
    this.#checkStricter(changed);
  }

  #addRule(rule: ResolvedRule, inherited: RuleMap, written: Set<string>): void {
    const { id } = rule;
    const [parent, held] = [inherited.get(id), this.#rules.get(id)];
    const next = parent && held ? setRule(parent, held, rule, this.#diagnostics) : rule;
    // What an earlier policy of this file has set is not inherited: the stricter of both holds.
    const both = held && written.has(id) ? joinRules(held, next, this.#diagnostics) : next;
    this.#rules.write(id, both);
    written.add(id);
  }

  #setScalars(document: PolicyDocument, { settings }: PolicyBlock): void {
    const { failRiskThreshold, aggregate, maxException } = settings;
    const scalar = { child: document.extends.length > 0, diagnostics: this.#diagnostics };
    if (failRiskThreshold) {
      const { held } = this.#threshold;
      this.#threshold = this.#writes(
        setScalar('fail_risk_threshold', laws.threshold, held, failRiskThreshold, scalar),
      );
    }
    if (aggregate) {
      const { held } = this.#aggregate;
      this.#aggregate = this.#writes(setScalar('aggregate', laws.aggregate, held, aggregate, scalar));
    }
    if (maxException) {
      const { held } = this.#maxException;
      const shown = { ...scalar, show: showDuration };
      const next = setScalar('max_exception', laws.maxException, held, maxException, shown);
      this.#maxException = this.#writes(next);
    }
  }

  #addParams({ params, bindings }: PolicyBlock): void {
    for (const declaration of params) {
      const held = this.#params.get(declaration.name);
      if (held) {
        const related = [{ message: 'first declared here', span: held.declaration.span }];
        this.#diagnostics.report('PL2207', { name: declaration.name }, declaration.span, related);
      } else this.#writeParam(declaration.name, declare(declaration, this.#diagnostics));
    }
    for (const binding of bindings) {
      const held = this.#params.get(binding.name);
      const example = (before: readonly Param[], after: Param): Illustration | undefined =>
        this.#showBinding(before, after);
      if (held) this.#writeParam(binding.name, bind(held, binding, example, this.#diagnostics));
      else {
        const near = nearest(binding.name, this.#params.keys());
        this.#diagnostics.report('PL2208', { name: binding.name, near }, binding.span);
      }
    }
  }

  /** A plan that a rule stops with each of some values of a parameter, and not with another one. */
  #showBinding(before: readonly Param[], after: Param): Illustration | undefined {
    const { name } = after.declaration;
    const rules = [...this.#parametrised, ...this.#parents.flatMap((parent) => [...parent.#parametrised])];
    for (const id of new Set(rules)) {
      const rule = this.#rules.get(id);
      const found = rule && boundOtherwise(rule, name, this.#params, { before, after });
      if (found) return found;
    }
    return undefined;
  }

  /** `conditions`: which of the changed rules have another condition. */
  #refine(
    wanted: RefinementDeclaration,
    inherited: RuleMap,
    { changed, conditions }: Readonly<Record<'changed' | 'conditions', Map<string, Span>>>,
  ): void {
    const { value: id, span } = wanted.rule;
    const rule = inherited.has(id) ? this.#rules.get(id) : undefined;
    if (!rule) {
      this.#diagnostics.report('PL2205', { rule: id, near: nearest(id, inherited.keys()) }, span);
      return;
    }
    const refined = refineRule(rule, wanted, this.#whole(rule), this.#diagnostics);
    if (changesCondition(wanted)) {
      if (replacesCondition(rule, refined)) {
        const first = conditions.get(id);
        if (first) reportAgain(wanted, first, this.#diagnostics);
        conditions.set(id, conditionSpan(wanted));
      }
      this.#rules.write(id, refined);
    } else this.#rules.adjust(id, refined);
    changed.set(id, conditionSpan(wanted));
  }

  /** The rule with the values of its parameters; `null` where one of them is not there. */
  #whole(rule: ResolvedRule): ResolvedRule | null {
    const quiet = new Diagnostics();
    const whole = this.bound(rule, quiet);
    return quiet.hasErrors() ? null : whole;
  }

  /** Finds the tool of every bound that is new here, among the names known here. */
  #settleBounds(inherited: RuleMap): void {
    const bounds: ResolvedRule[] = [];
    for (const rule of this.#rules.own.values()) {
      if (rule.kind === 'bound' && !inherited.has(rule.id)) bounds.push(rule);
    }
    if (bounds.length === 0) return;
    const names = new Set([...this.#rules.values()].flatMap(toolsOf));
    for (const rule of bounds) {
      if (rule.kind !== 'bound') continue;
      const isKnown = (tool: string): boolean => names.has(tool) || listsTool(this.#catalog, tool);
      const at = cutsOf(rule.key).find((dot) => isKnown(rule.key.slice(0, dot)));
      this.#rules.write(rule.id, { ...rule, tool: at === undefined ? null : rule.key.slice(0, at) });
    }
  }

  #noteParametrised(): void {
    const [first, ...others] = this.#parents;
    const own: string[] = [];
    for (const [id, rule] of this.#rules.own) if (isParametrised(rule)) own.push(id);
    const inherited = first ? first.#parametrised : new Set<string>();
    const more = [...others.flatMap((parent) => [...parent.#parametrised]), ...own];
    this.#parametrised = more.length === 0 ? inherited : new Set([...inherited, ...more]);
  }

  /** Every rule of every ancestor must still fire wherever it fired. */
  #checkStricter(changed: ReadonlyMap<string, Span>): void {
    const ids = new Set<string>();
    for (const parent of this.#parents) {
      for (const id of changedFrom(parent.#rules, this.#rules)) ids.add(id);
      if (this.rebinds(parent)) for (const id of parent.#parametrised) ids.add(id);
    }
    for (const id of ids) this.#checkRule(id, changed.get(id) ?? null);
  }

  #checkRule(id: string, at: Span | null): void {
    const after = this.#rules.get(id);
    if (!after) return;
    const is = { rule: after, params: this.#params, allow: this.#rules.get('allow_tools') };
    // A parent was held against its own parents with the parameters that it has. Where a rule names any, the value that
    // it has here may undo that, so every ancestor's version counts. Without them, stricter than the parents is enough.
    for (const ancestor of this.#parametrised.has(id) ? this.above : this.#parents) {
      const before = ancestor.#rules.get(id);
      if (!before || (before === after && !this.rebinds(ancestor))) continue;
      const was = { rule: before, params: ancestor.#params, allow: ancestor.#rules.get('allow_tools') };
      // One refusal is enough: the nearest ancestor's.
      if (!checkStricter(was, is, at, this.#diagnostics)) return;
    }
  }
}

function isParametrised(rule: ResolvedRule): boolean {
  if (rule.kind === 'pattern') return ruleNamesParams(rule);
  if (rule.kind !== 'whole-plan') return false;
  const { body, narrowing } = rule;
  return ('limit' in body && body.limit.param !== null) || (narrowing !== null && ruleNamesParams(narrowing));
}
