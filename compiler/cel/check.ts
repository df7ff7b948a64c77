import type { CelElement, CelNode, CelType } from '../ir/cel.ts';
import type { Ast } from './ast.ts';
import { checkCall } from './calls.ts';
import { Checker } from './checker.ts';
import { checkIdentifier, checkSelect } from './names.ts';
import * as types from './types.ts';

/** Gives names their meaning and expressions their types (langdef.md "Gradual Type Checking"). */
export class ExpressionChecker extends Checker {
  /** Checks the expression as a whole; every type in the result is settled. */
  whole(ast: Ast): CelNode {
    const root = this.check(ast);
    if (this.environment.result !== 'any') this.require(types.BOOL, root, 'a condition must be a bool');
    for (const node of this.nodes) node.type = types.settle(this.types.resolve(node.type));
    return root;
  }

  override check(ast: Ast): CelNode {
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
