import { globMatches } from '../glob/covers.ts';
import type {
  CellPlan,
  GuardPlan,
  NumberRange,
  RowPlan,
  SoughtText,
  Trigger,
  TripKind,
  Trips,
} from '../ir/guard.ts';
import type { Expr, ProgramRule, StepRule } from '../ir/program.ts';
import { mayBeInNumber } from './by-text.ts';
import { foldOne } from './fold.ts';
import { bottomUp } from './pass.ts';
import type { NarrowPass } from './pass.ts';

/** Puts together what a walk over a plan has to look at, from what each rule can fire through. */
export function buildGuard(all: readonly ProgramRule[], passes: readonly NarrowPass[]): GuardPlan {
  const rules = all.filter((rule) => rule.scope === 'step');
  const ofTexts: StepRule[] = [];
  const sought: SoughtText[] = [];
  const perStep = rules.filter((rule) => {
    const triggers = forEveryTool(rule) ? triggersOf(rule.condition, passes) : null;
    const texts = triggers?.flatMap((trigger) => (trigger.by === 'text' ? [trigger.sought] : []));
    if (!triggers || !texts || texts.length < triggers.length) return true;
    ofTexts.push(rule);
    sought.push(...texts);
    return false;
  });
  const plain = new Map<StepRule, TripKind>();
  for (const rule of perStep) {
    const kind = plainKind(rule, passes);
    if (kind) plain.set(rule, kind);
  }
  const others = perStep.filter((rule) => !plain.has(rule));
  const rows = new Map<string, RowPlan>();
  const byTool = new ByTool(others);
  for (const tool of namedTools(perStep)) rows.set(tool, rowOf(tool, byTool.rulesOf(tool), passes));
  const texts = { rules: ofTexts, sought, numbers: sought.some(mayBeInNumber) };
  return { rows, others, plain, texts };
}

/** How the only trigger of a rule on one argument follows from its operand; `null` for other rules. */
function plainKind({ condition }: StepRule, passes: readonly NarrowPass[]): TripKind | null {
  const triggers = condition.kind === 'arg' ? triggersOf(condition, passes) : null;
  const [first] = triggers ?? [];
  return triggers?.length === 1 && first?.by === 'argument' ? (first.trips.kind ?? null) : null;
}

const isGlob = (tool: string): boolean => tool.includes('*');
const forEveryTool = ({ tools }: StepRule): boolean => tools === null || tools.includes('*');

/** Every tool that the rules name without a `*`, sorted. */
function namedTools(rules: readonly StepRule[]): readonly string[] {
  const found = new Set<string>();
  const inCondition = (expr: Expr): void => {
    if (expr.kind === 'tool') for (const tool of expr.globs) found.add(tool);
    else if (expr.kind === 'and' || expr.kind === 'or') expr.items.forEach(inCondition);
  };
  for (const { tools, condition } of rules) {
    for (const tool of tools ?? []) found.add(tool);
    inCondition(condition);
  }
  return [...found].filter((tool) => !isGlob(tool)).sort();
}

/** Finds the rules of a tool without trying each rule's globs: those of one name are looked up. */
class ByTool {
  readonly #rules: readonly StepRule[];
  /** Places of rules in the list, by name, by what stands in front of the only `*` at the end, and by other globs. */
  readonly #ofName = new Map<string, number[]>();
  readonly #ofPrefix = new Map<string, number[]>();
  readonly #ofGlob = new Map<string, number[]>();

