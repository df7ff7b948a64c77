import type { CelNode, CelType } from '../ir/cel.ts';
import { qualifiedName, type Ast } from './ast.ts';
import type { Checker } from './checker.ts';
import { constantHint, fieldHint } from './elsewhere.ts';
import { nearMiss, type Span } from './problems.ts';
import { STEP } from './rule-variables.ts';
import * as types from './types.ts';

/** What a name may mean in a container, most specific first (langdef.md "Name Resolution"). */
export function candidates(container: string, name: string): string[] {
  if (name.startsWith('.')) return [name.slice(1)];
  const parts = container === '' ? [] : container.split('.');
  return [
    ...Array.from({ length: parts.length }, (_, i) => parts.slice(0, parts.length - i).join('.')),
    '',
  ].map((prefix) => (prefix === '' ? name : `${prefix}.${name}`));
}

/** A variable or a type under this name. */
function global(checker: Checker, name: string, span: Span): CelNode | null {
  for (const candidate of candidates(checker.environment.container ?? '', name)) {
    if (Object.hasOwn(checker.environment.variables, candidate)) {
      const type = checker.environment.variables[candidate] ?? types.DYN;
      return checker.node({ op: 'variable', name: candidate }, type, span);
    }
    if (Object.hasOwn(types.TYPE_NAMES, candidate)) {
      return checker.constant({ kind: 'type', value: candidate }, span);
    }
  }
  return null;
}

export function checkIdentifier(checker: Checker, ast: Ast & { kind: 'identifier' }): CelNode {
  const local = ast.absolute ? undefined : checker.local(ast.name);
  if (local) return checker.node({ op: 'local', slot: local.slot }, local.type, ast);
  const found = global(checker, ast.absolute ? `.${ast.name}` : ast.name, ast);
  if (found) return found;
  if (checker.dynamic) return checker.unresolved([], ast);
  const known = [...checker.localNames(), ...Object.keys(checker.environment.variables)];
  const hint = constantHint(ast.name) || nearMiss(ast.name, known) || hintForVariable(ast.name, known);
  return checker.fail('unknown-name', `there is no variable \`${ast.name}\``, ast, hint);
}

/** Where the value probably stands that the author took for a variable. */
function hintForVariable(name: string, known: readonly string[]): string {
  if (name === 'step') return 'a rule about the plan as a whole has no step of its own: go over `plan.steps`';
  if (!known.includes('step')) return '';
  const isField = Object.hasOwn(STEP.fields, name);
  if (isField) return `did you mean \`step.${name}\`?`;
  return `an argument of the step is \`step.args.${name}\`, what the caller vouches for \`context.${name}\``;
}

export function checkSelect(checker: Checker, ast: Ast & { kind: 'select' }): CelNode {
  const qualified = qualifiedName(ast);
  if (qualified !== null && !checker.local(qualified.split('.')[0] ?? '')) {
    const found = global(checker, qualified, ast);
    if (found) return found;
  }
  const operand = checker.check(ast.operand);
  const { optional, type } = fieldType(checker, operand, ast);
  if (ast.optional) {
    const field = checker.constant({ kind: 'string', value: ast.field }, ast.fieldSpan);
    return checker.node(
      { op: 'call', name: 'celOptionalIndex', args: [operand, field] },
      types.optionalOf(type),
      ast,
    );
  }
  return checker.node(
    { op: 'select', operand, field: ast.field },
    optional ? types.optionalOf(type) : type,
    ast,
  );
}

/** `has(operand.field)` (langdef.md "Macros"). */
export function checkHas(checker: Checker, ast: Ast & { kind: 'select' }, span: Span): CelNode {
  const operand = checker.check(ast.operand);
  fieldType(checker, operand, ast);
  return checker.node({ op: 'has', operand, field: ast.field }, types.BOOL, span);
}

/** The type behind a field, and whether the operand is an optional value. */
function fieldType(
  checker: Checker,
  operand: CelNode,
  { field, fieldSpan }: Ast & { kind: 'select' },
): { readonly optional: boolean; readonly type: CelType } {
  const resolved = checker.types.resolve(operand.type);
  const optional = resolved.kind === 'optional';
  const type = optional ? resolved.element : resolved;
  if (type.kind === 'record') {
    if (Object.hasOwn(type.fields, field)) return { optional, type: type.fields[field] ?? types.DYN };
    const fields = Object.keys(type.fields);
    const hint = fieldHint(field, fields) || nearMiss(field, fields) || hintForMember(type, field);
    checker.fail('unknown-name', `${types.article(type.name)} has no field \`${field}\``, fieldSpan, hint);
    return { optional, type: types.DYN };
  }
  if (type.kind === 'map') {
    if (checker.types.try(() => checker.types.assign(type.key, types.STRING)) || checker.dynamic) {
      return { optional, type: type.value };
    }
  } else if (type.kind === 'dyn') {
    return { optional, type };
  } else if (type.kind === 'parameter' || checker.dynamic) {
    return { optional, type: types.DYN };
  }
  const message = `${types.article(types.formatType(type))} has no fields, so there is no \`.${field}\``;
  checker.fail('type', message, fieldSpan, hintForField(type, field));
  return { optional, type: types.DYN };
}

/** What other languages call the size of a list or a text. */
const SIZES = ['length', 'size', 'count', 'len'];

function hintForField(type: CelType, field: string): string {
  if (SIZES.includes(field) && ['list', 'string', 'bytes'].includes(type.kind))
    return '`size(…)` tells how many there are';
  return type.kind === 'list' ? 'name an element, as in `[0]`, or use `exists`' : '';
}

/** What a record has; an argument is no field of a step. */
function hintForMember(type: CelType & { readonly kind: 'record' }, field: string): string {
  const fields = `it has ${listed(Object.keys(type.fields))}`;
  return type.name === STEP.name ? `${fields}; an argument is \`args.${field}\` of it` : fields;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
