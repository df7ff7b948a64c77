/** A compiled pattern → the JavaScript that tests a text with it. */
import type { PatternPlan } from '../ir/pattern.ts';
import { empty, join, js, literal, regexLiteral, type Code } from '../code/code.ts';

export interface EmittedPattern {
  /** Constants to declare once, in front of the code that uses the test. */
  readonly declarations: readonly Code[];
  /** A boolean expression, safe to put under `!` and between `&&` and `||`. */
  readonly test: Code;
}

/**
 * @param subject a name that holds a string; it may be written more than once
 * @param scan the name of the constant to declare
 *
 * What it emits calls `tableScan`, `wordScan` and `bitScan` of `engine/text/patterns.ts`.
 */
export function emitPattern(plan: PatternPlan, subject: Code, scan: Code): EmittedPattern {
  const call = js`${scan}(${subject})`;
  const declare = (made: Code): EmittedPattern => ({
    declarations: [js`const ${scan}=${made};`],
    test: guarded(plan, subject, call),
  });
  switch (plan.engine) {
    case 'literals':
      return plan.packed === undefined
        ? { declarations: [], test: js`(${anyOf(plan.texts, subject)})` }
        : declare(js`wordScan(${literal(plan.packed)})`);
    case 'native': {
      // No `g` or `y`: the object keeps no state between tests.
      const tested = js`${scan}.test(${subject})`;
      return {
        declarations: [js`const ${scan}=${regexLiteral(plan.printed, plan.flags)};`],
        test: guarded(plan, subject, tested),
      };
    }
    case 'dfa':
      return declare(js`tableScan(${literal(plan.packed)},${literal(plan.direction === 'reverse')})`);
    case 'nfa':
      return declare(js`bitScan(${literal(plan.packed)},${literal(plan.direction === 'reverse')})`);
  }
}

function guarded(plan: PatternPlan, subject: Code, test: Code): Code {
  return plan.prefilter ? js`((${anyOf(plan.prefilter, subject)})&&${test})` : test;
}

function anyOf(texts: readonly string[], subject: Code): Code {
  if (texts.length === 0) return literal(false);
  const tests = texts.map((text) => js`${subject}.includes(${literal(text)})`);
  return tests.length === 1 ? (tests[0] ?? empty) : join(tests, js`||`);
}
