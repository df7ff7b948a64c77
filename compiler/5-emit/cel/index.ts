import type { CelExpression, CelNode } from '../../ir/cel.ts';
import { children } from '../../ir/cel-walk.ts';
import { comma, join, js, type Code } from '../../code/code.ts';
import { emitNode } from './nodes.ts';
import { Scope, Unit, type EmitCelOptions } from './scope.ts';

export type { EmitCelOptions } from './scope.ts';

/** A condition as JavaScript. */
export interface EmittedCel {
  /** Statements for the module's top level, in order; they run after the support functions and `celUseKit`. */
  readonly declarations: readonly Code[];
  /**
   * An expression whose value is `true`, `false` or, if the condition cannot be evaluated, a `CelFailure`. It
   * never throws on plain data. A rule fires unless the value is `false`: `test !== false`.
   */
  readonly test: Code;
  /** Exports of `engine/cel/index.ts` that the text calls by name. */
  readonly support: readonly string[];
  /** Intrinsics that must be given to `celUseKit` when the module is loaded: `fromCodePoint` or nothing. */
  readonly kit: readonly string[];
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
  const parameters = [...unit.variables.values()];
  const evaluate = options.fresh('condition');
  const body = scope.close(parameters, js`${unit.call('celBegin')} ?? ${value}`);
  const args = [...unit.variables.keys()].map((variable) => {
    const code = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    if (!code) throw new RangeError(`no code for the variable ${variable}`);
    return code;
  });
  const kit = needsKit(expression.root) ? ['fromCodePoint'] : [];
  if (kit.length > 0) unit.use('celUseKit');
  return {
    declarations: [...unit.declarations, js`const ${evaluate} = ${body};`],
    test: js`${evaluate}(${join(args, comma)})`,
    support: [...unit.support].sort(),
    kit,
  };
}

/** Text is decoded from bytes only where an expression both makes bytes and makes text of values. */
function needsKit(root: CelNode): boolean {
  const nodes: CelNode[] = [];
  const collect = (node: CelNode): void => {
    nodes.push(node);
    children(node).forEach(collect);
  };
  collect(root);
  const calls = new Set(nodes.map((node) => (node.op === 'call' ? node.name : '')));
  const makesBytes =
    calls.has('celToBytes') ||
    calls.has('celDecodeBytes') ||
    nodes.some(
      (node) => node.type.kind === 'bytes' || (node.op === 'constant' && node.constant.kind === 'bytes'),
    );
  return makesBytes && (calls.has('celToString') || calls.has('celFormat'));
}
