import type { CelConstant } from '../ir/cel.ts';
import type { Span } from './problems.ts';

/**
 * What the parser makes of an expression, before names and types are known. Operators are calls with the names
 * the specification gives them (`_+_`, `@in`, `_[_]`); macros are still calls.
 */
export type Ast = Span &
  (
    | { readonly kind: 'constant'; readonly constant: CelConstant }
    /** `absolute`: written with a leading dot, so never a macro's variable. */
    | { readonly kind: 'identifier'; readonly name: string; readonly absolute: boolean }
    | {
        readonly kind: 'select';
        readonly operand: Ast;
        readonly field: string;
        readonly optional: boolean;
        readonly fieldSpan: Span;
      }
    | {
        readonly kind: 'call';
        readonly name: string;
        readonly nameSpan: Span;
        readonly receiver: Ast | null;
        readonly args: readonly Ast[];
      }
    | {
        readonly kind: 'list';
        readonly elements: readonly { readonly value: Ast; readonly optional: boolean }[];
      }
    | { readonly kind: 'map'; readonly entries: readonly AstEntry[] }
    /** `Type{field: value}`: a protobuf message. */
    | { readonly kind: 'message'; readonly name: string }
  );

export interface AstEntry {
  readonly key: Ast;
  readonly value: Ast;
  readonly optional: boolean;
}

/** `a.b.c` of plain identifiers, with its leading dot if it has one; otherwise `null`. */
export function qualifiedName(ast: Ast): string | null {
  if (ast.kind === 'identifier') return ast.absolute ? `.${ast.name}` : ast.name;
  if (ast.kind !== 'select' || ast.optional) return null;
  const operand = qualifiedName(ast.operand);
  return operand === null ? null : `${operand}.${ast.field}`;
}
