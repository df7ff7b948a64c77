import { cellOf, newDraft } from './cells.ts';
import type { Draft, Trip } from '../module/draft.ts';
import { joinRows } from './layers.ts';
import type { Kind, TestReason } from '../module/reason.ts';
import type { Guard, GuardCell, GuardRow } from '../module/tables.ts';

declare const Map: MapConstructor;

/** Cells that are kept for tools that are not named: a plan can invent names that each match other globs. */
const MOST_KNOWN = 1_024;

/** Gives a rule by its index. */
declare function rule(index: number): unknown;

/** The kinds of the module's rules. */
declare const kinds: readonly Kind[];

/**
 * The rows of a guard, each made when its tool is first seen: of the rules about one argument, which say themselves what
 * trips its cell, and of what else there is to say of the tool.
 *
 * @param named - tools that the policies name, with the ranges of such rules that name them
 * @param globbed - such rules whose globs match a tool
 * @param others - the rest for tools that are not named
 * @param more - the rest for those that are
 */
export function rows(
  named: readonly (readonly [tool: string, ranges: readonly number[]])[],
  globbed?: ((tool: string) => number[]) | 0,
  others?: ((tool: string) => readonly number[]) | 0,
  more?: readonly (readonly [tool: string, row: () => GuardRow])[] | 0,
): Guard['row'] {
  const own = new Map(named);
  const rest = new Map(more || []);
  // Tools that are not named are as many as there are plans, what is asked of them is not.
  const known = new Map<string, readonly GuardCell[]>();
  return (tool) => {
    const indexes = globbed ? globbed(tool) : [];
    const ranges = own.get(tool);
    if (!ranges) {
      const key = indexes.join();
      let cells = known.get(key);
      if (!cells) {
        if (known.size >= MOST_KNOWN) known.clear();
        known.set(key, (cells = cellsOf(indexes)));
      }
      return { rules: others ? others(tool) : [], cells };
    }
    for (let i = 0; i < ranges.length; i += 2)
      for (let at = ranges[i] as number; at < (ranges[i + 1] as number); at += 1)
        if (!indexes.includes(at)) indexes.push(at);
    const row = { rules: [], cells: cellsOf(indexes) };
    const said = rest.get(tool);
    return said ? joinRows(row, said()) : row;
  };
}

function cellsOf(indexes: readonly number[]): readonly GuardCell[] {
  const drafts = new Map<string, Draft>();
  const cells: GuardCell[] = [];
  for (const index of indexes) {
    const [path, kind, operand] = rule(index) as TestReason;
    const arg = path as string;
    let draft = drafts.get(arg);
    if (!draft) drafts.set(arg, (draft = newDraft()));
    draft.rules.push(index);
    (kinds[kind]?.trip as Trip<unknown>)(draft, operand);
  }
  drafts.forEach((draft, arg) => cells.push(cellOf(arg, draft)));
  return cells;
}
