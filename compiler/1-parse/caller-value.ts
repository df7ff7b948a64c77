import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { CallerValue } from '../ir/document.ts';
import type { YamlNode } from '../ir/node.ts';
import { parsePath, pathProblem } from '../ir/path.ts';
import type { Located } from '../ir/source.ts';
import { CALLER_OPERANDS, OPERATION_NAMES, OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { Reader, located } from './read.ts';

/** The shortest text that counts as named, where a policy does not say. */
const LEAST = 3;

/** Operations whose operand the caller may give. */
const TAKING = OPERATION_NAMES.filter((name) => CALLER_OPERANDS.includes(OPERATIONS[name].operand));
const NAMING = TAKING.filter((name) => OPERATIONS[name].operand === 'request');
const OF_TEXT = TAKING.filter((name) => !['number', 'request'].includes(OPERATIONS[name].operand));

/**
 * Reads `value_from` of a test: `context.payees`, or `{path, prefix, suffix}`.
 *
 * @returns `undefined` where there is none; `null` after it has reported what is wrong
 */
export function readCallerValue(
  reader: Reader,
  operation: OperationName,
  diagnostics: Diagnostics,
): Located<CallerValue> | undefined | null {
  const node = reader.get('value_from');
  const least = reader.number('min_length');
  const refuse = (key: string, known: readonly string[], of: Reader): null => {
    diagnostics.report('PL1126', { key, operation, known }, of.keySpan(key));
    return null;
  };
  if (least && !NAMING.includes(operation)) return refuse('min_length', NAMING, reader);
  if (!node) return undefined;
  if (!TAKING.includes(operation)) return refuse('value_from', TAKING, reader);
  if (reader.get('value')) {
    diagnostics.report('PL1124', {}, reader.keySpan('value'), [
      { message: 'the caller gives the value here', span: reader.keySpan('value_from') },
    ]);
    return null;
  }
  const options = node.kind === 'mapping' ? new Reader(node) : null;
  for (const key of ['prefix', 'suffix']) {
    if (options?.get(key) && !OF_TEXT.includes(operation)) return refuse(key, OF_TEXT, options);
  }
  const path = readContextPath(options?.get('path') ?? node, diagnostics);
  if (!path) return null;
  const value = {
    path,
    before: options?.text('prefix')?.value ?? '',
    behind: options?.text('suffix')?.value ?? '',
    least: least?.value ?? LEAST,
  };
  return { value, span: node.span };
}

/** `context.limits.daily` as the names behind `context`; `null` after it has reported what it is instead. */
export function readContextPath(node: YamlNode, diagnostics: Diagnostics): readonly string[] | null {
  const { value: written, span } = located(node, 'string');
  const [, inner = ''] = /^context\.(.+)$/.exec(written) ?? [];
  const segments = inner === '' || pathProblem(inner) !== null ? [] : parsePath(inner);
  const names = segments.filter((segment) => typeof segment === 'string');
  if (names.length > 0 && names.length === segments.length) return names;
  diagnostics.report('PL1125', { written }, span);
  return null;
}
