import type { CelConstant, CelElement, CelNode, CelType } from '../ir/cel.ts';
import type { Ast } from './ast.ts';
import { checkCall } from './calls.ts';
import type { CelEnvironment } from './environment.ts';
import { checkIdentifier, checkSelect } from './names.ts';
import { CelProblem, type CelError, type Span } from './problems.ts';
import * as types from './types.ts';

/** A variable of a macro or a `cel.bind`. */
interface Local {
  readonly name: string;
  readonly slot: number;
  readonly type: CelType;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Unlocated<N> = N extends CelNode ? Omit<N, 'type' | 'start' | 'end'> : never;

/**
 * Gives names their meaning and expressions their types (langdef.md "Gradual Type Checking"). One instance
 * checks one expression; problems are collected, and what is wrong continues as `dyn`.
 */
export class Checker {
  readonly environment: CelEnvironment;
  readonly types = new types.Substitution();
  readonly errors: CelError[] = [];
  readonly #nodes: Mutable<CelNode>[] = [];
  #locals: readonly Local[] = [];
  #slots = 0;

  constructor(environment: CelEnvironment) {
    this.environment = environment;
  }

  get dynamic(): boolean {
    return this.environment.checking === 'dynamic';
  }

  /** Checks the expression as a whole; every type in the result is settled. */
  whole(ast: Ast): CelNode {
    const root = this.check(ast);
    if (this.environment.result !== 'any') this.require(types.BOOL, root, 'a condition must be a bool');
    for (const node of this.#nodes) node.type = types.settle(this.types.resolve(node.type));
    return root;
  }

  check(ast: Ast): CelNode {
    switch (ast.kind) {
      case 'constant':
        return this.constant(ast.constant, ast);
      case 'identifier':
        return checkIdentifier(this, ast);
      case 'select':
        return checkSelect(this, ast);
      case 'call':
        return checkCall(this, ast);
      case 'list':
        return this.#list(ast);
      case 'map':
        return this.#map(ast);
      case 'message': {
        const message = `\`${ast.name}{…}\` makes a protobuf message; conditions here know none`;
        return this.fail('unsupported', message, ast, 'write a map: `{"field": value}`');
      }
    }
  }

  node(parts: Unlocated<CelNode>, type: CelType, span: Span): CelNode {
    const node = { ...parts, type, start: span.start, end: span.end } as CelNode;
    this.#nodes.push(node);
    return node;
  }

  constant(constant: CelConstant, span: Span): CelNode {
    const type =
      constant.kind === 'type'
        ? types.typeOf(types.TYPE_NAMES[constant.value]?.type ?? types.DYN)
        : { kind: constant.kind };
    return this.node({ op: 'constant', constant }, type, span);
  }

  /** Notes a problem and stands a `dyn` in for the expression. */
  fail(code: CelError['code'], message: string, span: Span, hint = ''): CelNode {
    this.errors.push(new CelProblem(code, message, span, hint).detail);
    return this.node({ op: 'constant', constant: { kind: 'null' } }, types.DYN, span);
  }

  /** Notes a type error unless `node` may be of type `type`. In dynamic mode that shows when evaluated. */
  require(type: CelType, node: CelNode, message: string, hint = ''): void {
    if (this.types.try(() => this.types.assign(type, node.type)) || this.dynamic) return;
    this.fail('type', `${message}, and this is ${types.article(this.show(node))}`, node, hint);
  }

  /** What is an error when evaluated: a name without meaning in dynamic mode. */
  unresolved(args: readonly CelNode[], span: Span): CelNode {
    return this.node({ op: 'call', name: 'celNoOverload', args }, types.DYN, span);
  }

  show(node: CelNode): string {
    return types.formatType(this.types.resolve(node.type));
  }

  /** Checks `body` with `names` in scope; returns their slots too. */
  within(
    names: readonly { readonly name: string; readonly type: CelType }[],
    body: () => CelNode,
  ): { readonly slots: number[]; readonly body: CelNode } {
    const saved = this.#locals;
    const added = names.map((local) => ({ ...local, slot: this.#slots++ }));
    this.#locals = [...added.reverse(), ...saved];
    const checked = body();
    this.#locals = saved;
    return { slots: added.reverse().map((local) => local.slot), body: checked };
  }

  local(name: string): Local | undefined {
    return this.#locals.find((local) => local.name === name);
  }

  localNames(): string[] {
    return this.#locals.map((local) => local.name);
  }

  #list(ast: Ast & { kind: 'list' }): CelNode {
    const elements = ast.elements.map(({ value, optional }) => ({ value: this.check(value), optional }));
    return this.node({ op: 'list', elements }, types.listOf(this.#common(elements)), ast);
  }

  #map(ast: Ast & { kind: 'map' }): CelNode {
    const entries = ast.entries.map((entry) => {
      const key = this.check(entry.key);
      const value = this.check(entry.value);
      this.#requireKey(key);
      return { key, value, optional: entry.optional };
    });
    const keys = entries.map(({ key }) => ({ value: key, optional: false }));
    return this.node({ op: 'map', entries }, types.mapOf(this.#common(keys), this.#common(entries)), ast);
  }

  #requireKey(key: CelNode): void {
    const { kind } = this.types.resolve(key.type);
    if (this.dynamic || ['bool', 'int', 'uint', 'string', 'dyn', 'parameter'].includes(kind)) return;
    this.fail(
      'type',
      `a map's key is a bool, an int, a uint or a string, and this is ${types.article(kind)}`,
      key,
    );
  }

  /** The type that fits all of these; still open where there are none. */
  #common(elements: readonly CelElement[]): CelType {
    const [first, ...rest] = elements.map(({ value, optional }) =>
      optional ? this.#optionalElement(value) : value.type,
    );
    return first ? rest.reduce((joined, type) => this.types.join(joined, type), first) : this.types.fresh();
  }

  #optionalElement(node: CelNode): CelType {
    const element = this.types.fresh();
    if (this.types.try(() => this.types.assign(types.optionalOf(element), node.type))) return element;
    if (!this.dynamic)
      this.fail('type', `after \`?\` stands an optional value, and this is ${this.show(node)}`, node);
    return types.DYN;
  }
}
