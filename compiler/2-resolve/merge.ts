import type { Aggregate } from '@plan-lint/runtime/contract';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import { listsTool } from '../ir/catalog.ts';
import type { ToolCatalog } from '../ir/catalog.ts';
import type { Interval, PolicyBlock, PolicyDocument, RefinementDeclaration } from '../ir/document.ts';
import type { ResolvedException, ResolvedPolicy, ResolvedRule } from '../ir/resolved.ts';
import type { Span } from '../ir/source.ts';
import { cutsOf, toolsOf } from '../ir/tools.ts';
import { DEFAULT_AGGREGATE, DEFAULT_THRESHOLD } from './defaults.ts';
import { checkFinal, grant, joinExceptions } from './exceptions.ts';
import { joinRules } from './join.ts';
import { paramsOfWhen, ruleNamesParams, substitute } from '../laws/substitute.ts';
import type { Param } from '../laws/substitute.ts';
import * as laws from '../laws/values.ts';
import { bind, declare, joinParams } from './params.ts';
import { conditionSpan, refineRule } from './refine.ts';
import { changedAbove, changedFrom, RuleMap } from './rule-map.ts';
import { joinHeld, ofLanguage, setScalar } from './scalar.ts';
import type { Held } from './scalar.ts';
import { checkSwitches, rulesOf } from './settings.ts';
import { checkStricter } from '../laws/stricter.ts';
import { setRule } from './set-rule.ts';
import { joinFloors, raiseToFloors, setWeights } from './weights.ts';
import type { Floors } from './weights.ts';
import { bindLimit } from './whole-plan.ts';

export interface MergeContext {
  readonly diagnostics: Diagnostics;
  readonly catalog: ToolCatalog | null;
}

/** What a document means together with everything it inherits. */
export class Merged {
  readonly #diagnostics: Diagnostics;
  readonly #catalog: ToolCatalog | null;
  readonly #parents: readonly Merged[];
  #rules: RuleMap;
  readonly #params = new Map<string, Param>();
  #parametrised: ReadonlySet<string> = new Set();
  #floors: Floors = new Map();
  #exceptions: readonly ResolvedException[] = [];
  #threshold: Held<number, Interval> = ofLanguage(DEFAULT_THRESHOLD);
  #aggregate: Held<Aggregate, never> = ofLanguage(DEFAULT_AGGREGATE);

