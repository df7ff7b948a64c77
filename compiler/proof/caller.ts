/** Conditions with what a caller says put in, for a plan whose context is there. */
import type { ArgTest, Expr } from '../ir/program.ts';
import type { CallerValue, OperandValue, Scalar } from '../ir/document.ts';
import type { ValueTest } from './texts.ts';

type Reader = (value: unknown, frame: CallerValue) => OperandValue | undefined;

const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);

const framed = (value: Scalar, { before, behind }: CallerValue): Scalar | undefined => {
  if (before === '' && behind === '') return value;
  return typeof value === 'string' && value !== '' ? before + value + behind : undefined;
};

const asNumber: Reader = (value) => (Number.isFinite(value) ? (value as number) : undefined);
const asText: Reader = (value, frame) =>
  typeof value === 'string' && value !== '' ? framed(value, frame) : undefined;
const asScalar: Reader = (value, frame) => (isScalar(value) ? framed(value, frame) : undefined);
const asScalars: Reader = (value, frame) => {
  if (!Array.isArray(value) || !value.every(isScalar)) return undefined;
  const items = value.map((item) => framed(item, frame));
  return items.every((item) => item !== undefined) ? items : undefined;
};

/** What an operation takes of the caller; the others take a text. */
const READERS: Readonly<Record<string, Reader>> = {
  gt: asNumber,
  gte: asNumber,
  lt: asNumber,
  lte: asNumber,
  equals: asScalar,
  not_equals: asScalar,
  in: asScalars,
  not_in: asScalars,
};

/** The condition with the operands that this context gives; a test stays as it is where it gives none. */
export function withContext(expr: Expr, context: unknown): Expr {
  if ('items' in expr) return { ...expr, items: expr.items.map((item) => withContext(item, context)) };
  if (expr.kind !== 'arg' || !expr.test.from) return expr;
  const { from, ...test } = expr.test;
  const operand = (READERS[test.operation] ?? asText)(valueAt(context, from.path), from);
  if (operand === undefined) return expr;
  const told: ArgTest['test'] & ValueTest = { ...test, operand, least: from.least };
  return { ...expr, test: told };
}

function valueAt(context: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject || !Object.hasOwn(value, name)) return undefined;
    return (value as Readonly<Record<string, unknown>>)[name];
  }, context);
}
