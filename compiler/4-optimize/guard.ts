import { globMatches } from '../glob/covers.ts';
import type { CellPlan, GuardPlan, NumberRange, RowPlan, SoughtText, Trigger, Trips } from '../ir/guard.ts';
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
  const rows = new Map<string, RowPlan>();
  const byTool = new ByTool(perStep);
  for (const tool of namedTools(perStep)) rows.set(tool, rowOf(tool, byTool.rulesOf(tool), passes));
  return { rows, others: perStep, texts: { rules: ofTexts, sought, numbers: sought.some(mayBeInNumber) } };
}

const isGlob = (tool: string): boolean => tool.includes('*');
const forEveryTool = ({ tools }: StepRule): boolean => tools === null || tools.includes('*');

/** Every tool that the rules name without a `*`, sorted. */
function namedTools(rules: readonly StepRule[]): readonly string[] {
  const inCondition = (expr: Expr): readonly string[] =>
    expr.kind === 'tool'
      ? expr.globs
      : expr.kind === 'and' || expr.kind === 'or'
        ? expr.items.flatMap(inCondition)
        : [];
  const all = rules.flatMap((rule) => [...(rule.tools ?? []), ...inCondition(rule.condition)]);
  return [...new Set(all)].filter((tool) => !isGlob(tool)).sort();
}

/** Finds the rules of a tool without trying each rule's globs: those of one name are looked up. */
class ByTool {
  readonly #order: ReadonlyMap<StepRule, number>;
  readonly #ofName = new Map<string, StepRule[]>();
  readonly #ofGlob = new Map<string, StepRule[]>();

  constructor(rules: readonly StepRule[]) {
    this.#order = new Map(rules.map((rule, i) => [rule, i]));
    for (const rule of rules) {
      for (const tool of rule.tools ?? ['*']) {
        const list = isGlob(tool) ? this.#ofGlob : this.#ofName;
        const known = list.get(tool);
        if (known) known.push(rule);
        else list.set(tool, [rule]);
      }
    }
  }

  rulesOf(tool: string): readonly StepRule[] {
    const found = new Set(this.#ofName.get(tool));
    for (const [glob, rules] of this.#ofGlob) {
      if (matches(glob, tool)) for (const rule of rules) found.add(rule);
    }
    return [...found].sort((a, b) => (this.#order.get(a) ?? 0) - (this.#order.get(b) ?? 0));
  }
}

/** Most globs end in their only `*`. */
const matches = (glob: string, tool: string): boolean =>
  glob.indexOf('*') === glob.length - 1 ? tool.startsWith(glob.slice(0, -1)) : globMatches(glob, tool);

function rowOf(tool: string, rules: readonly StepRule[], passes: readonly NarrowPass[]): RowPlan {
  const always: StepRule[] = [];
  const cells = new Map<string, CellPlan>();
  for (const rule of rules) {
    const triggers = triggersOf(forTool(rule.condition, tool), passes);
    if (!triggers?.every((trigger) => trigger.by === 'argument')) always.push(rule);
    else for (const { arg, trips } of triggers) cells.set(arg, merge(cells.get(arg), arg, rule, trips));
  }
  return { rules: always, cells: [...cells.values()] };
}

/** The condition with the tool known. */
function forTool(condition: Expr, tool: string): Expr {
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

function merge(cell: CellPlan | undefined, arg: string, rule: StepRule, trips: Trips): CellPlan {
  if (!cell) return { ...trips, arg, rules: [rule] };
  return {
    arg,
    rules: cell.rules.includes(rule) ? cell.rules : [...cell.rules, rule],
    everyText: cell.everyText || trips.everyText,
    literals: cell.literals || trips.literals,
    missing: cell.missing || trips.missing,
    numbers: both(cell.numbers, trips.numbers),
    equal: [...new Set([...cell.equal, ...trips.equal])],
    sought: [...cell.sought, ...trips.sought],
  };
}

function both(a: NumberRange | null, b: NumberRange | null): NumberRange | null {
  return a && b && { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
}