  private constructor(parents: readonly Merged[], { diagnostics, catalog }: MergeContext) {
    const [first, ...others] = parents;
    this.#rules =
      first && others.length === 0
        ? first.#rules
        : new RuleMap(first ? first.#rules : null, others.length > 0);
    this.#parents = parents;
    this.#diagnostics = diagnostics;
    this.#catalog = catalog;
  }

  /** Joins the parents (in any order the same), then tightens by what the document itself says. */
  static of(document: PolicyDocument, parents: readonly Merged[], context: MergeContext): Merged {
    const merged = new Merged(parents, context);
    parents.forEach((parent, i) => merged.#absorb(parent, i === 0));
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
  get result(): Pick<ResolvedPolicy, 'threshold' | 'aggregate' | 'history' | 'params' | 'exceptions'> {
    return {
      threshold: this.#threshold.value,
      aggregate: this.#aggregate.value,
      history: { fail_risk_threshold: this.#threshold.chain, aggregate: this.#aggregate.chain },
      params: [...this.#params.values()].map(({ declaration: { name, type }, value, chain }) => {
        return { name, type, value: value.value, chain };
      }),
      exceptions: this.#exceptions,
    };
  }

  /** Whether some parameter has another value than in what this is made from. */
  rebinds(other: Merged): boolean {
    return [...other.#params].some(([name, { value }]) => this.#params.get(name)?.value !== value);
  }

  /** The rule with its parameters' values. */
  bound(rule: ResolvedRule, diagnostics: Diagnostics): ResolvedRule {
    if (rule.kind === 'whole-plan') return bindLimit(rule, this.#params, diagnostics);
    if (rule.kind !== 'pattern') return rule;
    const pattern = substitute(rule.pattern, this.#params, diagnostics);
    const params = rule.when ? paramsOfWhen(rule.when, this.#params, diagnostics) : [];
    return pattern === rule.pattern && params.length === 0 ? rule : { ...rule, pattern, params };
  }

  #absorb(parent: Merged, first: boolean): void {
    // The first parent's rules lie below already.
    for (const id of first ? [] : changedAbove(parent.#rules, this.#rules)) {
      const rule = parent.#rules.get(id);
      if (rule) this.#join(id, rule);
    }
    for (const [name, param] of parent.#params) {
      const held = this.#params.get(name);
      this.#params.set(name, held ? joinParams(held, param, this.#diagnostics) : param);
    }
    this.#exceptions = joinExceptions(this.#exceptions, parent.#exceptions);
    this.#threshold = first
      ? parent.#threshold
      : joinHeld(laws.threshold, this.#threshold, parent.#threshold);
    this.#aggregate = first
      ? parent.#aggregate
      : joinHeld(laws.aggregate, this.#aggregate, parent.#aggregate);
  }

  #join(id: string, next: ResolvedRule): void {
    const held = this.#rules.get(id);
    this.#rules.set(id, held ? joinRules(held, next, this.#diagnostics) : next);
  }

  #add(document: PolicyDocument): void {
    const inherited = this.#rules;
    this.#rules = new RuleMap(inherited);
    const child = document.extends.length > 0;
    const changed = new Map<string, Span>();
    for (const block of document.policies) {
      this.#addParams(block);
      for (const wanted of block.refinements) this.#refine(wanted, inherited, changed);
    }
    for (const block of document.policies) {
      for (const rule of rulesOf(block)) {
        const parent = inherited.get(rule.id);
        // What an earlier policy of this file has set is not inherited: the stricter of both holds.
        const again = parent !== this.#rules.get(rule.id);
        const next = parent ? setRule(parent, rule, this.#diagnostics) : rule;
        if (parent && !again) this.#rules.set(rule.id, next);
        else this.#join(rule.id, next);
      }
      checkSwitches(block.settings, inherited, this.#diagnostics);
      const { failRiskThreshold, aggregate } = block.settings;
      const scalar = { child, diagnostics: this.#diagnostics };
      this.#threshold = setScalar(
        'fail_risk_threshold',
        laws.threshold,
        this.#threshold,
        failRiskThreshold,
        scalar,
      );
      this.#aggregate = setScalar('aggregate', laws.aggregate, this.#aggregate, aggregate, scalar);
    }
    this.#settleBounds(inherited);
    // Weights and exceptions last: they may name any rule of the document.
    const floors = joinFloors(this.#parents.map((parent) => parent.#floors));
    raiseToFloors(document, this.#rules, inherited, floors, this.#diagnostics);
    this.#floors = setWeights(document, this.#rules, inherited, floors, this.#diagnostics);
    for (const block of document.policies) {
      const granted = block.exceptions.flatMap((one) =>
        grant(block.name, one, this.#rules, this.#diagnostics),
      );
      this.#exceptions = joinExceptions(this.#exceptions, granted);
    }
    checkFinal(this.#exceptions, this.#rules, this.#diagnostics);
    this.#noteParametrised();
    this.#checkStricter(changed);
  }

  #addParams({ params, bindings }: PolicyBlock): void {
    for (const declaration of params) {
      const held = this.#params.get(declaration.name);
      if (held) {
        const related = [{ message: 'first declared here', span: held.declaration.span }];
        this.#diagnostics.report('PL2207', { name: declaration.name }, declaration.span, related);
      } else this.#params.set(declaration.name, declare(declaration, this.#diagnostics));
    }
    for (const binding of bindings) {
      const held = this.#params.get(binding.name);
      if (held) this.#params.set(binding.name, bind(held, binding, this.#diagnostics));
      else {
        const near = nearest(binding.name, this.#params.keys());
        this.#diagnostics.report('PL2208', { name: binding.name, near }, binding.span);
      }
    }
  }

  #refine(wanted: RefinementDeclaration, inherited: RuleMap, changed: Map<string, Span>): void {
    const { value: id, span } = wanted.rule;
    const rule = inherited.has(id) ? this.#rules.get(id) : undefined;
    if (!rule) {
      this.#diagnostics.report('PL2205', { rule: id, near: nearest(id, inherited.keys()) }, span);
      return;
    }
    this.#rules.set(id, refineRule(rule, wanted, this.#diagnostics));
    changed.set(id, conditionSpan(wanted));
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
      this.#rules.set(rule.id, { ...rule, tool: at === undefined ? null : rule.key.slice(0, at) });
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

  /** Every rule of every parent must still fire wherever it fired. */
  #checkStricter(changed: ReadonlyMap<string, Span>): void {
    for (const parent of this.#parents) {
      const rebinds = this.rebinds(parent);
      const ids = changedFrom(parent.#rules, this.#rules);
      for (const id of rebinds ? new Set([...ids, ...parent.#parametrised]) : ids) {
        const [before, after] = [parent.#rules.get(id), this.#rules.get(id)];
        if (!before || !after || (before === after && !rebinds)) continue;
        const [was, is] = [
          { rule: before, params: parent.#params, allow: parent.#rules.get('allow_tools') },
          { rule: after, params: this.#params, allow: this.#rules.get('allow_tools') },
        ];
        checkStricter(was, is, changed.get(id) ?? null, this.#diagnostics);
      }
    }
  }
}

function isParametrised(rule: ResolvedRule): boolean {
  if (rule.kind === 'pattern') return ruleNamesParams(rule);
  return rule.kind === 'whole-plan' && 'limit' in rule.body && rule.body.limit.param !== null;
}
