import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import { globMatches } from '../glob/covers.ts';
import type { CatalogTool, ToolCatalog } from '../ir/catalog.ts';
import type { LeafDeclaration, PatternDeclaration } from '../ir/document.ts';
import { allLayers } from '../ir/layer.ts';
import { parsePath } from '../ir/path.ts';
import type { ArgPath } from '../ir/path.ts';
import type { ResolvedPolicies, ResolvedRule } from '../ir/resolved.ts';
import type { Located, SourceFile, Span } from '../ir/source.ts';
import { amountsOf, governedBy, wholePlanTools } from '../ir/whole-plan.ts';
import type { WholePlanBody } from '../ir/whole-plan.ts';
import { pathsRead } from './catalog-whole-plan.ts';
import type { OperationName } from '../operations/index.ts';
import { misfit, misfitOfText } from './fit.ts';
import type { Misfit } from './fit.ts';
import { spanWithin } from '../ir/place.ts';
import { isNever, reachOf } from './reach.ts';

type Name = Located<string>;
type ToolList = readonly Name[];

/** Whether a name is in no catalog is asked of names only; `*` makes a glob. */
const isGlob = (tool: string): boolean => tool.includes('*');

/** Holds what policies say of tools and arguments against the tool catalog; reports only what is certain. */
export function checkAgainstCatalog(policies: ResolvedPolicies, diagnostics: Diagnostics): void {
  const { catalog, entries } = policies;
  const layers = allLayers(entries.map(({ layer }) => layer));
  if (!catalog) {
    const needs = layers.flatMap(({ added }) =>
      added.filter(({ kind }) => kind === 'only-catalog' || kind === 'validate-args'),
    );
    for (const { id, span } of new Set(needs)) diagnostics.report('PL3301', { setting: id }, span);
    return;
  }
  const rules = new Set(layers.flatMap(({ added }) => added));
  const check = new CatalogCheck(catalog, policies, diagnostics);
  for (const rule of rules) check.rule(rule);
  for (const { exceptions } of entries) {
    for (const { scope } of exceptions) check.names(scope.tools ?? []);
  }
}

/** A name that stands somewhere in a stretch of the source. */
function at(name: string, span: Span): Name {
  return { value: name, span: placeOf(name, span) };
}

/** Where a stretch of the source spells out a name as a whole; the stretch itself where it does not. */
export function placeOf(name: string, { file, start, end }: Span): Span {
  const text = file.text.slice(start, end);
  for (let found = text.indexOf(name); found >= 0; found = text.indexOf(name, found + 1)) {
    const around = [text.charAt(found - 1), text.charAt(found + name.length)];
    if (around.every((unit) => !/[\w.*/-]/.test(unit)))
      return { file, start: start + found, end: start + found + name.length };
  }
  return { file, start, end };
}

export class CatalogCheck {
  readonly #catalog: ToolCatalog;
  readonly #diagnostics: Diagnostics;
  /** Files that one decides with; what they extend may serve other catalogs too. */
  readonly #entries: ReadonlySet<SourceFile>;

  constructor(catalog: ToolCatalog, { entries }: ResolvedPolicies, diagnostics: Diagnostics) {
    this.#catalog = catalog;
    this.#entries = new Set(entries.map(({ file }) => file));
    this.#diagnostics = diagnostics;
  }

  rule(rule: ResolvedRule): void {
    if (rule.kind === 'pattern') this.#pattern(rule.pattern, []);
    else if (rule.kind === 'whole-plan') {
      this.#wholePlan(rule.body);
      if (rule.narrowing) this.#pattern(rule.narrowing.pattern, [governedBy(rule.body)]);
    } else if (rule.kind === 'allow') {
      for (const { globs, span } of rule.layers) this.names(globs.map((glob) => at(glob, span)));
      const { domain } = rule;
      if (domain) this.names(domain.value.map((glob) => at(glob, domain.span)));
    }
  }

