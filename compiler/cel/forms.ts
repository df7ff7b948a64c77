import type { CelNode, CelType } from '../ir/cel.ts';
import type { Ast } from './ast.ts';
import type { Checker } from './checker.ts';
import { variableName } from './macros.ts';
import { checkHas } from './names.ts';
import * as types from './types.ts';

type Call = Ast & { kind: 'call' };
type FunctionForm = (checker: Checker, ast: Call) => CelNode;
type MethodForm = (checker: Checker, ast: Call, receiver: Ast) => CelNode;

/** Functions and operators with evaluation or typing rules of their own. */
export const FUNCTION_FORMS: Readonly<Record<string, FunctionForm>> = {
  '_&&_': logic('and', '&&'),
  '_||_': logic('or', '||'),
  '!_': (checker, ast) => {
    const [operand] = checkArgs(checker, ast, 1);
    if (!operand) return wrongCount(checker, ast);
    checker.require(types.BOOL, operand, '`!` needs a bool');
    return checker.node({ op: 'not', operand }, types.BOOL, ast);
  },
  '_?_:_': (checker, ast) => {
    const [test, yes, no] = checkArgs(checker, ast, 3);
    if (!test || !yes || !no) return wrongCount(checker, ast);
    checker.require(types.BOOL, test, 'before `?` stands a bool');
    if (!checker.dynamic && !checker.types.try(() => checker.types.assign(yes.type, no.type))) {
      const message = `both choices of \`?\` have one type, and these are ${checker.show(yes)} and ${checker.show(no)}`;
      return checker.fail('type', message, ast, 'wrap them into `dyn(…)` if that is meant');
    }
    return checker.node({ op: 'conditional', test, yes, no }, checker.types.join(yes.type, no.type), ast);
  },
  dyn: (checker, ast) => {
    const [operand] = checkArgs(checker, ast, 1);
    if (!operand) return wrongCount(checker, ast);
    return checker.node({ op: 'call', name: 'celDyn', args: [operand] }, types.DYN, ast);
  },
  has: (checker, ast) => {
    const [target] = ast.args;
    if (ast.args.length !== 1 || target?.kind !== 'select' || target.optional) {
      return checker.fail('syntax', '`has` asks for a field', ast, 'as in `has(step.args.amount)`');
    }
    return checkHas(checker, target, ast);
  },
  matches: (checker, ast) => {
    const [text, pattern] = ast.args;
    if (!text || !pattern || ast.args.length !== 2) return wrongCount(checker, ast);
    return checkMatches(checker, ast, text, pattern);
  },
  'cel.bind': (checker, ast) => {
    const [variable, value, body] = ast.args;
    if (!variable || !value || !body || ast.args.length !== 3) return wrongCount(checker, ast);
    const name = variableName(checker, variable, 'cel.bind');
    return name === null ? checker.check(body) : bind(checker, ast, name, value, () => checker.check(body));
  },
  'cel.block': (checker, ast) => {
    const [list, body] = ast.args;
    if (list?.kind !== 'list' || !body || ast.args.length !== 2) return wrongCount(checker, ast);
    const from = (index: number): CelNode => {
      const element = list.elements[index];
      if (!element) return checker.check(body);
      return bind(checker, ast, `@index:${index}`, element.value, () => from(index + 1));
    };
    return from(0);
  },
  'math.greatest': extreme('celGreatest', 'math.greatest'),
  'math.least': extreme('celLeast', 'math.least'),
};

/** Methods with rules of their own. */
export const METHOD_FORMS: Readonly<Record<string, MethodForm>> = {
  matches: (checker, ast, receiver) => {
    const [pattern] = ast.args;
    if (!pattern || ast.args.length !== 1) return wrongCount(checker, ast);
    return checkMatches(checker, ast, receiver, pattern);
  },
  or: (checker, ast, receiver) => optionalOr(checker, ast, receiver, false),
  orValue: (checker, ast, receiver) => optionalOr(checker, ast, receiver, true),
  optMap: (checker, ast, receiver) => optionalMap(checker, ast, receiver, false),
  optFlatMap: (checker, ast, receiver) => optionalMap(checker, ast, receiver, true),
};

function checkArgs(checker: Checker, ast: Call, count: number): CelNode[] {
  return ast.args.length === count ? ast.args.map((arg) => checker.check(arg)) : [];
}

function wrongCount(checker: Checker, ast: Call): CelNode {
  return checker.fail(
    'syntax',
    `\`${ast.name}\` does not take these ${ast.args.length} arguments`,
    ast.nameSpan,
  );
}

