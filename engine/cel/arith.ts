import { spend, spendText } from './budget.ts';
import type { Budget } from './budget.ts';
import { int64, uint64 } from './number.ts';
import { duration, timestamp } from './time.ts';
import {
  bytes,
  CelBytes,
  CelDuration,
  CelTimestamp,
  CelUint,
  DIVISION,
  failed,
  isList,
  TOO_MUCH,
} from './value.ts';

/** Strings an expression makes may have this many UTF-16 units. */
export const MAX_TEXT = 1_000_000;

/** `+`: numbers, times, and concatenation. */
export function celAdd(budget: Budget, left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return int64(left + right);
  if (typeof left === 'string' && typeof right === 'string') {
    const length = left.length + right.length;
    return length <= MAX_TEXT && spendText(budget, length) ? left + right : TOO_MUCH;
  }
  if (isList(left) && isList(right)) {
    return spend(budget, left.length + right.length) ? [...left, ...right] : TOO_MUCH;
  }
  if (left instanceof CelUint && right instanceof CelUint) return uint64(left.value + right.value);
  if (left instanceof CelBytes && right instanceof CelBytes) {
    const length = left.octets.length + right.octets.length;
    return spend(budget, length) ? bytes([...left.octets, ...right.octets]) : TOO_MUCH;
  }
  if (left instanceof CelTimestamp && right instanceof CelDuration)
    return timestamp(left.nanos + right.nanos);
  if (left instanceof CelDuration && right instanceof CelTimestamp)
    return timestamp(left.nanos + right.nanos);
  if (left instanceof CelDuration && right instanceof CelDuration) return duration(left.nanos + right.nanos);
  return failed(left, right);
}

export function celSubtract(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return int64(left - right);
  if (left instanceof CelUint && right instanceof CelUint) return uint64(left.value - right.value);
  if (left instanceof CelTimestamp && right instanceof CelTimestamp)
    return duration(left.nanos - right.nanos);
  if (left instanceof CelTimestamp && right instanceof CelDuration)
    return timestamp(left.nanos - right.nanos);
  if (left instanceof CelDuration && right instanceof CelDuration) return duration(left.nanos - right.nanos);
  return failed(left, right);
}

export function celMultiply(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return int64(left * right);
  if (left instanceof CelUint && right instanceof CelUint) return uint64(left.value * right.value);
  return failed(left, right);
}

/** Integers round towards zero; by zero is an error for them and infinite for doubles. */
export function celDivide(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') return left / right;
  if (typeof left === 'bigint' && typeof right === 'bigint')
    return right === 0n ? DIVISION : int64(left / right);
  if (left instanceof CelUint && right instanceof CelUint) {
    return right.value === 0n ? DIVISION : uint64(left.value / right.value);
  }
  return failed(left, right);
}

/** `%`: the sign is the dividend's. */
export function celModulo(left: unknown, right: unknown): unknown {
  if (typeof left === 'bigint' && typeof right === 'bigint') return right === 0n ? DIVISION : left % right;
  if (left instanceof CelUint && right instanceof CelUint) {
    return right.value === 0n ? DIVISION : uint64(left.value % right.value);
  }
  return failed(left, right);
}

export function celNegate(operand: unknown): unknown {
  if (typeof operand === 'number') return -operand;
  return typeof operand === 'bigint' ? int64(-operand) : failed(operand);
}
