import { keyText, lookup } from './access.ts';
import { spend, spendText } from './budget.ts';
import type { Budget } from './budget.ts';
import { numeric, toNumber } from './number.ts';
import {
  CelBoxed,
  CelBytes,
  CelDuration,
  CelFailure,
  CelMap,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  failed,
  isList,
  isPlain,
  NO_KEY,
  NOT_A_NUMBER,
  owns,
  TOO_MUCH,
  worse,
  type PlainObject,
} from './value.ts';

/** Deeper values are a failure: what is compared may come from a plan and refer to itself. */
const MAX_DEPTH = 256;

/** `==`: values of different types are unequal, numbers of all kinds compare as numbers (langdef.md "Equality"). */
export function celEqual(budget: Budget, left: unknown, right: unknown): unknown {
  return equal(budget, left, right, 0);
}

export function celNotEqual(budget: Budget, left: unknown, right: unknown): unknown {
  const same = equal(budget, left, right, 0);
  return typeof same === 'boolean' ? !same : same;
}

export function equal(budget: Budget, left: unknown, right: unknown, depth: number): boolean | CelFailure {
  switch (typeof left) {
    case 'string':
    case 'boolean':
      return right instanceof CelFailure ? right : left === right;
    case 'number':
    case 'bigint':
      return equalNumber(left, right);
    case 'object':
      return equalObject(budget, left, right, depth);
    default:
      return failed(left, right);
  }
}

function equalNumber(left: number | bigint, right: unknown): boolean | CelFailure {
  const other = numeric(right);
  if (other === null) return right instanceof CelFailure ? right : false;
  if (left !== left || other !== other) return NOT_A_NUMBER;
  return typeof left === typeof other ? left === other : asDouble(left) === asDouble(other);
}

function equalObject(
  budget: Budget,
  left: object | null,
  right: unknown,
  depth: number,
): boolean | CelFailure {
  if (left instanceof CelFailure || right instanceof CelFailure) return failed(left, right);
  if (left === null || right === null || typeof right !== 'object') {
    const number = numeric(left);
    return number === null ? left === right : equalNumber(number, right);
  }
  if (depth > MAX_DEPTH || !spend(budget, 1)) return TOO_MUCH;
  if (isList(left)) return isList(right) && equalLists(budget, left, right, depth);
  if (left instanceof CelBoxed && !(left instanceof CelMap)) return equalBoxed(budget, left, right, depth);
  if (left instanceof CelMap || isPlain(left)) {
    return (right instanceof CelMap || isPlain(right)) && equalMaps(budget, left, right, depth);
  }
  return false;
}

function equalLists(
  budget: Budget,
  left: readonly unknown[],
  right: readonly unknown[],
  depth: number,
): boolean | CelFailure {
  if (left.length !== right.length) return false;
  if (!spend(budget, left.length)) return TOO_MUCH;
  for (let i = 0; i < left.length; i++) {
    const same = equal(budget, left[i], right[i], depth + 1);
    if (same !== true) return same;
  }
  return true;
}

function equalBoxed(budget: Budget, left: CelBoxed, right: object, depth: number): boolean | CelFailure {
  if (left instanceof CelTimestamp) return right instanceof CelTimestamp && left.nanos === right.nanos;
  if (left instanceof CelDuration) return right instanceof CelDuration && left.nanos === right.nanos;
  if (left instanceof CelTypeValue) return right instanceof CelTypeValue && left.name === right.name;
  if (left instanceof CelBytes) return right instanceof CelBytes && orderOctets(left, right) === 0;
  if (left instanceof CelOptional) {
    if (!(right instanceof CelOptional) || left.present !== right.present) return false;
    return left.present ? equal(budget, left.value, right.value, depth + 1) : true;
  }
  const number = numeric(left);
  return number === null ? false : equalNumber(number, right);
}

type Mapping = CelMap | PlainObject;

