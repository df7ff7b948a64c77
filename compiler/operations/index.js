import { between } from './between.js';
import { contains } from './contains.js';
import { endsWith } from './ends_with.js';
import { equals } from './equals.js';
import { exists } from './exists.js';
import { gt } from './gt.js';
import { gte } from './gte.js';
import { isIn } from './in.js';
import { lengthBetween } from './length_between.js';
import { lengthEquals } from './length_equals.js';
import { lengthGt } from './length_gt.js';
import { lengthGte } from './length_gte.js';
import { lengthLt } from './length_lt.js';
import { lengthLte } from './length_lte.js';
import { lt } from './lt.js';
import { lte } from './lte.js';
import { matches } from './matches.js';
import { missing } from './missing.js';
import { notContains } from './not_contains.js';
import { notEquals } from './not_equals.js';
import { notIn } from './not_in.js';
import { notMatches } from './not_matches.js';
import { startsWith } from './starts_with.js';
import { type } from './type.js';
export { OPERANDS, OPERATION_NAMES, TYPE_NAMES } from './operation.js';
/** The operation table: one file an operation, this is their list. */
export const OPERATIONS = {
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
  exists,
  missing,
  type,
  length_equals: lengthEquals,
  length_gt: lengthGt,
  length_gte: lengthGte,
  length_lt: lengthLt,
  length_lte: lengthLte,
  length_between: lengthBetween,
};
