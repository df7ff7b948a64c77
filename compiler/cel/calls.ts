import type { CelNode, CelType } from '../ir/cel.ts';
import { qualifiedName, type Ast } from './ast.ts';
import type { Checker } from './checker.ts';
import { documentOf } from '../diagnostics/entry.ts';
import { functionElsewhere, operatorHint } from './elsewhere.ts';
import { FUNCTION_FORMS, METHOD_FORMS } from './forms.ts';
import { checkCertainErrors } from './certain-errors.ts';
import { blockName, checkMacro, MACRO_NAMES } from './macros.ts';
import { candidates } from './names.ts';
import { CALENDAR, OPERATIONS, REFUSED, type Operation } from './operations.ts';
import { nearMiss } from './problems.ts';
import type { Signature } from './signature.ts';
import * as types from './types.ts';
import { checkZone } from './zone.ts';

type Call = Ast & { kind: 'call' };

/** A call, an operator or a macro. Macros come first, then namespaced functions, then methods. */
export function checkCall(checker: Checker, ast: Call): CelNode {
  const { receiver } = ast;
  if (!receiver) {
    const name = candidates(checker.environment.container ?? '', ast.name).find(
      (candidate) => Object.hasOwn(FUNCTION_FORMS, candidate) || OPERATIONS.has(candidate),
    );
    if (name === undefined) return unknownFunction(checker, ast, ast.name, false);
    return FUNCTION_FORMS[name]?.(checker, ast) ?? strictCall(checker, ast, name, false);
  }
  const macro = checkMacro(checker, ast);
  if (macro) return macro;
  const block = blockName(ast);
  if (block !== null) {
    const local = checker.local(block);
    if (local) return checker.node({ op: 'local', slot: local.slot }, local.type, ast);
    return checker.fail('unknown-name', `\`cel.${ast.name}\` names nothing here`, ast);
  }
  const qualified = qualifiedName(receiver);
  if (qualified !== null) {
    for (const name of candidates(checker.environment.container ?? '', `${qualified}.${ast.name}`)) {
      const form = Object.hasOwn(FUNCTION_FORMS, name) ? FUNCTION_FORMS[name] : undefined;
      if (form) return form(checker, ast);
      if (OPERATIONS.has(name)) return strictCall(checker, ast, name, false);
    }
    const refused = REFUSED.find(({ pattern }) => pattern.test(`${qualified}.${ast.name}`));
    if (refused) {
      return checker.fail(
        'unsupported',
        `\`${qualified}.${ast.name}\` is not available here`,
        ast,
        refused.reason,
      );
    }
  }
  const form = Object.hasOwn(METHOD_FORMS, ast.name) ? METHOD_FORMS[ast.name] : undefined;
  if (form) return form(checker, ast, receiver);
  const method = OPERATIONS.get(ast.name);
  if (method?.signatures.some((signature) => signature.receiver))
    return strictCall(checker, ast, ast.name, true);
  return unknownFunction(checker, ast, ast.name, true);
}

/** A function that takes values: its operation's signatures decide. */
function strictCall(checker: Checker, ast: Call, name: string, method: boolean): CelNode {
  const operation = OPERATIONS.get(name);
  if (!operation) return unknownFunction(checker, ast, name, method);
  let operands = ast.args;
  if (method && ast.receiver) operands = [ast.receiver, ...ast.args];
  const args = operands.map((operand) => checker.check(operand));
  if (CALENDAR.has(operation.support)) checkZone(checker, args);
  if (checkCertainErrors(checker, ast, operation.support, args))
    return checker.node({ op: 'call', name: operation.support, args }, types.DYN, ast);
  const call = resolveCall(checker, ast, operation, name, args, method);
  const [operand] = args;
  if (operation.support !== 'celIndex' || !operand) return call;
  const type = checker.types.resolve(operand.type);
  return type.kind === 'dyn' && type.json ? { ...call, type } : call;
}

/** Chooses the signature and makes the call's node. */
export function resolveCall(
  checker: Checker,
  ast: Call,
  operation: Operation,
  name: string,
  args: readonly CelNode[],
  method: boolean,
): CelNode {
  const node = (type: CelType): CelNode =>
    checker.node({ op: 'call', name: operation.support, args }, type, ast);
  const applicable = operation.signatures.filter(
    (signature) => signature.receiver === method && signature.parameters.length === args.length,
  );
  // Tried and forgotten: what the type parameters are is learnt only where a single signature is left.
  const fitting = applicable.flatMap((signature) => {
    const results: CelType[] = [];
    checker.types.try(() => {
      const result = attempt(checker, signature, args);
      if (result) results.push(checker.types.resolve(result));
      return false;
    });
    return results.map((result) => ({ signature, result }));
  });
  const [first] = fitting;
  if (first) {
    if (fitting.length === 1) return node(attempt(checker, first.signature, args) ?? types.DYN);
    const same = fitting.every(({ result }) => types.formatType(result) === types.formatType(first.result));
    return node(same ? first.result : types.DYN);
  }
  if (checker.dynamic && applicable.length === 0) return checker.unresolved(args, ast);
  if (checker.dynamic || broken(checker, args)) return node(types.DYN);
  return noSignature(checker, ast, name, args, applicable);
}

