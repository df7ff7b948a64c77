import { compileCel, type CelError } from '../../compiler/cel/index.ts';
import type { CelConstant, CelExpression, CelNode, CelType } from '../../compiler/ir/cel.ts';
import { formatType } from '../../compiler/cel/types.ts';
import { load, nativePatterns, runtime } from '../cel/bench.ts';
import { mentionsProtobuf, Protobuf, toType, toValue, type Case } from './cel-cases.ts';

/** What came of one case. */
export type Outcome =
  /** `about`: the protobuf construct that the case cannot do without. */
  | { readonly kind: 'ineligible'; readonly about: string }
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly errors: readonly CelError[] }
  | { readonly kind: 'wrong'; readonly expected: string; readonly found: string };

/** Compiles a case to JavaScript, runs that and compares value and type. */
export function runCase({ test }: Case): Outcome {
  if (mentionsProtobuf(test)) return { kind: 'ineligible', about: 'expression' };
  try {
    return runEligible(test);
  } catch (problem) {
    if (problem instanceof Protobuf) return { kind: 'ineligible', about: problem.message };
    throw problem;
  }
}

function runEligible(test: Case['test']): Outcome {
  const variables: Record<string, CelType> = {};
  for (const { name, declKind } of test.typeEnv) {
    if (declKind.case === 'ident') variables[name] = toType(declKind.value.type);
  }
  const bindings: Record<string, unknown> = {};
  for (const [name, bound] of Object.entries(test.bindings)) {
    if (bound.kind.case !== 'value') throw new Error(`no value for ${name}`);
    bindings[name] = toValue(bound.kind.value);
    variables[name] ??= { kind: 'dyn' };
  }
  const expected = expectation(test);
  const compiled = compileCel(test.expr, {
    variables,
    compilePattern: nativePatterns,
    container: test.container,
    result: 'any',
    checking: test.disableCheck ? 'dynamic' : 'strict',
  });
  if (!compiled.ok) return { kind: 'refused', errors: compiled.errors };
  const { run, type } = load(compiled.expression, Object.keys(variables));
  const open = withLiteralsAsInputs(compiled.expression);
  if (expected.type !== null && expected.type !== type) {
    return { kind: 'wrong', expected: `type ${expected.type}`, found: `type ${type}` };
  }
  if (test.checkOnly) return { kind: 'passed' };
  const found = show(run(bindings));
  if (found !== expected.value) return { kind: 'wrong', expected: expected.value, found };
  const names = [...Object.keys(variables), ...Object.keys(open.inputs)];
  const again = show(load(open.expression, names).run({ ...bindings, ...open.inputs }));
  if (again === found) return { kind: 'passed' };
  return {
    kind: 'wrong',
    expected: expected.value,
    found: `${again} when no literal is known at compile time`,
  };
}

/**
 * The same expression with each literal replaced by a variable. Most official cases are of literals only, which
 * the emitter computes when the module loads; this runs the code that conditions about plans are made of.
 */
function withLiteralsAsInputs(expression: CelExpression): {
  readonly expression: CelExpression;
  readonly inputs: Readonly<Record<string, unknown>>;
} {
  const inputs: Record<string, unknown> = {};
  const replace = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(replace);
    if (typeof part !== 'object' || part === null) return part;
    const node = part as Partial<CelNode>;
    if (node.op === 'constant' && node.constant) {
      const name = `literal ${Object.keys(inputs).length}`;
      inputs[name] = literalValue(node.constant);
      return { ...node, op: 'variable', name };
    }
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, replace(value)]));
  };
  return { expression: { ...expression, root: replace(expression.root) as CelNode }, inputs };
}

function literalValue(constant: CelConstant): unknown {
  switch (constant.kind) {
    case 'null':
      return null;
    case 'int':
      return BigInt(constant.value);
    case 'uint':
      return runtime.celUint(BigInt(constant.value));
    case 'bytes':
      return runtime.celBytes(constant.value);
    case 'type':
      return runtime.celType(constant.value);
    default:
      return constant.value;
  }
}

function expectation(test: Case['test']): { readonly value: string; readonly type: string | null } {
  const matcher = test.resultMatcher;
  switch (matcher.case) {
    case 'value':
      return { value: show(toValue(matcher.value)), type: null };
    case 'typedResult': {
      const { result, deducedType } = matcher.value;
      return {
        value: result ? show(toValue(result)) : '',
        type: deducedType ? formatType(toType(deducedType)) : null,
      };
    }
    case 'evalError':
      return { value: 'error', type: null };
    case undefined:
      return { value: 'bool true', type: null };
    default:
      throw new Error(`no such expectation: ${matcher.case}`);
  }
}

/** A value with its exact type, as text. */
export function show(value: unknown): string {
  if (value instanceof runtime.CelFailure) return 'error';
  const name = runtime.typeName(value);
  if (runtime.isList(value)) return `[${value.map(show).join(', ')}]`;
  if (name === 'map') {
    const map = value as InstanceType<typeof runtime.CelMap>;
    return `{${runtime
      .keysOf(runtime.celBudget(), map)
      .map((key) => `${show(key)}: ${show(runtime.lookup(map, key))}`)
      .sort()
      .join(', ')}}`;
  }
  if (value instanceof runtime.CelOptional) return value.present ? `optional ${show(value.value)}` : 'none';
  if (value instanceof runtime.CelBytes) return `bytes ${value.octets.join(' ')}`;
  if (value instanceof runtime.CelTimestamp || value instanceof runtime.CelDuration)
    return `${name} ${value.nanos}`;
  if (value instanceof runtime.CelTypeValue) return `type ${value.name}`;
  if (value instanceof runtime.CelUint) return `uint ${value.value}`;
  if (typeof value === 'string') return `string ${JSON.stringify(value)}`;
  return `${name} ${Object.is(value, -0) ? '-0' : String(value)}`;
}
