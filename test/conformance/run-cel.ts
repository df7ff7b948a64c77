import { compileCel, type CelError } from '../../compiler/cel/index.ts';
import type { CelType } from '../../compiler/ir/cel.ts';
import { formatType } from '../../compiler/cel/types.ts';
import { load, nativePatterns, runtime } from '../cel/bench.ts';
import { mentionsProtobuf, Protobuf, toType, toValue, type Case } from './cel-cases.ts';

/** What came of one case. */
export type Outcome =
  | { readonly kind: 'ineligible' }
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly errors: readonly CelError[] }
  | { readonly kind: 'wrong'; readonly expected: string; readonly found: string };

/** Compiles a case to JavaScript, runs that and compares value and type. */
export function runCase({ test }: Case): Outcome {
  if (mentionsProtobuf(test)) return { kind: 'ineligible' };
  try {
    return runEligible(test);
  } catch (problem) {
    if (problem instanceof Protobuf) return { kind: 'ineligible' };
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
  if (expected.type !== null && expected.type !== type) {
    return { kind: 'wrong', expected: `type ${expected.type}`, found: `type ${type}` };
  }
  if (test.checkOnly) return { kind: 'passed' };
  const found = show(run(bindings));
  return found === expected.value ? { kind: 'passed' } : { kind: 'wrong', expected: expected.value, found };
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
      .keysOf(map)
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
