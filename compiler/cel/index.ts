import type { CelExpression, CelRead } from '../ir/cel.ts';
import { ExpressionChecker } from './check.ts';
import { costDegree } from './cost.ts';
import type { CelEnvironment } from './environment.ts';
import { parse } from './parse.ts';
import { CelProblem, type CelError } from './problems.ts';
import { reads } from './reads.ts';

export type { CelEnvironment } from './environment.ts';
export type { CelError } from './problems.ts';

/** The default of `CelEnvironment.maxDegree`. */
export const MAX_DEGREE = 2;

export type CelCompilation =
  | { readonly ok: true; readonly expression: CelExpression; readonly reads: readonly CelRead[] }
  | { readonly ok: false; readonly errors: readonly CelError[] };

/**
 * Parses and type-checks a CEL expression (cel-spec v0.25) against an environment. Never throws for what the
 * text says: every problem is an error with offsets into `source`.
 *
 * @example
 * compileCel('step.args.amount > 100.0', { variables: { step: STEP }, compilePattern })
 */
export function compileCel(source: string, environment: CelEnvironment): CelCompilation {
  try {
    const checker = new ExpressionChecker(environment);
    const root = checker.whole(parse(source));
    if (checker.errors.length > 0) return { ok: false, errors: checker.errors };
    const degree = costDegree(root);
    const limit = environment.maxDegree ?? MAX_DEGREE;
    if (degree > limit) {
      const message = `this condition's cost grows with the plan's size to the power of ${degree}, and ${limit} is the limit`;
      const hint = 'a macro inside another one should go over a part of the outer element';
      throw new CelProblem('unsupported', message, root, hint);
    }
    return { ok: true, expression: { source, root, degree }, reads: reads(root) };
  } catch (problem) {
    if (problem instanceof CelProblem) return { ok: false, errors: [problem.detail] };
    throw problem;
  }
}
