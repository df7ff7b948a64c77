import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import { synonymOf } from '../diagnostics/synonyms.ts';
import type { LeafDeclaration, PatternDeclaration } from '../ir/document.ts';
import type { YamlNode } from '../ir/node.ts';
import { pathProblem } from '../ir/path.ts';
import type { Located } from '../ir/source.ts';
import { OPERATIONS, OPERATION_NAMES } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { SPELLED } from '../spelling/index.ts';
import { readCallerValue } from './caller-value.ts';
import { globProblem } from './glob.ts';
import { paramName, readOperand } from './operand.ts';
import { Reader, located } from './read.ts';
import { reportReferences } from './references.ts';
import { readView } from './view.ts';

/** The operation that is also written as a key of its own: `private_network: true`. */
const PRIVATE = 'private_network';

/** Keys that say something of one test. */
const OF_TESTS = [
  ...['arg', 'value', 'ignore_case', 'normalize', 'optional', 'value_from', 'min_length'],
  ...['as', 'part', 'path'],
];

/** Reads a pattern whose shape has been checked; `null` after it has reported what is wrong. */
export function readPattern(node: YamlNode, diagnostics: Diagnostics): PatternDeclaration | null {
  const reader = new Reader(node);
  // `or: [{pattern: {…}}]` and `or: [{…}]` mean the same; both are written in the wild.
  const wrapped = reader.get('pattern');
  if (wrapped && reader.node.entries.length === 1) return readPattern(wrapped, diagnostics);

  const kinds = ['operation', PRIVATE, 'and', 'or', 'not', 'pattern'].filter((key) => reader.get(key));
  const isLeaf = kinds[0] === 'operation' || kinds[0] === PRIVATE;
  // A pattern of a tool alone holds for every step that uses it.
  const toolOnly = kinds.length === 0 && reader.get('tool') !== undefined;
  if (!toolOnly && (kinds.length !== 1 || kinds[0] === 'pattern')) {
    diagnostics.report('PL1106', undefined, reader.node.entries[0]?.keySpan ?? node.span);
    return null;
  }
  for (const key of OF_TESTS) {
    if (!isLeaf && reader.get(key)) {
      const known = ['tool', 'and', 'or', 'not'];
      const span = reader.node.entries.find((entry) => entry.key === key)?.keySpan ?? node.span;
      diagnostics.report('PL1101', { key, where: 'a pattern without `operation`', near: null, known }, span);
      return null;
    }
  }
  const tools = readTools(reader, diagnostics);
  const leaf = isLeaf ? readLeaf(reader, diagnostics) : null;
  const and = readAll(reader, 'and', diagnostics);
  const or = readAll(reader, 'or', diagnostics);
  const inner = reader.get('not');
  const not = inner ? readPattern(inner, diagnostics) : null;
  const failed =
    tools === undefined || leaf === undefined || and === undefined || or === undefined || (inner && !not);
  return failed ? null : { span: node.span, tools, leaf, and, or, not };
}

function readAll(
  reader: Reader,
  key: 'and' | 'or',
  diagnostics: Diagnostics,
): readonly PatternDeclaration[] | null | undefined {
  if (!reader.get(key)) return null;
  const read = reader.items(key).map((item) => readPattern(item, diagnostics));
  return read.every((item) => item !== null) ? read : undefined;
}

function readTools(reader: Reader, diagnostics: Diagnostics): readonly Located<string>[] | null | undefined {
  if (!reader.get('tool')) return null;
  const tools = reader.items('tool').map((item) => located(item, 'string'));
  return checkGlobs(tools, diagnostics) ? tools : undefined;
}

export function checkGlobs(globs: readonly Located<string>[], diagnostics: Diagnostics): boolean {
  const problems = globs.filter((glob) => {
    if (reportReferences(glob.value, glob.span, 'name', diagnostics)) return true;
    const reason = globProblem(glob.value);
    if (reason) diagnostics.report('PL1114', { glob: glob.value, reason }, glob.span);
    return reason !== null;
  });
  return problems.length === 0;
}

