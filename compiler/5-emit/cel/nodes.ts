import type { CelConstant, CelNode } from '../../ir/cel.ts';
import { children } from '../../ir/cel-walk.ts';
import { comma, integer, join, js, literal, type Code } from '../../code/code.ts';
import { compareWithLiteral } from './fast.ts';
import { BUDGET } from './scope.ts';
import type { Scope, Unit } from './scope.ts';

/** JavaScript for a node; `scope` is the function it stands in. */
export function emitNode(unit: Unit, scope: Scope, node: CelNode): Code {
  if (isCompound(node) && isClosed(node)) return unit.hoist(hoisted(unit, scope, node));
  return emitOpen(unit, scope, node);
}

/** A closed expression's value; its own temporaries need a function of their own at the top level. */
function hoisted(unit: Unit, scope: Scope, node: CelNode): Code {
  const own = scope.inner();
  const value = emitOpen(unit, own, node);
  const begin = js`${unit.call('celBegin')};`;
  return js`(${own.close([BUDGET], value, [begin])})(${unit.call('celBudget')})`;
}

function emitOpen(unit: Unit, scope: Scope, node: CelNode): Code {
  const emit = (child: CelNode): Code => emitNode(unit, scope, child);
  switch (node.op) {
    case 'constant':
      return emitConstant(unit, node.constant);
    case 'variable':
      return unit.variable(node.name);
    case 'local':
      return unit.slot(node.slot);
    case 'select':
      return unit.call('celSelect', emit(node.operand), literal(node.field));
    case 'has':
      return unit.call('celHas', emit(node.operand), literal(node.field));
    case 'and':
    case 'or':
      return emitLogic(unit, scope, node);
    case 'not':
      return unit.call('celNot', emit(node.operand));
    case 'conditional': {
      const test = scope.temporary();
      const wrong = unit.call('celFailed', test, test);
      return js`((${test} = ${emit(node.test)}) === true ? ${emit(node.yes)} : ${test} === false ? ${emit(node.no)} : ${wrong})`;
    }
    case 'call': {
      const [operand, index] = node.args;
      // A key that the policy writes has a name in the message of a failure.
      if (node.name === 'celIndex' && operand && index?.op === 'constant' && index.constant.kind === 'string')
        return unit.call('celSelect', emit(operand), literal(index.constant.value));
      return (
        compareWithLiteral(unit, scope, node, emit) ?? unit.callOperation(node.name, node.args.map(emit))
      );
    }
    case 'matches':
      return unit.call('celMatches', emit(node.text), unit.options.pattern(node.pattern));
    case 'list':
      return emitList(unit, node, emit);
    case 'map': {
      const parts = node.entries.flatMap(({ key, value }) => [emit(key), emit(value)]);
      const optional = literal(node.entries.map((entry) => entry.optional));
      return unit.call('celMapOf', js`[${join(parts, comma)}]`, optional);
    }
    case 'comprehension':
      return emitComprehension(unit, scope, node);
    case 'bind':
      scope.declare(unit.slot(node.slot));
      return js`(${unit.slot(node.slot)} = ${emit(node.value)}, ${emit(node.body)})`;
    case 'optional-map': {
      const body = emitBody(unit, scope, [node.slot], node.body);
      return unit.call(node.flat ? 'celOptFlatMap' : 'celOptMap', emit(node.operand), body);
    }
    case 'optional-or': {
      const other = emitBody(unit, scope, [], node.other);
      return unit.call(node.value ? 'celOrValue' : 'celOrOptional', emit(node.operand), other);
    }
  }
}

function emitConstant(unit: Unit, constant: CelConstant): Code {
  switch (constant.kind) {
    case 'null':
      return literal(null);
    case 'int':
      return integer(BigInt(constant.value));
    case 'uint':
      return unit.hoist(unit.call('celUint', integer(BigInt(constant.value))));
    case 'bytes':
      return unit.hoist(unit.call('celBytes', literal(constant.value)));
    case 'type':
      return unit.hoist(unit.call('celType', literal(constant.value)));
    default:
      return literal(constant.value);
  }
}

/**
 * `&&` and `||` in either order (langdef.md "Logical Operators"): the deciding value wins over an error of the
 * other side, so the right side runs even where the left one failed.
 */
function emitLogic(unit: Unit, scope: Scope, node: CelNode & { op: 'and' | 'or' }): Code {
  const left = scope.temporary();
  const right = scope.temporary();
  const deciding = literal(node.op === 'or');
  const neutral = literal(node.op === 'and');
  const first = emitNode(unit, scope, node.left);
  const second = emitNode(unit, scope, node.right);
  const wrong = unit.call('celFailed', left, right);
  return js`((${left} = ${first}) === ${deciding} || (${right} = ${second}) === ${deciding} ? ${deciding} : ${left} === ${neutral} && ${right} === ${neutral} ? ${neutral} : ${wrong})`;
}

function emitList(unit: Unit, node: CelNode & { op: 'list' }, emit: (node: CelNode) => Code): Code {
  const elements = js`[${join(
    node.elements.map(({ value }) => emit(value)),
    comma,
  )}]`;
  if (!node.elements.some((element) => element.optional)) return unit.call('celList', elements);
  return unit.call('celOptionalList', elements, literal(node.elements.map((element) => element.optional)));
}

function emitComprehension(unit: Unit, scope: Scope, node: CelNode & { op: 'comprehension' }): Code {
  const range = emitNode(unit, scope, node.range);
  const names = literal(node.slots.length);
  const body = emitBody(unit, scope, node.slots, node.body);
  const filter = node.filter ? emitBody(unit, scope, node.slots, node.filter) : literal(null);
  switch (node.macro) {
    case 'all':
      return unit.call('celAll', range, names, body);
    case 'exists':
      return unit.call('celExists', range, names, body);
    case 'exists_one':
      return unit.call('celExistsOne', range, names, body);
    case 'filter':
      return unit.call('celFilter', range, names, body);
    case 'map':
    case 'transformList':
      return unit.call('celTransformList', range, names, filter, body);
    case 'transformMap':
    case 'transformMapEntry':
      return unit.call('celTransformMap', range, literal(node.macro === 'transformMapEntry'), filter, body);
  }
}

/** A function of a macro's variables. */
function emitBody(unit: Unit, scope: Scope, slots: readonly number[], body: CelNode): Code {
  const own = scope.inner();
  const value = emitNode(unit, own, body);
  return own.close(
    slots.map((slot) => unit.slot(slot)),
    value,
  );
}

/** Whether there is anything to evaluate; a literal is its own value. */
function isCompound(node: CelNode): boolean {
  return node.op !== 'constant' && node.op !== 'variable' && node.op !== 'local';
}

/** Whether the value depends on no variable, so that it can be computed once. */
function isClosed(root: CelNode): boolean {
  const bound = new Set<number>();
  const collect = (node: CelNode): void => {
    if (node.op === 'comprehension') node.slots.forEach((slot) => bound.add(slot));
    if (node.op === 'bind' || node.op === 'optional-map') bound.add(node.slot);
    children(node).forEach(collect);
  };
  const free = (node: CelNode): boolean =>
    node.op === 'variable' || (node.op === 'local' && !bound.has(node.slot)) || children(node).some(free);
  collect(root);
  return !free(root);
}
