import type { CelConstant } from '../ir/cel.ts';
import type { Ast, AstEntry } from './ast.ts';
import { operatorHint } from './elsewhere.ts';
import { lex, type Token } from './lex.ts';
import { decodeInteger } from './literals.ts';
import { CelProblem, type Span } from './problems.ts';

/** How deep an expression may nest; the specification asks for 12 to 32 levels. */
export const MAX_DEPTH = 128;

/** How long an expression may be, in UTF-16 units. */
export const MAX_LENGTH = 20_000;

/** How many words and signs an expression may have: a long chain of operators is a deep tree. */
export const MAX_TOKENS = 2_000;

/** Identifiers the specification reserves; `in`, `true`, `false` and `null` are keywords. */
const RESERVED = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const KEYWORDS = new Set(['in', 'true', 'false', 'null']);

/** Left-associative operators, weakest level first (langdef.md "Precedence"). */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Parses one CEL expression. @throws CelProblem (`syntax`, `unsupported`) at the first thing that is wrong. */
export function parse(source: string): Ast {
  if (source.length > MAX_LENGTH) {
    const span = { start: MAX_LENGTH, end: source.length };
    throw new CelProblem('unsupported', `an expression has at most ${MAX_LENGTH} characters`, span);
  }
  const tokens = lex(source);
  const tooMuch = tokens[MAX_TOKENS];
  if (tooMuch)
    throw new CelProblem('unsupported', `an expression has at most ${MAX_TOKENS} words and signs`, tooMuch);
  return new Parser(tokens).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Ast {
    const ast = this.#expression();
    if (this.#token.kind !== 'end') throw this.#unexpected('the expression should end here');
    return ast;
  }

  get #token(): Token {
    const token = this.#tokens[this.#position] ?? this.#tokens.at(-1);
    if (!token) throw new RangeError('no tokens');
    return token;
  }

  #advance(): Token {
    const token = this.#token;
    if (token.kind !== 'end') this.#position++;
    return token;
  }

  #at(text: string): boolean {
    const { kind, text: found } = this.#token;
    return found === text && (kind === 'sign' || (kind === 'name' && text === 'in'));
  }

  #take(text: string): boolean {
    if (!this.#at(text)) return false;
    this.#position++;
    return true;
  }

  #expect(text: string, what: string): Token {
    if (!this.#at(text)) throw this.#unexpected(`\`${text}\` is missing ${what}`);
    return this.#advance();
  }

  #unexpected(message: string, hint = ''): CelProblem {
    const token = this.#token;
    const found =
      token.kind === 'end' ? 'the expression ends too early' : `\`${token.text}\` is not expected here`;
    const before = this.#tokens[this.#position - 1]?.text ?? '';
    const otherWord = token.kind === 'name' ? operatorHint(token.text) || operatorHint(before) : '';
    return new CelProblem('syntax', `${found}: ${message}`, token, hint || otherWord);
  }

  #expression(): Ast {
    if (++this.#depth > MAX_DEPTH) {
      throw new CelProblem('unsupported', `an expression nests at most ${MAX_DEPTH} levels`, this.#token);
    }
    const test = this.#binary(0);
    let ast = test;
    if (this.#take('?')) {
      const yes = this.#binary(0);
      this.#expect(':', 'after the first choice of `?`');
      const no = this.#expression();
      ast = call('_?_:_', test, [test, yes, no], { start: test.start, end: no.end });
    }
    this.#depth--;
    return ast;
  }

  #binary(level: number): Ast {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((text) => this.#at(text));
      if (operator === undefined) return left;
      const span = this.#advance();
      const right = this.#binary(level + 1);
      const name = operator === 'in' ? '@in' : `_${operator}_`;
      left = call(name, span, [left, right], { start: left.start, end: right.end });
    }
  }

  #unary(): Ast {
    const token = this.#token;
    if (token.kind !== 'sign' || (token.text !== '!' && token.text !== '-')) return this.#member();
    if (++this.#depth > MAX_DEPTH) {
      throw new CelProblem('unsupported', `an expression nests at most ${MAX_DEPTH} levels`, token);
    }
    this.#advance();
    const next = this.#token;
    let ast: Ast;
    if (token.text === '-' && (next.kind === 'int' || next.kind === 'double')) {
      this.#advance();
      const span = { start: token.start, end: next.end };
      const constant: CelConstant =
        next.kind === 'double'
          ? { kind: 'double', value: -next.value }
          : { kind: 'int', value: decodeInteger(next.text, false, true, span) };
      ast = this.#suffixes({ kind: 'constant', constant, ...span });
    } else {
      const operand = this.#unary();
      ast = call(`${token.text}_`, token, [operand], { start: token.start, end: operand.end });
    }
    this.#depth--;
    return ast;
  }

  #member(): Ast {
    return this.#suffixes(this.#primary());
  }

  #suffixes(primary: Ast): Ast {
    let ast = primary;
    for (;;) {
      if (this.#take('.')) ast = this.#dot(ast);
      else if (this.#at('[')) {
        const nameSpan = this.#advance();
        const optional = this.#take('?');
        const index = this.#expression();
        const { end } = this.#expect(']', 'after the index');
        ast = call(optional ? '_[?_]' : '_[_]', nameSpan, [ast, index], { start: ast.start, end });
      } else if (this.#at('{') && (ast.kind === 'identifier' || ast.kind === 'select')) {
        ast = this.#message(ast);
      } else return ast;
    }
  }

  #dot(operand: Ast): Ast {
    const optional = this.#take('?');
    const field = this.#token;
    if (
      (field.kind !== 'name' && field.kind !== 'quoted') ||
      (field.kind === 'name' && KEYWORDS.has(field.text))
    ) {
      throw this.#unexpected('a field name should follow the dot');
    }
    this.#advance();
    if (!optional && field.kind === 'name' && this.#at('(')) return this.#call(field, operand);
    const fieldSpan = { start: field.start, end: field.end };
    return {
      kind: 'select',
      operand,
      field: field.text,
      optional,
      fieldSpan,
      start: operand.start,
      end: field.end,
    };
  }

  #call(name: Token, receiver: Ast | null): Ast {
    this.#expect('(', 'before the arguments');
    const args: Ast[] = [];
    if (!this.#at(')')) {
      do args.push(this.#expression());
      while (this.#take(','));
    }
    const { end } = this.#expect(')', 'after the arguments');
    const start = receiver?.start ?? name.start;
    return { kind: 'call', name: name.text, nameSpan: name, receiver, args, start, end };
  }

  #primary(): Ast {
    const token = this.#token;
    const span: Span = { start: token.start, end: token.end };
    if (token.kind === 'end' || token.kind === 'quoted') throw this.#unexpected('a value should stand here');
    if (token.kind === 'sign') {
      if (token.text === '(') return this.#parenthesis();
      if (token.text === '[') return this.#list();
      if (token.text === '{') return this.#map();
      if (token.text === '.') return this.#absolute();
      throw this.#unexpected('a value should stand here');
    }
    this.#advance();
    switch (token.kind) {
      case 'int':
      case 'uint': {
        const value = decodeInteger(token.text, token.kind === 'uint', false, span);
        return { kind: 'constant', constant: { kind: token.kind, value }, ...span };
      }
      case 'double':
        return { kind: 'constant', constant: { kind: 'double', value: token.value }, ...span };
      case 'string':
        return { kind: 'constant', constant: { kind: 'string', value: token.value }, ...span };
      case 'bytes':
        return { kind: 'constant', constant: { kind: 'bytes', value: token.octets }, ...span };
      case 'name':
        return this.#name(token, span);
    }
  }

  #name(token: Token, span: Span): Ast {
    if (token.text === 'null') return { kind: 'constant', constant: { kind: 'null' }, ...span };
    if (token.text === 'true' || token.text === 'false') {
      return { kind: 'constant', constant: { kind: 'bool', value: token.text === 'true' }, ...span };
    }
    if (token.text === 'in') {
      this.#position--;
      throw this.#unexpected('a value should stand before `in`');
    }
    if (RESERVED.has(token.text)) {
      const message = `\`${token.text}\` is a reserved word and names no variable`;
      throw new CelProblem('syntax', message, span, operatorHint(token.text));
    }
    if (this.#at('(')) return this.#call(token, null);
    return { kind: 'identifier', name: token.text, absolute: false, ...span };
  }

  #absolute(): Ast {
    const dot = this.#advance();
    const token = this.#token;
    if (token.kind !== 'name' || RESERVED.has(token.text) || KEYWORDS.has(token.text)) {
      throw this.#unexpected('a name should follow the dot');
    }
    this.#advance();
    if (this.#at('(')) return this.#call({ ...token, text: `.${token.text}` }, null);
    return { kind: 'identifier', name: token.text, absolute: true, start: dot.start, end: token.end };
  }

  #parenthesis(): Ast {
    this.#advance();
    const inner = this.#expression();
    this.#expect(')', 'to close the parenthesis');
    return inner;
  }

  #list(): Ast {
    const { start } = this.#advance();
    const elements: { value: Ast; optional: boolean }[] = [];
    while (!this.#at(']')) {
      const optional = this.#take('?');
      elements.push({ optional, value: this.#expression() });
      if (!this.#take(',')) break;
    }
    const { end } = this.#expect(']', 'to close the list');
    return { kind: 'list', elements, start, end };
  }

  #map(): Ast {
    const { start } = this.#advance();
    const entries: AstEntry[] = [];
    while (!this.#at('}')) {
      const optional = this.#take('?');
      const key = this.#expression();
      this.#expect(':', 'between key and value');
      entries.push({ optional, key, value: this.#expression() });
      if (!this.#take(',')) break;
    }
    const { end } = this.#expect('}', 'to close the map');
    return { kind: 'map', entries, start, end };
  }

  /** `Type{…}`: parsed for the sake of a message that names it. */
  #message(type: Ast): Ast {
    let name = '';
    for (let ast = type; ; ast = ast.operand) {
      if (ast.kind === 'select') name = `.${ast.field}${name}`;
      if (ast.kind === 'identifier') name = ast.name + name;
      if (ast.kind !== 'select') break;
    }
    this.#advance();
    while (!this.#at('}')) {
      this.#take('?');
      const field = this.#advance();
      if (field.kind !== 'name' && field.kind !== 'quoted') {
        this.#position--;
        throw this.#unexpected('a field name should stand here');
      }
      this.#expect(':', 'between field and value');
      this.#expression();
      if (!this.#take(',')) break;
    }
    const { end } = this.#expect('}', 'to close the message');
    return { kind: 'message', name, start: type.start, end };
  }
}

function call(name: string, nameSpan: Span, args: readonly Ast[], span: Span): Ast {
  return { kind: 'call', name, nameSpan, receiver: null, args, start: span.start, end: span.end };
}
