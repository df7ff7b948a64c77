/**
 * What the compiler knows, to be read: the stages' types, positions in sources, conditions, and how text of strangers is
 * shown. Compiles nothing and loads in a moment: a command that only decides loads it, too.
 */
export type { Ast } from './cel/ast.ts';
export { parse as parseCel } from './cel/parse.ts';
export { partsOf, printCel } from './cel/print.ts';
export { Diagnostics } from './diagnostics/diagnostic.ts';
export type { Diagnostic } from './diagnostics/diagnostic.ts';
export { CompilerFault } from './diagnostics/fault.ts';
export { many } from './diagnostics/many.ts';
export { nearest } from './diagnostics/near.ts';
export { lineText, originOf, place } from './diagnostics/position.ts';
export { printable } from './diagnostics/printable.ts';
export { renderDiagnostic, renderFrom } from './diagnostics/render.ts';
export { decodeUtf8 } from './host.ts';
export type { ToolCatalog } from './ir/catalog.ts';
export type { LeafDeclaration, PatternDeclaration } from './ir/document.ts';
export { findRule, layering, layerOf, rulesIn } from './ir/layer.ts';
export type { EmittedModule } from './ir/module.ts';
export type { MappingNode, YamlNode } from './ir/node.ts';
export type { Narrowing, PolicyFile, ResolvedPolicies, ResolvedPolicy, ResolvedRule } from './ir/resolved.ts';
export type { Located, SourceFile, Span } from './ir/source.ts';
export { narrowingRule } from './ir/resolved.ts';
export { FAILURE_WORDS, governedBy } from './ir/whole-plan.ts';
export type { PathPair, ToolList, WholePlanBody } from './ir/whole-plan.ts';
