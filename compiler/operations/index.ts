import { between } from './between.ts';
import { contains } from './contains.ts';
import { endsWith } from './ends_with.ts';
import { equals } from './equals.ts';
import { exists } from './exists.ts';
import { gt } from './gt.ts';
import { gte } from './gte.ts';
import { isIn } from './in.ts';
import { lengthBetween } from './length_between.ts';
import { lengthEquals } from './length_equals.ts';
import { lengthGt } from './length_gt.ts';
import { lengthGte } from './length_gte.ts';
import { lengthLt } from './length_lt.ts';
import { lengthLte } from './length_lte.ts';
import { lt } from './lt.ts';
import { lte } from './lte.ts';
import { namedIn } from './named_in.ts';
import { matches } from './matches.ts';
import { missing } from './missing.ts';
import { notBetween } from './not_between.ts';
import { notContains } from './not_contains.ts';
import { notEquals } from './not_equals.ts';
import { notIn } from './not_in.ts';
import { notNamedIn } from './not_named_in.ts';
import { notMatches } from './not_matches.ts';
import type { Operation, OperationName } from './operation.ts';
import { privateNetwork } from './private_network.ts';
import { startsWith } from './starts_with.ts';
import { type } from './type.ts';

export { CALLER_OPERANDS, OPERANDS, OPERATION_NAMES, TYPE_NAMES } from './operation.ts';
export type {
  Operation,
  OperandKind,
  OperationName,
  TextComparison,
  TextOperation,
  ValueOperation,
} from './operation.ts';

/** The operation table: one file an operation, this is their list. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  equals,
  not_equals: notEquals,
  in: isIn,
  not_in: notIn,
  contains,
  not_contains: notContains,
  starts_with: startsWith,
  ends_with: endsWith,
  matches,
  not_matches: notMatches,
  gt,
  gte,
  lt,
  lte,
  between,
  not_between: notBetween,
  exists,
  missing,
  type,
  length_equals: lengthEquals,
  length_gt: lengthGt,
  length_gte: lengthGte,
  length_lt: lengthLt,
  length_lte: lengthLte,
  length_between: lengthBetween,
  named_in: namedIn,
  not_named_in: notNamedIn,
  private_network: privateNetwork,
};