function logic(op: 'and' | 'or', sign: string): FunctionForm {
  return (checker, ast) => {
    const [left, right] = checkArgs(checker, ast, 2);
    if (!left || !right) return wrongCount(checker, ast);
    for (const operand of [left, right]) checker.require(types.BOOL, operand, `\`${sign}\` needs bools`);
    return checker.node({ op, left, right }, types.BOOL, ast);
  };
}

function bind(checker: Checker, ast: Call, name: string, valueAst: Ast, body: () => CelNode): CelNode {
  const value = checker.check(valueAst);
  const inner = checker.within([{ name, type: value.type }], body);
  const slot = inner.slots[0] ?? 0;
  return checker.node({ op: 'bind', slot, value, body: inner.body }, inner.body.type, ast);
}

function checkMatches(checker: Checker, ast: Call, textAst: Ast, patternAst: Ast): CelNode {
  const text = checker.check(textAst);
  checker.require(types.STRING, text, '`matches` looks at a string');
  if (patternAst.kind !== 'constant' || patternAst.constant.kind !== 'string') {
    const hint = 'a pattern that is only known later cannot be checked to run in linear time';
    return checker.fail('unsupported', 'the pattern of `matches` must be a string literal', patternAst, hint);
  }
  const compiled = checker.environment.compilePattern(patternAst.constant.value);
  if (!compiled.ok) return checker.fail('unsupported', compiled.message, patternAst);
  return checker.node({ op: 'matches', text, pattern: compiled.pattern }, types.BOOL, ast);
}

/** `math.greatest` and `math.least`: any number of numbers, or one list of them. */
function extreme(support: string, name: string): FunctionForm {
  return (checker, ast) => {
    const args = ast.args.map((arg) => checker.check(arg));
    const [first] = args;
    if (!first) return wrongCount(checker, ast);
    const single = args.length === 1 ? checker.types.resolve(first.type) : null;
    const list = single?.kind === 'list' || single?.kind === 'dyn';
    const elements = single?.kind === 'list' ? [single.element] : args.map((arg) => arg.type);
    for (const element of elements) {
      const { kind } = checker.types.resolve(element);
      if (!['int', 'uint', 'double', 'dyn', 'parameter'].includes(kind) && !checker.dynamic) {
        return checker.fail('type', `\`${name}\` compares numbers, and there is a ${kind}`, ast);
      }
    }
    if (single?.kind === 'list' && first.op === 'list' && first.elements.length === 0 && !checker.dynamic) {
      return checker.fail('type', `\`${name}\` needs at least one number`, first);
    }
    const operand = list
      ? first
      : checker.node(
          { op: 'list', elements: args.map((value) => ({ value, optional: false })) },
          types.listOf(types.DYN),
          ast,
        );
    const type = elements.reduce<CelType>(
      (joined, element) => checker.types.join(joined, element),
      elements[0] ?? types.DYN,
    );
    return checker.node({ op: 'call', name: support, args: [operand] }, type, ast);
  };
}

function optionalElement(checker: Checker, operand: CelNode, name: string): CelType {
  const element = checker.types.fresh();
  checker.require(types.optionalOf(element), operand, `\`${name}\` is for optional values`);
  return checker.types.resolve(operand.type).kind === 'dyn' ? types.DYN : element;
}

function optionalOr(checker: Checker, ast: Call, receiver: Ast, value: boolean): CelNode {
  const [otherAst] = ast.args;
  if (!otherAst || ast.args.length !== 1) return wrongCount(checker, ast);
  const operand = checker.check(receiver);
  const other = checker.check(otherAst);
  const element = optionalElement(checker, operand, ast.name);
  const expected = value ? element : types.optionalOf(element);
  checker.require(
    expected,
    other,
    `\`${ast.name}\` falls back to ${types.formatType(checker.types.resolve(expected))}`,
  );
  const type = checker.types.join(expected, other.type);
  return checker.node({ op: 'optional-or', operand, other, value }, type, ast);
}

function optionalMap(checker: Checker, ast: Call, receiver: Ast, flat: boolean): CelNode {
  const [variable, bodyAst] = ast.args;
  if (!variable || !bodyAst || ast.args.length !== 2) return wrongCount(checker, ast);
  const operand = checker.check(receiver);
  const element = optionalElement(checker, operand, ast.name);
  const name = variableName(checker, variable, ast.name);
  const { slots, body } = checker.within([{ name: name ?? '', type: element }], () => checker.check(bodyAst));
  if (flat) checker.require(types.optionalOf(types.DYN), body, '`optFlatMap` makes an optional value');
  const type = flat ? body.type : types.optionalOf(body.type);
  return checker.node({ op: 'optional-map', flat, operand, slot: slots[0] ?? 0, body }, type, ast);
}