  constructor(rules: readonly StepRule[]) {
    this.#rules = rules;
    rules.forEach(({ tools }, i) => {
      for (const tool of tools ?? ['*']) {
        if (!isGlob(tool)) note(this.#ofName, tool, i);
        else if (endsInOnlyStar(tool)) note(this.#ofPrefix, tool.slice(0, -1), i);
        else note(this.#ofGlob, tool, i);
      }
    });
  }

  rulesOf(tool: string): readonly StepRule[] {
    const found = [...(this.#ofName.get(tool) ?? [])];
    for (let end = 0; end <= tool.length; end += 1) {
      const some = this.#ofPrefix.get(tool.slice(0, end));
      if (some) found.push(...some);
    }
    for (const [glob, some] of this.#ofGlob) if (globMatches(glob, tool)) found.push(...some);
    found.sort((a, b) => a - b);
    // A rule that finds the tool in two ways is one rule.
    return found.flatMap((at, i) => (at === found[i - 1] ? [] : (this.#rules[at] ?? [])));
  }
}

function note(lists: Map<string, number[]>, key: string, place: number): void {
  const known = lists.get(key);
  if (known) known.push(place);
  else lists.set(key, [place]);
}

const endsInOnlyStar = (glob: string): boolean => glob.indexOf('*') === glob.length - 1;

const matches = (glob: string, tool: string): boolean =>
  endsInOnlyStar(glob) ? tool.startsWith(glob.slice(0, -1)) : globMatches(glob, tool);

function rowOf(tool: string, rules: readonly StepRule[], passes: readonly NarrowPass[]): RowPlan {
  const always: StepRule[] = [];
  const cells = new Map<string, Draft>();
  for (const rule of rules) {
    const triggers = triggersOf(forTool(rule.condition, tool), passes);
    if (!triggers?.every((trigger) => trigger.by === 'argument')) always.push(rule);
    else {
      for (const { arg, trips } of triggers) {
        const cell = cells.get(arg);
        if (cell) merge(cell, rule, trips);
        else cells.set(arg, draftOf(arg, rule, trips));
      }
    }
  }
  return { rules: always, cells: [...cells.values()] };
}

/** A cell in the making. */
type Draft = { -readonly [K in keyof CellPlan]: CellPlan[K] } & { rules: StepRule[] };

/** The condition with the tool known. */
function forTool(condition: Expr, tool: string): Expr {
  if (condition.kind === 'arg') return condition;
  return bottomUp(condition, (expr) =>
    expr.kind === 'tool'
      ? { kind: 'constant', value: expr.globs.some((glob) => matches(glob, tool)) !== expr.negated }
      : foldOne(expr),
  );
}

/** Everything through which a condition can come not to fail; `null` where that cannot be said. */
function triggersOf(expr: Expr, passes: readonly NarrowPass[]): readonly Trigger[] | null {
  switch (expr.kind) {
    case 'constant':
      return expr.value ? null : [];
    case 'arg':
      // What the text of an argument holds nothing tells but reading it.
      if (expr.test.view) return null;
      for (const pass of passes) {
        const triggers = pass.triggers(expr);
        if (triggers) return triggers;
      }
      return null;
    case 'and': {
      // One operand that fails is enough, so the most selective one speaks for all.
      const known = expr.items.flatMap((item) => {
        const triggers = triggersOf(item, passes);
        return triggers ? [triggers] : [];
      });
      return known.sort((a, b) => frequency(a) - frequency(b))[0] ?? null;
    }
    case 'or': {
      const each = expr.items.map((item) => triggersOf(item, passes));
      return each.every((triggers) => triggers !== null) ? each.flat() : null;
    }
    default:
      return null;
  }
}

/** How often triggers are likely to trip for nothing. */
function frequency(triggers: readonly Trigger[]): number {
  return triggers.reduce((sum, trigger) => {
    if (trigger.by === 'text') return sum + 10;
    const { trips } = trigger;
    return sum + (trips.missing ? 4 : 0) + (trips.everyText ? 2 : 0) + (trips.sought.length > 0 ? 2 : 1);
  }, 0);
}

function draftOf(arg: string, rule: StepRule, trips: Trips): Draft {
  const { everyText, literals, missing, numbers, sought } = trips;
  const equal = trips.equal.length < 2 ? trips.equal : [...new Set(trips.equal)];
  return { arg, rules: [rule], everyText, literals, missing, numbers, equal, sought };
}

function merge(cell: Draft, rule: StepRule, trips: Trips): void {
  if (cell.rules.at(-1) !== rule) cell.rules.push(rule);
  cell.everyText ||= trips.everyText;
  cell.literals ||= trips.literals;
  cell.missing ||= trips.missing;
  cell.numbers = both(cell.numbers, trips.numbers);
  if (trips.equal.length > 0) cell.equal = [...new Set([...cell.equal, ...trips.equal])];
  if (trips.sought.length > 0) cell.sought = [...cell.sought, ...trips.sought];
}

function both(a: NumberRange | null, b: NumberRange | null): NumberRange | null {
  if (!a || !b || (b.low <= a.low && a.high <= b.high)) return b && a;
  return { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
}