function readLeaf(reader: Reader, diagnostics: Diagnostics): LeafDeclaration | null | undefined {
  const written = reader.text('operation') ?? readPrivate(reader, diagnostics);
  if (!written) return undefined;
  const split = splitOperation(written.value);
  if (!split) {
    reportOperation(written, nearestOperation(written.value), diagnostics);
    return undefined;
  }
  const given = reader.text('arg');
  // With an `arg` beside it, `len_gt` is no argument `len`.
  const meant = given && synonymOf(written.value, 'operation', OPERATION_NAMES);
  if (meant) {
    reportOperation(written, meant, diagnostics);
    return undefined;
  }
  if (given && split.arg !== null) {
    diagnostics.report('PL1108', { operation: written.value }, written.span);
    return undefined;
  }
  const arg = given ?? (split.arg === null ? null : { value: split.arg, span: written.span });
  const problem = arg && pathProblem(arg.value);
  if (arg && problem) {
    diagnostics.report('PL1112', { path: arg.value, reason: problem }, arg.span);
    return undefined;
  }
  const operation = OPERATIONS[split.operation];
  if (!arg && !operation.anywhere) {
    diagnostics.report('PL1111', { operation: split.operation }, written.span);
    return undefined;
  }
  const spelling = readSpelling(reader, split.operation, diagnostics);
  const optional = readOptional(reader, split.operation, arg, diagnostics);
  if (!spelling || optional === null) return undefined;
  const view = readView(reader, split.operation, arg !== null, diagnostics);
  if (view === null) return undefined;
  const leaf = {
    arg,
    operation: { value: split.operation, span: written.span },
    ...spelling,
    ...(optional && { optional }),
    ...(view && { view }),
  };
  const valueFrom = readCallerValue(reader, split.operation, diagnostics);
  if (valueFrom === null) return undefined;
  if (valueFrom) return { ...leaf, value: null, valueFrom };
  const param = paramName(reader.get('value'));
  if (param) return { ...leaf, value: null, param };
  const value = readOperand(reader.get('value'), split.operation, written.span, diagnostics);
  return value === undefined ? undefined : { ...leaf, value };
}

/** `private_network: true` as the operation that it is. */
function readPrivate(reader: Reader, diagnostics: Diagnostics): Located<string> | undefined {
  const flag = reader.flag(PRIVATE);
  if (!flag) return undefined;
  if (flag.value) return { value: PRIVATE, span: reader.keySpan(PRIVATE) };
  diagnostics.report('PL1143', undefined, flag.span);
  return undefined;
}

function reportOperation(
  { value: operation, span }: Located<string>,
  near: string | null,
  diagnostics: Diagnostics,
): void {
  diagnostics.report('PL1107', { operation, near, known: OPERATION_NAMES }, span);
}

/** The operation that was meant: its name in other languages, a slip, or one of these behind an argument. */
function nearestOperation(written: string): string | null {
  const whole = synonymOf(written, 'operation', OPERATION_NAMES) ?? nearest(written, OPERATION_NAMES);
  if (whole !== null) return whole;
  for (let at = written.indexOf('_'); at >= 0; at = written.indexOf('_', at + 1)) {
    const ending = written.slice(at + 1);
    const operation = synonymOf(ending, 'operation', OPERATION_NAMES) ?? nearest(ending, OPERATION_NAMES);
    if (operation !== null) return `${written.slice(0, at)}_${operation}`;
  }
  return null;
}

/** The options of operations that compare texts. */
function readSpelling(
  reader: Reader,
  operation: OperationName,
  diagnostics: Diagnostics,
): Pick<LeafDeclaration, 'ignoreCase' | 'normalize'> | null {
  const [ignoreCase, normalize] = [reader.flag('ignore_case'), reader.flag('normalize')];
  const otherKey = normalize ? 'normalize' : null;
  const key = ignoreCase ? 'ignore_case' : otherKey;
  if (key !== null && !SPELLED.includes(operation)) {
    diagnostics.report('PL1120', { key, operation, known: SPELLED }, reader.keySpan(key));
    return null;
  }
  return { ...(ignoreCase && { ignoreCase }), ...(normalize && { normalize }) };
}

/** Whether a missing argument is fine; `null` after it has reported that there is nothing to say so of. */
function readOptional(
  reader: Reader,
  operation: OperationName,
  arg: Located<string> | null,
  diagnostics: Diagnostics,
): Located<boolean> | undefined | null {
  const optional = reader.flag('optional');
  const asksOfAbsence = operation === 'exists' || operation === 'missing';
  if (!optional || (arg && !asksOfAbsence)) return optional;
  diagnostics.report('PL1123', { operation, asksOfAbsence }, reader.keySpan('optional'));
  return null;
}

/** `amount_gt` is `gt` on `amount`; the longest operation name at the end counts, so `x_length_gt` is `length_gt`. */
function splitOperation(written: string): { arg: string | null; operation: OperationName } | null {
  const exact = OPERATION_NAMES.find((name) => name === written);
  if (exact) return { arg: null, operation: exact };
  const endings = OPERATION_NAMES.filter((name) => written.endsWith(`_${name}`)).sort(
    (a, b) => b.length - a.length,
  );
  const [operation] = endings;
  return operation ? { arg: written.slice(0, -operation.length - 1), operation } : null;
}
