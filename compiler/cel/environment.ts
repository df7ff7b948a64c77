import type { CelType, PatternRef } from '../ir/cel.ts';

/** What an expression may refer to. */
export interface CelEnvironment {
  /** Variables by name; a name may have dots (`params.limit`), the longest declared one wins. */
  readonly variables: Readonly<Record<string, CelType>>;
  /**
   * Accepts or refuses the pattern of a `matches`; the handle comes back to the emitter's caller. `message` is
   * one lower-case sentence.
   */
  readonly compilePattern: (
    source: string,
  ) => { readonly ok: true; readonly pattern: PatternRef } | { readonly ok: false; readonly message: string };
  /** `bool` (default): a condition. `any`: the value itself, for parameters and tests. */
  readonly result?: 'bool' | 'any';
  /** Namespace in which names are looked up first (langdef.md "Name Resolution"); default none. */
  readonly container?: string;
  /**
   * `strict` (default): what the types rule out is an error here. `dynamic`: it is an error when evaluated, as
   * in the specification's unchecked mode.
   */
  readonly checking?: 'strict' | 'dynamic';
  /** Largest polynomial degree of the cost in the size of the variables' values; default 2. */
  readonly maxDegree?: number;
}
