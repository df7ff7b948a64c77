import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { printable } from '../diagnostics/printable.ts';
import type { LeafDeclaration, PatternDeclaration, View } from '../ir/document.ts';
import { parsePath } from '../ir/path.ts';
import type { PatternPlan, PatternResult } from '../ir/pattern.ts';
import type { Expr } from '../ir/program.ts';
import type { Located } from '../ir/source.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { heldSpelling, nounOf, plain, spellingOf, textsOf } from '../spelling/index.ts';
import { spanWithin } from '../ir/place.ts';

/** Compiles the text of a regular expression. */
export type CompileText = (source: string, ignoreCase?: boolean) => PatternResult;

/** Lowers a pattern into a condition; negations end at the tests. `null` after it has reported a refusal. */
export function lowerPattern(
  pattern: PatternDeclaration,
  compile: CompileText,
  diagnostics: Diagnostics,
): Expr | null {
  return lower(pattern, false, compile, diagnostics);
}

function lower(
  pattern: PatternDeclaration,
  negated: boolean,
  compile: CompileText,
  diagnostics: Diagnostics,
): Expr | null {
  const { tools } = pattern;
  const body = lowerBody(pattern, negated, compile, diagnostics);
  if (!body || !tools) return body;
  const tool: Expr = { kind: 'tool', globs: tools.map((found) => found.value), negated };
  return { kind: negated ? 'or' : 'and', items: [tool, body] };
}

/** The pattern without its tools. */
function lowerBody(
  { leaf, and, or, not }: PatternDeclaration,
  negated: boolean,
  compile: CompileText,
  diagnostics: Diagnostics,
): Expr | null {
  const lowered = (item: PatternDeclaration): Expr | null => lower(item, negated, compile, diagnostics);
  if (leaf) return lowerLeaf(leaf, negated, compile, diagnostics);
  if (and) return junction(negated ? 'or' : 'and', and.map(lowered));
  if (or) return junction(negated ? 'and' : 'or', or.map(lowered));
  return not ? lower(not, !negated, compile, diagnostics) : { kind: 'constant', value: !negated };
}

function junction(kind: 'and' | 'or', items: readonly (Expr | null)[]): Expr | null {
  const whole = items.filter((item) => item !== null);
  return whole.length === items.length ? { kind, items: whole } : null;
}

function lowerLeaf(
  leaf: NonNullable<PatternDeclaration['leaf']>,
  negated: boolean,
  compile: CompileText,
  diagnostics: Diagnostics,
): Expr | null {
  const operation = leaf.operation.value as OperationName;
  const view = leaf.view?.value;
  const isOfSeveral =
    leaf.arg?.value.includes('[*]') || view?.path.some((segment) => typeof segment !== 'string');
  const several = isOfSeveral ? 'several values' : null;
  const many = leaf.arg === null ? 'every text' : several;
  if (negated && many) {
    diagnostics.report('PL1118', { operation, many }, leaf.operation.span);
    return null;
  }
  const isPattern = OPERATIONS[operation].operand === 'pattern';
  const spelling = spellingOf(leaf);
  const ignoreCase = spelling?.ignoreCase === 'yes';
  const pattern =
    isPattern && leaf.value
      ? lowerRegex(leaf.value as Located<string>, compile, diagnostics, ignoreCase)
      : null;
  if (isPattern && !pattern) return null;
  if (leaf.normalize?.value && !isFoundInPlain(leaf, pattern, diagnostics)) return null;
  if (view && !mayBeHeld(view, leaf, diagnostics)) return null;
  return {
    kind: 'arg',
    path: leaf.arg && parsePath(leaf.arg.value),
    test: {
      operation,
      operand: leaf.value?.value ?? null,
      pattern,
      ...(spelling && { spelling }),
      ...(leaf.optional?.value && { optional: true }),
      ...(leaf.valueFrom && { from: leaf.valueFrom.value }),
      ...(view && { view }),
    },
    negated,
  };
}

const OF_WHOLE_TEXTS: readonly string[] = ['equals', 'not_equals', 'in', 'not_in'];

/** A host is compared in its one spelling, so a list that names it in another one would never stop it. */
function mayBeHeld(view: View, { operation, value }: LeafDeclaration, diagnostics: Diagnostics): boolean {
  if (!value || !OF_WHOLE_TEXTS.includes(operation.value)) return true;
  const lost = textsOf(value.value).find((text) => heldSpelling(view, text) !== text);
  if (lost === undefined) return true;
  const noun = view.part ? `the ${view.part} of ${nounOf(view)}` : nounOf(view);
  const params = { shown: printable(lost), noun, written: heldSpelling(view, lost) };
  diagnostics.report('PL3110', params, value.span);
  return false;
}

/** With `normalize: true` a text is compared in its plain spelling only, so what never stands in one is a mistake. */
function isFoundInPlain(
  leaf: LeafDeclaration,
  pattern: PatternPlan | null,
  diagnostics: Diagnostics,
): boolean {
  const { value } = leaf;
  if (!value) return true;
  const lost = pattern
    ? (pattern.required ?? []).filter((text) => plain(text) !== text)
    : textsOf(value.value).filter((text) => text !== '' && plain(text) === '');
  const [shown] = lost;
  if (shown === undefined || (pattern && lost.length < (pattern.required?.length ?? 0))) return true;
  diagnostics.report('PL3102', { shown: printable(shown), left: plain(shown) }, value.span);
  return false;
}

/** Compiles a regular expression, or reports why it is refused with a caret inside the scalar where it can. */
export function lowerRegex(
  source: Located<string>,
  compile: CompileText,
  diagnostics: Diagnostics,
  ignoreCase = false,
): PatternPlan | null {
  const result = compile(source.value, ignoreCase);
  if (result.ok) return result.plan;
  const { message, hint, start, end } = result.refusal;
  diagnostics.report('PL3101', { reason: message, hint }, spanWithin(source, start, end));
  return null;
}