/** The keys of a map; of a plan's object, its own ones. */
export function keysOf(budget: Budget, map: Mapping): readonly unknown[] {
  if (map instanceof CelMap) return map.keys;
  const keys: string[] = [];
  for (const key in map) if (owns(map, key) && typeof map[key] !== 'undefined') keys.push(key);
  // Whoever goes over the keys asks the budget; here they are only paid for.
  spend(budget, keys.length);
  return keys;
}

function equalMaps(budget: Budget, left: Mapping, right: Mapping, depth: number): boolean | CelFailure {
  const keys = keysOf(budget, left);
  if (keys.length !== keysOf(budget, right).length) return false;
  for (const key of keys) {
    const other = lookup(right, key);
    if (other === NO_KEY) return false;
    const same = equal(budget, lookup(left, key), other, depth + 1);
    if (same !== true) return same;
  }
  return true;
}

/** `element in list`, `key in map`. */
export function celIn(budget: Budget, value: unknown, container: unknown): unknown {
  if (value instanceof CelFailure) return value;
  if (isList(container)) {
    let problem: CelFailure | null = null;
    for (const element of container) {
      if (!spend(budget, 1)) return TOO_MUCH;
      const same = equal(budget, element, value, 0);
      if (same === true) return true;
      if (same !== false) problem = worse(problem, same);
    }
    return problem ?? false;
  }
  if (!(container instanceof CelMap) && !isPlain(container)) return failed(container);
  if (keyText(value) === '') return false;
  const found = lookup(container, value);
  if (found === NO_KEY) return false;
  return found instanceof CelFailure ? found : true;
}

/** -1, 0 or 1; a failure where the values have no order, as NaN has none. */
function order(budget: Budget, left: unknown, right: unknown): number | CelFailure {
  if (typeof left === 'string' && typeof right === 'string') {
    return spendText(budget, left.length) ? orderStrings(left, right) : TOO_MUCH;
  }
  if (typeof left === 'boolean' && typeof right === 'boolean') return sign(left, right);
  const a = numeric(left);
  const b = numeric(right);
  if (a !== null && b !== null) {
    if (a !== a || b !== b) return NOT_A_NUMBER;
    return typeof a === typeof b ? sign(a, b) : sign(asDouble(a), asDouble(b));
  }
  if (left instanceof CelTimestamp && right instanceof CelTimestamp) return sign(left.nanos, right.nanos);
  if (left instanceof CelDuration && right instanceof CelDuration) return sign(left.nanos, right.nanos);
  if (left instanceof CelBytes && right instanceof CelBytes) return orderOctets(left, right);
  return failed(left, right);
}

/** An integer beside a double is compared as a double: what the conformance cases ask for. */
function asDouble(value: number | bigint): number {
  return typeof value === 'number' ? value : toNumber(value);
}

export function sign<T extends number | bigint | boolean | string>(left: T, right: T): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

/** By code point: UTF-16 order, but surrogates stand above U+E000 to U+FFFF. */
function orderStrings(left: string, right: string): number {
  const length = left.length < right.length ? left.length : right.length;
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return lift(a) < lift(b) ? -1 : 1;
  }
  return sign(left.length, right.length);
}

function lift(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function orderOctets(left: CelBytes, right: CelBytes): number {
  const length = left.octets.length < right.octets.length ? left.octets.length : right.octets.length;
  for (let i = 0; i < length; i++) {
    const difference = (left.octets[i] ?? 0) - (right.octets[i] ?? 0);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return sign(left.octets.length, right.octets.length);
}

export function celLess(budget: Budget, left: unknown, right: unknown): unknown {
  const found = order(budget, left, right);
  return typeof found === 'number' ? found < 0 : found;
}

export function celLessOrEqual(budget: Budget, left: unknown, right: unknown): unknown {
  const found = order(budget, left, right);
  return typeof found === 'number' ? found <= 0 : found;
}

export function celGreater(budget: Budget, left: unknown, right: unknown): unknown {
  return celLess(budget, right, left);
}

export function celGreaterOrEqual(budget: Budget, left: unknown, right: unknown): unknown {
  return celLessOrEqual(budget, right, left);
}
