/**
 * A checked CEL expression (cel-spec v0.25, doc/langdef.md) as plain data. Every value in here survives
 * `JSON.stringify`: integers are decimal strings, bytes are lists of octets.
 *
 * Offsets are UTF-16 offsets into the expression's own text, `end` exclusive.
 */

/**
 * Types of the checker. `record` is a map whose keys, and the types behind them, are known. `json`: something of a plan or a
 * context, in which every number is a double.
 */
export type CelType =
  | { readonly kind: Exclude<CelScalarKind, 'dyn'> }
  | { readonly kind: 'dyn'; readonly json?: true }
  | { readonly kind: 'list'; readonly element: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'optional'; readonly element: CelType }
  | { readonly kind: 'type'; readonly of: CelType }
  | { readonly kind: 'record'; readonly name: string; readonly fields: { readonly [name: string]: CelType } }
  /** A type parameter, known by number; only the checker sees one. */
  | { readonly kind: 'parameter'; readonly id: number };

export type CelScalarKind =
  'dyn' | 'null' | 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'timestamp' | 'duration';

/** A literal. `type` carries the run-time name of a type: `type(1) == int`. */
export type CelConstant =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int' | 'uint'; readonly value: string }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: readonly number[] }
  | { readonly kind: 'type'; readonly value: string };

/** Handle of a text pattern that the caller's pattern engine has accepted; opaque to CEL. */
export interface PatternRef {
  readonly key: string;
}

/** Macros that visit the elements of a list or the keys of a map. */
export type CelMacro =
  'all' | 'exists' | 'exists_one' | 'map' | 'filter' | 'transformList' | 'transformMap' | 'transformMapEntry';

interface Located {
  readonly type: CelType;
  readonly start: number;
  readonly end: number;
}

/** One node of a checked expression. */
export type CelNode = Located &
  (
    | { readonly op: 'constant'; readonly constant: CelConstant }
    /** A variable of the environment. */
    | { readonly op: 'variable'; readonly name: string }
    /** A variable of a macro or a `cel.bind`; slots are unique in the expression. */
    | { readonly op: 'local'; readonly slot: number }
    | { readonly op: 'select'; readonly operand: CelNode; readonly field: string }
    /** `has(operand.field)`. */
    | { readonly op: 'has'; readonly operand: CelNode; readonly field: string }
    | { readonly op: 'and' | 'or'; readonly left: CelNode; readonly right: CelNode }
    | { readonly op: 'not'; readonly operand: CelNode }
    | { readonly op: 'conditional'; readonly test: CelNode; readonly yes: CelNode; readonly no: CelNode }
    /** Strict function: `name` is a key of the operation table, `function` what the author wrote. */
    | { readonly op: 'call'; readonly name: string; readonly args: readonly CelNode[] }
    | { readonly op: 'matches'; readonly text: CelNode; readonly pattern: PatternRef }
    | { readonly op: 'list'; readonly elements: readonly CelElement[] }
    | { readonly op: 'map'; readonly entries: readonly CelEntry[] }
    | {
        readonly op: 'comprehension';
        readonly macro: CelMacro;
        readonly range: CelNode;
        /** One slot: elements of a list, keys of a map. Two: index and element, key and value. */
        readonly slots: readonly number[];
        /** Which elements take part; `null`: all. */
        readonly filter: CelNode | null;
        readonly body: CelNode;
      }
    | { readonly op: 'bind'; readonly slot: number; readonly value: CelNode; readonly body: CelNode }
    /** `optional.optMap`, `optional.optFlatMap`: `body` with the value bound, or none. */
    | {
        readonly op: 'optional-map';
        readonly flat: boolean;
        readonly operand: CelNode;
        readonly slot: number;
        readonly body: CelNode;
      }
    /** `a.or(b)`, `a.orValue(b)`: `b` counts only where `a` is none. */
    | {
        readonly op: 'optional-or';
        readonly operand: CelNode;
        readonly other: CelNode;
        readonly value: boolean;
      }
  );

/** `optional`: written `?element`; present only if the optional has a value. */
export interface CelElement {
  readonly value: CelNode;
  readonly optional: boolean;
}

export interface CelEntry {
  readonly key: CelNode;
  readonly value: CelNode;
  readonly optional: boolean;
}

/** A variable, or a path below it, that an expression reads: `['plan', 'context', 'role']`. */
export interface CelRead {
  /** Names from the variable on; stops where the path is computed or the value is used as a whole. */
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** What the CEL compiler hands to the emitter. */
export interface CelExpression {
  readonly source: string;
  readonly root: CelNode;
  /** Polynomial degree of the evaluation's cost in the size of the variables' values. */
  readonly degree: number;
}
