import type { CelExpression } from '../../ir/cel.ts';
import { comma, join, js, type Code } from '../../code/code.ts';
import { emitNode } from './nodes.ts';
import { BUDGET, Scope, Unit, type EmitCelOptions } from './scope.ts';

export type { EmitCelOptions } from './scope.ts';

/** A condition as JavaScript. */
export interface EmittedCel {
  /** Statements for the module's top level, in order; they run after the support functions. */
  readonly declarations: readonly Code[];
  /**
   * An expression over the budget `Q`, whose value is `true`, `false` or, if the condition cannot be evaluated, a `CelFailure`.
   * It never throws on plain data. A rule fires unless the value is `false`: `test !== false`.
   */
  readonly test: Code;
  /** Exports of `engine/cel/index.ts` that the text calls by name. */
  readonly support: readonly string[];
  /** The variables of the environment that it reads. */
  readonly variables: readonly string[];
}

/**
 * Compiles a checked expression to JavaScript. `variables` gives the text behind each variable of the
 * environment, evaluated at most once per test and only if the expression uses it; values are JSON as a plan
 * has it, or what the support functions make (`celInstant(now)` for a timestamp).
 *
 * @throws RangeError if a variable of the expression is missing: a mistake of the caller, not of the policy.
 */
export function emitCel(
  expression: CelExpression,
  variables: Readonly<Record<string, Code>>,
  options: EmitCelOptions,
): EmittedCel {
  const unit = new Unit(options);
  const scope = new Scope(options.fresh);
  const value = emitNode(unit, scope, expression.root);
  const parameters = [BUDGET, ...unit.variables.values()];
  const evaluate = options.fresh('condition');
  const body = scope.close(parameters, js`${unit.call('celBegin')} ?? ${value}`);
  const args = [...unit.variables.keys()].map((variable) => {
    const code = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    if (!code) throw new RangeError(`no code for the variable ${variable}`);
    return code;
  });
  return {
    declarations: [...unit.declarations, js`const ${evaluate} = ${body};`],
    test: js`${evaluate}(${join([BUDGET, ...args], comma)})`,
    support: [...unit.support].sort(),
    variables: [...unit.variables.keys()],
  };
}