function attempt(checker: Checker, signature: Signature, args: readonly CelNode[]): CelType | null {
  const fresh = [checker.types.fresh(), checker.types.fresh(), checker.types.fresh()];
  const instance = (type: CelType): CelType => {
    switch (type.kind) {
      case 'parameter':
        return fresh[type.id] ?? type;
      case 'list':
        return types.listOf(instance(type.element));
      case 'optional':
        return types.optionalOf(instance(type.element));
      case 'type':
        return types.typeOf(instance(type.of));
      case 'map':
        return types.mapOf(instance(type.key), instance(type.value));
      default:
        return type;
    }
  };
  const fits = signature.parameters.every((parameter, i) => {
    const arg = args[i];
    return arg !== undefined && checker.types.assign(instance(parameter), arg.type);
  });
  return fits ? instance(signature.result) : null;
}

/** Whether a problem has been reported inside one of these; a second one about their types would be noise. */
function broken(checker: Checker, args: readonly CelNode[]): boolean {
  return checker.errors.some((error) => args.some((arg) => arg.start <= error.start && error.end <= arg.end));
}

/** `_+_` as `+`. */
function written(name: string): string {
  const operator = /^@?_*([^_]+?)_*$/.exec(name)?.[1];
  if (name.startsWith('_[')) return '[…]';
  return /^(?:_|-_|!_|@)/.test(name) ? (operator ?? name) : name;
}

function noSignature(
  checker: Checker,
  ast: Call,
  name: string,
  args: readonly CelNode[],
  applicable: readonly Signature[],
): CelNode {
  const shown = args.map((arg) => checker.show(arg));
  if (applicable.length === 0) {
    return checker.fail(
      'type',
      `\`${written(name)}\` does not take ${ast.args.length} arguments`,
      ast.nameSpan,
      !ast.receiver && OPERATIONS.get(name)?.signatures.every((signature) => signature.receiver)
        ? `it is a method: \`value.${name}(…)\``
        : '',
    );
  }
  const kinds = args.map((arg) => checker.types.resolve(arg.type).kind);
  const numbers = kinds.every((kind) => ['int', 'uint', 'double'].includes(kind));
  const hint = numbers ? 'numbers of plans are doubles: write `1.0`, or convert with `double(…)`' : '';
  return checker.fail('type', `\`${written(name)}\` does not work on ${shown.join(' and ')}`, ast, hint);
}

function hintForFunction(name: string, method: boolean, known: readonly string[]): string {
  const operator = method ? '' : operatorHint(name);
  if (operator !== '') return operator;
  const elsewhere = functionElsewhere(name);
  if (elsewhere !== undefined && known.includes(elsewhere)) return `CEL calls it \`${elsewhere}\``;
  if (elsewhere !== undefined)
    return `CEL calls it \`${method ? `${elsewhere}(…)` : `value.${elsewhere}(…)`}\``;
  const near = nearMiss(name, known);
  if (near !== '') return near;
  const other = method
    ? Object.hasOwn(FUNCTION_FORMS, name)
    : Object.hasOwn(METHOD_FORMS, name) || MACRO_NAMES.has(name);
  if (!other && !OPERATIONS.has(name)) return FUNCTIONS_DOCUMENTED;
  return method ? `it is a function: \`${name}(…)\`` : `it is a method: \`value.${name}(…)\``;
}

const FUNCTIONS_DOCUMENTED = `functions and methods are listed in ${documentOf('cel.md')}`;

function unknownFunction(checker: Checker, ast: Call, name: string, method: boolean): CelNode {
  const refused = REFUSED.find(({ pattern }) => pattern.test(name));
  if (refused)
    return checker.fail('unsupported', `\`${name}\` is not available here`, ast.nameSpan, refused.reason);
  if (checker.dynamic) {
    const operands = method && ast.receiver ? [ast.receiver, ...ast.args] : ast.args;
    return checker.unresolved(
      operands.map((operand) => checker.check(operand)),
      ast,
    );
  }
  if (MACRO_NAMES.has(name) && method) {
    return checker.fail('syntax', `\`${name}\` does not take ${ast.args.length} arguments`, ast.nameSpan);
  }
  const known = [...OPERATIONS]
    .filter(([, operation]) => operation.signatures.some((signature) => signature.receiver === method))
    .map(([operation]) => operation);
  const forms = method ? [...Object.keys(METHOD_FORMS), ...MACRO_NAMES] : Object.keys(FUNCTION_FORMS);
  return checker.fail(
    'unknown-name',
    `there is no ${method ? 'method' : 'function'} \`${name}\``,
    ast.nameSpan,
    hintForFunction(name, method, [...known, ...forms]),
  );
}