  /** Arguments that are read must be there, and what is summed up must be a number. */
  #wholePlan(body: WholePlanBody): void {
    this.names(wholePlanTools(body));
    for (const { tools, path } of pathsRead(body)) this.#read(tools, path);
    if (body.kind !== 'max_total') return;
    for (const { tools, arg } of amountsOf(body)) {
      const path = parsePath(arg.value);
      for (const { value: name } of tools) {
        const tool = this.#catalog.tools.get(name);
        if (!tool || isNever(reachOf(tool.input, path))) continue;
        this.#fit(tool, arg, path, { operation: 'gt', operand: 0 }, [arg.span, arg.span], 'a total');
      }
    }
  }

  /** An argument of each of several tools; globs alone are held against all that they match. */
  #read(tools: ToolList, { value, span }: Name): void {
    const path = parsePath(value);
    const names = tools.filter((tool) => !isGlob(tool.value));
    for (const { value: name } of names) {
      const tool = this.#catalog.tools.get(name);
      if (tool) this.argument(tool, value, path, span);
    }
    if (names.length === 0) this.#leafOfGlob([tools], value, path, span);
  }

  /** Reports names that no tool has, and globs that match none. */
  names(names: ToolList): void {
    for (const { value, span } of names) {
      if (!isGlob(value)) this.name(value, span);
      else if (!this.#matching([[{ value, span }]]).length && !this.#matchesLeftOut(value)) {
        this.#diagnostics.report('PL3303', { glob: value }, span);
      }
    }
  }

  /** Whether it is the name of a tool; reports it where it is not. */
  name(tool: string, span: Span): CatalogTool | null {
    const found = this.#catalog.tools.get(tool);
    // A tool that is left out is there, and nothing is known of it.
    if (found || this.#catalog.leftOut.has(tool)) return found ?? null;
    const near = nearest(tool, this.#catalog.tools.keys());
    this.#diagnostics.report(this.#entries.has(span.file) ? 'PL3302' : 'PL3310', { tool, near }, span);
    return null;
  }

  /** The argument of a bound must be there and be a number. */
  bound(tool: string, path: ArgPath, key: Located<string>): void {
    const arg = key.value.slice(tool.length + 1);
    const span = spanWithin(key, tool.length + 1, key.value.length);
    if (isGlob(tool)) return this.names([{ value: tool, span: spanWithin(key, 0, tool.length) }]);
    const found = this.name(tool, spanWithin(key, 0, tool.length));
    if (!found || !this.argument(found, arg, path, span)) return;
    this.#fit(
      found,
      { value: arg, span },
      path,
      { operation: 'not_between', operand: [] },
      [span, span],
      'a bound',
    );
  }

  /** The same of a path that a condition reads. */
  ofTool(tool: string, names: readonly string[], span: Span): void {
    const found = this.#catalog.tools.get(tool);
    if (found) this.argument(found, names.join('.'), names, span);
  }

  /** Whether a tool can have an argument; reports it where it cannot, or where nothing says that it has. */
  argument(tool: CatalogTool, written: string, path: ArgPath, span: Span): boolean {
    const reach = reachOf(tool.input, path);
    const { name: wrong, known } = reach.gone ?? { name: '', known: [] };
    const params = { tool: tool.name.value, arg: written, near: nearest(wrong, known), known };
    if (isNever(reach)) this.#diagnostics.report('PL3304', params, span);
    else if (reach.place === 'unlisted') this.#diagnostics.report('PL3305', params, span);
    return !isNever(reach);
  }

  /** `lists`: the tools that the patterns around demand, each list besides the others. */
  #pattern(pattern: PatternDeclaration, lists: readonly ToolList[] | null): void {
    const { tools, leaf, and, or, not } = pattern;
    if (tools) this.names(tools);
    const inner = lists && tools ? [...lists, tools] : lists;
    if (leaf) this.#leaf(leaf, inner);
    for (const items of [and, or]) {
      // A sibling that is a tool alone settles which tools the others matter for.
      const demands = (items ?? []).flatMap((item) => (isToolAlone(item) ? [item.tools] : []));
      for (const item of items ?? []) {
        const others = (items ?? []).filter((other) => other !== item && !isToolAlone(other));
        const unclear = items === or ? demands.length > 0 : others.some(mentionsTools) && !item.tools;
        const within = unclear ? null : inner;
        this.#pattern(item, within && items === and ? [...within, ...demands] : within);
      }
    }
    if (not) this.#pattern(not, inner);
  }

  #leaf(
    { arg, operation, value, valueFrom, view }: LeafDeclaration,
    lists: readonly ToolList[] | null,
  ): void {
    if (!arg || !lists) return;
    const path = parsePath(arg.value);
    // The sugar `amount_gt` names the argument inside the operation.
    const span =
      arg.span === operation.span
        ? spanWithin({ ...arg, span: operation.span }, 0, arg.value.length)
        : arg.span;
    const names = lists.flat().filter(({ value: name }) => !isGlob(name) && matchesAll(lists, name));
    for (const { value: name } of names) {
      const tool = this.#catalog.tools.get(name);
      if (!tool || !this.argument(tool, arg.value, path, span)) continue;
      if (view) {
        this.#report(
          misfitOfText(reachOf(tool.input, path)),
          tool,
          arg,
          [view.span, view.span],
          `\`as: ${view.value.as}\``,
        );
        continue;
      }
      // Which values the caller gives nobody knows here.
      const operand = valueFrom ? [] : (value?.value ?? null);
      const test = { operation: operation.value as OperationName, operand };
      this.#fit(
        tool,
        arg,
        path,
        test,
        [operation.span, value?.span ?? operation.span],
        `\`${operation.value}\``,
      );
    }
    if (names.length === 0 && lists.length > 0) this.#leafOfGlob(lists, arg.value, path, span);
  }

  /** A tool that the catalog does not have may match a glob too, so what is found is a warning. */
  #leafOfGlob(lists: readonly ToolList[], arg: string, path: ArgPath, span: Span): void {
    const matched = this.#matching(lists);
    const reaches = matched.map(({ input }) => reachOf(input, path));
    if (matched.length === 0 || reaches.some((reach) => !isNever(reach) && reach.place !== 'unlisted'))
      return;
    const wrong = reaches.flatMap(({ gone }) => (gone ? [gone.name] : []))[0] ?? '';
    const known = [...new Set(reaches.flatMap(({ gone }) => gone?.known ?? []))];
    const tool = lists.map((list) => list.map(({ value }) => value).join(', ')).join(' and ');
    this.#diagnostics.report('PL3305', { tool, arg, near: nearest(wrong, known), known }, span);
  }

  #fit(
    tool: CatalogTool,
    arg: Name,
    path: ArgPath,
    { operation, operand }: { operation: OperationName; operand: Parameters<typeof misfit>[1] },
    [ofTest, ofValue]: readonly [test: Span, value: Span],
    what: string,
  ): void {
    const found = misfit(operation, operand, reachOf(tool.input, path));
    this.#report(found, tool, arg, [ofTest, ofValue], what);
  }

  #report(
    found: Misfit | null,
    tool: CatalogTool,
    arg: Name,
    [ofTest, ofValue]: readonly [test: Span, value: Span],
    what: string,
  ): void {
    if (!found) return;
    const params = { what, arg: arg.value, tool: tool.name.value, is: found.is };
    if (found.kind === 'type') this.#diagnostics.report('PL3306', params, ofTest);
    else {
      const values = found.values.map(String);
      this.#diagnostics.report(found.some ? 'PL3308' : 'PL3307', { ...params, values }, ofValue);
    }
  }

  #matchesLeftOut(glob: string): boolean {
    return [...this.#catalog.leftOut].some((name) => globMatches(glob, name));
  }

  #matching(lists: readonly ToolList[]): readonly CatalogTool[] {
    return [...this.#catalog.tools.values()].filter(({ name }) => matchesAll(lists, name.value));
  }
}

const matchesAll = (lists: readonly ToolList[], name: string): boolean =>
  lists.every((list) =>
    list.some(({ value }) => value === name || (isGlob(value) && globMatches(value, name))),
  );

function isToolAlone(
  pattern: PatternDeclaration,
): pattern is PatternDeclaration & { readonly tools: ToolList } {
  const { tools, leaf, and, or, not } = pattern;
  return tools !== null && !leaf && !and && !or && !not;
}

function mentionsTools({ tools, and, or, not }: PatternDeclaration): boolean {
  return tools !== null || [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])].some(mentionsTools);
}
