import type { Ast } from './ast.ts';

/** How tightly a form binds, loosest first (cel-spec, langdef.md "Syntax"). */
const BINARY: Readonly<Record<string, number>> = {
  '_||_': 1,
  '_&&_': 2,
  '_<_': 3,
  '_<=_': 3,
  '_>_': 3,
  '_>=_': 3,
  '_==_': 3,
  '_!=_': 3,
  '@in': 3,
  '_+_': 4,
  '_-_': 4,
  '_*_': 5,
  '_/_': 5,
  '_%_': 5,
};
const UNARY = 6;
const MEMBER = 7;

/**
 * An expression as source text again: on one line, with the parentheses it needs and no others.
 *
 * @param source - the text that was parsed: names and literals are copied from it
 * @param other - another text for some of its parts; parenthesised by whoever gives it
 */
export function printCel(ast: Ast, source: string, other: (ast: Ast) => string | null = () => null): string {
  const text = (part: { readonly start: number; readonly end: number }): string =>
    source.slice(part.start, part.end);
  const at = (least: number, child: Ast): string => {
    const replaced = other(child);
    if (replaced !== null) return replaced;
    return levelOf(child) < least ? `(${print(child)})` : print(child);
  };
  const whole = (child: Ast): string => at(0, child);
  const list = (items: readonly Ast[]): string => items.map(whole).join(', ');

  function print(node: Ast): string {
    switch (node.kind) {
      case 'constant':
      case 'identifier':
      case 'message':
        return text(node);
      case 'select':
        return `${at(MEMBER, node.operand)}.${node.optional ? '?' : ''}${text(node.fieldSpan)}`;
      case 'list':
        return `[${node.elements.map(({ value, optional }) => (optional ? '?' : '') + whole(value)).join(', ')}]`;
      case 'map':
        return `{${node.entries
          .map(({ key, value, optional }) => `${optional ? '?' : ''}${whole(key)}: ${whole(value)}`)
          .join(', ')}}`;
      case 'call':
        return call(node);
    }
  }

  function call({ name, args, receiver }: Ast & { kind: 'call' }): string {
    if (receiver) return `${at(MEMBER, receiver)}.${name}(${list(args)})`;
    const [first, second, third] = args;
    const level = BINARY[name];
    if (level !== undefined && first && second) {
      const sign = name === '@in' ? 'in' : name.slice(1, -1);
      return `${at(level, first)} ${sign} ${at(level + 1, second)}`;
    }
    if (name === '_?_:_' && first && second && third) {
      return `${at(1, first)} ? ${at(1, second)} : ${at(0, third)}`;
    }
    if (name === '!_' && first) return `!${at(UNARY, first)}`;
    if (name === '-_' && first) {
      const operand = at(UNARY, first);
      // Without parentheses the sign would belong to the number.
      return /^[\d.]/.test(operand) ? `-(${operand})` : `-${operand}`;
    }
    if ((name === '_[_]' || name === '_[?_]') && first && second) {
      return `${at(MEMBER, first)}[${name === '_[?_]' ? '?' : ''}${whole(second)}]`;
    }
    return `${name}(${list(args)})`;
  }

  return whole(ast);
}

function levelOf(ast: Ast): number {
  // A negative number is a literal that begins with an operator's sign; nothing is lost by the parentheses.
  if (ast.kind === 'constant')
    return 'value' in ast.constant && isNegative(ast.constant.value) ? UNARY : MEMBER;
  if (ast.kind !== 'call' || ast.receiver) return MEMBER;
  if (ast.name === '_?_:_') return 0;
  return BINARY[ast.name] ?? (ast.name === '!_' || ast.name === '-_' ? UNARY : MEMBER);
}

const isNegative = (value: unknown): boolean =>
  typeof value === 'number'
    ? value < 0 || Object.is(value, -0)
    : typeof value === 'string' && /^-\d/.test(value);

/** The parts of an expression, the outer ones first. */
export function* partsOf(ast: Ast): Generator<Ast> {
  yield ast;
  for (const part of innerOf(ast)) yield* partsOf(part);
}

function innerOf(ast: Ast): readonly Ast[] {
  switch (ast.kind) {
    case 'select':
      return [ast.operand];
    case 'call':
      return [...(ast.receiver ? [ast.receiver] : []), ...ast.args];
    case 'list':
      return ast.elements.map(({ value }) => value);
    case 'map':
      return ast.entries.flatMap(({ key, value }) => [key, value]);
    default:
      return [];
  }
}
