/** The other limit: tables and one small evaluator, by hand, for this workload; as narrow as `straight.ts`. */
import { findingNames, verdictOf } from '../engine.ts';
import type { Engine } from '../engine.ts';
import { fires, names } from '../oracle.ts';
import type { Plan, Workload } from '../workload.ts';
import { mergeTools } from './merge.ts';
import type { MergedArg, NumberedRule } from './merge.ts';

interface Cell {
  readonly low: number;
  readonly high: number;
  readonly numeric: boolean;
  /** Bit n: a text of length n (modulo 32) is compared. */
  readonly lengths: number;
  readonly equal: readonly string[];
  readonly first: number;
  readonly anchored: RegExp | null;
  readonly union: RegExp | null;
  readonly rules: readonly NumberedRule[];
}

export const tables: Engine = {
  name: 'limit: tables by hand',
  prepare(workload) {
    const out = new Int32Array(1 << 16);
    const decide = evaluator(workload, out);
    const allNames = findingNames(workload);
    return {
      decide,
      verdict: (plan) => verdictOf(allNames, out.slice(0, decide(plan))),
      bytes: JSON.stringify([...mergeTools(workload)]).length,
    };
  },
};

function cellOf({ rules, range, equal, union, anchored }: MergedArg): Cell {
  return {
    low: range?.[0] ?? 0,
    high: range?.[1] ?? 0,
    numeric: range !== null,
    lengths: equal.reduce((bits, text) => bits | (1 << (text.length & 31)), 0),
    equal,
    first: anchored[0]?.first ?? -1,
    anchored: anchored.length > 0 ? new RegExp(anchored.map(({ source }) => source).join('|')) : null,
    union: union === '' ? null : new RegExp(union),
    rules,
  };
}

/** The anchored patterns of this workload all begin with the same character. */
function fired(cell: Cell, value: string): boolean {
  if ((cell.lengths >>> (value.length & 31)) & 1) {
    const { equal } = cell;
    for (let i = 0; i < equal.length; i += 1) if (equal[i] === value) return true;
  }
  if (cell.anchored !== null && value.charCodeAt(0) === cell.first && cell.anchored.test(value)) return true;
  return cell.union !== null && cell.union.test(value);
}

function evaluator(workload: Workload, out: Int32Array): (plan: Plan) => number {
  const { rules, deny, allow, maxSteps } = workload;
  const rest = rules.length;
  const tools = new Map(
    [...mergeTools(workload)].map(([tool, args]) => [
      tool,
      {
        needs: args.filter(({ range }) => range).length,
        cells: new Map(args.map((arg) => [arg.arg, cellOf(arg)])),
      },
    ]),
  );
  const anyDenied = new RegExp(deny.join('|'));
  const denied = deny.map((source) => new RegExp(source));
  let n = 0;
  const hit = (rule: number, step: number): void => {
    out[n] = rule;
    out[n + 1] = step;
    n += 2;
  };
  const cold = (cell: Cell, value: string | number | undefined, i: number): void => {
    for (const { check, index } of cell.rules) if (fires(check, value)) hit(index, i);
  };
  return ({ steps }) => {
    n = 0;
    if (steps.length > maxSteps) hit(rest + deny.length + 1, -1);
    for (let i = 0; i < steps.length; i += 1) {
      const step = steps[i] as (typeof steps)[number];
      const { args, tool } = step;
      const row = tools.get(tool);
      if (row === undefined) {
        if (!allow.some((glob) => names(glob, tool))) hit(rest + deny.length, i);
        continue;
      }
      let numbers = 0;
      let secret = false;
      for (const key in args) {
        const value = args[key];
        const cell = row.cells.get(key);
        if (typeof value === 'string') {
          if (anyDenied.test(value)) secret = true;
          if (cell !== undefined) {
            if (cell.numeric || fired(cell, value)) cold(cell, value, i);
          }
        } else if (cell !== undefined && cell.numeric) {
          numbers += 1;
          if (!(typeof value === 'number' && value >= cell.low && value <= cell.high)) cold(cell, value, i);
        }
      }
      if (numbers < row.needs) {
        for (const [key, cell] of row.cells)
          if (cell.numeric && args[key] === undefined) cold(cell, undefined, i);
      }
      if (secret) {
        const texts = Object.values(args);
        denied.forEach((pattern, k) => {
          if (texts.some((text) => typeof text === 'string' && pattern.test(text))) hit(rest + k, i);
        });
      }
    }
    return n;
  };
}
