import type { CelConstant, CelNode, CelType } from '../ir/cel.ts';
import type { Ast } from './ast.ts';
import type { CelEnvironment } from './environment.ts';
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
 * What checking an expression keeps: scopes, types, problems. One instance checks one expression; problems are
 * collected, and what is wrong continues as `dyn`. The check of each form of expression stands in a file of its own.
 */
export abstract class Checker {
  readonly environment: CelEnvironment;
  readonly types = new types.Substitution();
  readonly errors: CelError[] = [];
  protected readonly nodes: Mutable<CelNode>[] = [];
  #locals: readonly Local[] = [];
  #slots = 0;

  constructor(environment: CelEnvironment) {
    this.environment = environment;
  }

  get dynamic(): boolean {
    return this.environment.checking === 'dynamic';
  }

  /** Checks one expression; its parts are checked on the way. */
  abstract check(ast: Ast): CelNode;

  node(parts: Unlocated<CelNode>, type: CelType, span: Span): CelNode {
    const node = { ...parts, type, start: span.start, end: span.end } as CelNode;
    this.nodes.push(node);
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
}
