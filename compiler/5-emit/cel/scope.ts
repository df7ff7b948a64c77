import type { PatternRef } from '../../ir/cel.ts';
import { comma, join, js, name, type Code } from '../../code/code.ts';
import type * as support from '../../../engine/cel/index.ts';

/** Names of the functions in `engine/cel/index.ts`. */
export type SupportName = Extract<keyof typeof support, `cel${string}`>;

/** What the caller decides about names and patterns. */
export interface EmitCelOptions {
  /** A name that nothing else in the module has; `stem` is of letters only. */
  readonly fresh: (stem: string) => Code;
  /** The function `(text: string) => boolean` behind a pattern: whether it is found anywhere in the text. */
  readonly pattern: (pattern: PatternRef) => Code;
}

/** What one expression needs at the module's top level. */
export class Unit {
  readonly options: EmitCelOptions;
  readonly declarations: Code[] = [];
  readonly support = new Set<string>();
  /** Environment variables, in order of use, and the parameters they become. */
  readonly variables = new Map<string, Code>();

  readonly #slots = new Map<number, Code>();

  constructor(options: EmitCelOptions) {
    this.options = options;
  }

  /** A support function by its name. */
  use(used: SupportName): Code {
    return this.useOperation(used);
  }

  /** The support function of an operation of the checked expression. */
  useOperation(used: string): Code {
    this.support.add(used);
    return name(used);
  }

  call(used: SupportName, ...args: readonly Code[]): Code {
    return js`${this.use(used)}(${join(args, comma)})`;
  }

  variable(variable: string): Code {
    const known = this.variables.get(variable);
    if (known) return known;
    const parameter = this.options.fresh('v');
    this.variables.set(variable, parameter);
    return parameter;
  }

  /** A macro's variable, by its number in the checked expression. */
  slot(slot: number): Code {
    const known = this.#slots.get(slot);
    if (known) return known;
    const variable = this.options.fresh('x');
    this.#slots.set(slot, variable);
    return variable;
  }

  /** Evaluates `value` once, when the module is loaded. */
  hoist(value: Code): Code {
    const constant = this.options.fresh('constant');
    this.declarations.push(js`const ${constant} = ${value};`);
    return constant;
  }
}

/** The variables of one emitted function. Temporaries are never shared between functions: a macro's body may
 * run while the expression around it holds a value. */
export class Scope {
  readonly #names: Code[] = [];
  readonly #fresh: EmitCelOptions['fresh'];

  constructor(fresh: EmitCelOptions['fresh']) {
    this.#fresh = fresh;
  }

  inner(): Scope {
    return new Scope(this.#fresh);
  }

  temporary(): Code {
    const temporary = this.#fresh('t');
    this.#names.push(temporary);
    return temporary;
  }

  declare(variable: Code): void {
    this.#names.push(variable);
  }

  /** `(parameters) => body`, with the variables declared. */
  close(parameters: readonly Code[], body: Code, first: readonly Code[] = []): Code {
    const head = join(parameters, comma);
    const declared = this.#names.length > 0 ? [js`let ${join(this.#names, comma)};`] : [];
    const statements = [...declared, ...first];
    if (statements.length === 0) return js`(${head}) => (${body})`;
    return js`(${head}) => { ${join(statements, js` `)} return ${body}; }`;
  }
}
