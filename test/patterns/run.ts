/** Runs a plan the way the emitted module does: through `emitPattern` and the support functions. */
import { compileFunction } from 'node:vm';
import { js, name, Names } from '../../compiler/code/code.ts';
import { emitPattern } from '../../compiler/5-emit/pattern.ts';
import { bitScan, tableScan, wordScan, type Scan } from '../../engine/text/patterns.ts';
import type { PatternEngine, PatternPlan, PatternRefusal, ScanDirection } from '../../compiler/ir/pattern.ts';
import { compilePattern, type PatternLimits, type PatternOptions } from '../../compiler/patterns/index.ts';

export function runnable(plan: PatternPlan): Scan {
  const { declarations, test } = emitPattern(plan, name('text'), new Names().fresh('pattern'));
  const text = `${declarations.join('\n')} return (text) => ${js`${test}`.toString()};`;
  const make = compileFunction(text, ['tableScan', 'wordScan', 'bitScan']) as (
    ...support: readonly unknown[]
  ) => Scan;
  return make(tableScan, wordScan, bitScan);
}

export function planOf(source: string, options: PatternOptions = {}): PatternPlan {
  const result = compilePattern(source, options);
  if (!result.ok) throw new Error(`refused: ${result.refusal.message}`);
  return result.plan;
}

export function scanOf(source: string, options: PatternOptions = {}): Scan {
  return runnable(planOf(source, options));
}

export function refusalOf(source: string, options: PatternOptions = {}): PatternRefusal {
  const result = compilePattern(source, options);
  if (result.ok) throw new Error(`compiled to ${result.plan.engine}`);
  return result.refusal;
}

export interface Forced {
  readonly engine: PatternEngine;
  readonly direction?: ScanDirection;
  readonly limits?: Partial<PatternLimits>;
}

/** Every engine in every form it has; the second kind of literals is Aho-Corasick. */
export const FORCED: readonly Forced[] = [
  { engine: 'literals' },
  { engine: 'literals', limits: { includes: 0 } },
  { engine: 'native' },
  { engine: 'dfa', direction: 'forward' },
  { engine: 'dfa', direction: 'reverse' },
  { engine: 'nfa', direction: 'forward' },
  { engine: 'nfa', direction: 'reverse' },
];

/**
 * What ECMA-262 says `test` gives: an attempt at every code point, never inside a surrogate pair. The plain search
 * of V8 also tries there.
 */
export function specTest(source: string, flags: string): Scan {
  const expression = new RegExp(source, `${flags}y`);
  return (text) => {
    for (let i = 0; i <= text.length; i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1) {
      expression.lastIndex = i;
      if (expression.test(text)) return true;
    }
    return false;
  };
}
