import type { PatternRef } from '../../ir/cel.ts';
import { comma, join, js, name, type Code } from '../../code/code.ts';
import type { Budget } from '../../../engine/cel/budget.ts';
import type * as support from '../../../engine/cel/index.ts';

/** Names of the functions in `engine/cel/index.ts`. */
export type SupportName = Extract<keyof typeof support, `cel${string}`>;

/** Those that take the budget of the evaluation in front of their operands. */
type MeteredName = {
  [Name in SupportName]: Parameters<(typeof support)[Name]> extends [Budget, ...unknown[]] ? Name : never;
}[SupportName];

/** Which these are; types hold it to what `engine/cel` has. */
const METERED: Readonly<Record<MeteredName, true>> = {
  celAdd: true,
  celAll: true,
  celBegin: true,
  celCharAt: true,
  celContains: true,
  celDecodeBytes: true,
  celEncodeBytes: true,
  celEndsWith: true,
  celEqual: true,
  celExists: true,
  celExistsOne: true,
  celFilter: true,
  celFormat: true,
  celGreater: true,
  celGreaterOrEqual: true,
  celGreatest: true,
  celIn: true,
  celIndexOf: true,
  celJoin: true,
  celLastIndexOf: true,
  celLeast: true,
  celLess: true,
  celLessOrEqual: true,
  celLowerAscii: true,
  celMatches: true,
  celNotEqual: true,
  celOptionalOfNonZero: true,
  celQuote: true,
  celReplace: true,
  celReverse: true,
  celSize: true,
  celSplit: true,
  celStartsWith: true,
  celSubstring: true,
  celToBytes: true,
  celToString: true,
  celTransformList: true,
  celTransformMap: true,
  celTrim: true,
  celUpperAscii: true,
};

/** The budget, as every emitted condition calls it. */
export const BUDGET = name('Q');

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

  call(used: SupportName, ...args: readonly Code[]): Code {
    return this.callOperation(used, args);
  }

  /** A call of the support function of an operation of the checked expression. */
  callOperation(used: string, args: readonly Code[]): Code {
    this.support.add(used);
    return js`${name(used)}(${join(Object.hasOwn(METERED, used) ? [BUDGET, ...args] : args, comma)})`;
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
