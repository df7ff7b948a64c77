import { isIntegral, position, toBigint } from './number.ts';
import { isOpaque, UnknownValue } from '../text/references.ts';
import {
  CelFailure,
  CelMap,
  CelOptional,
  CelUint,
  clean,
  failed,
  isList,
  isPlain,
  NO_ELEMENT,
  NO_KEY,
  NO_OVERLOAD,
  NO_VALUE,
  noKey,
  owns,
} from './value.ts';

/**
 * A map key as text, so that equal keys have equal texts: `1`, `1u` and `1.0` are one key (langdef.md "Maps").
 * Empty for what can never be a key. The letter keeps a plan's text away from the names objects inherit.
 */
export function keyText(key: unknown): string {
  switch (typeof key) {
    case 'string':
      return `s${key}`;
    case 'boolean':
      return `b${key}`;
    case 'bigint':
      return `n${key}`;
    case 'number':
      return isIntegral(key) ? `n${toBigint(key)}` : '';
    default:
      return key instanceof CelUint ? `n${key.value}` : '';
  }
}

/** The value under a key; `NO_KEY` where there is none, `NO_OVERLOAD` where `map` is no map. */
export function lookup(map: unknown, key: unknown): unknown {
  if (typeof key === 'string' && isPlain(map)) return owns(map, key) ? clean(map[key]) : NO_KEY;
  if (map instanceof CelMap) {
    const text = keyText(key);
    if (text === '') return whyNone(key, typeof key === 'number');
    const at = owns(map.index, text) ? map.index[text] : -1;
    return typeof at === 'number' && at >= 0 ? map.values[at] : NO_KEY;
  }
  if (!isPlain(map)) return failed(map);
  return whyNone(key, keyText(key) !== '' || typeof key === 'number');
}

/** Why nothing is found at a key. */
function whyNone(key: unknown, canBeKey: boolean): CelFailure {
  if (key instanceof CelFailure) return key;
  return canBeKey ? NO_KEY : NO_OVERLOAD;
}

/** `operand.field`. */
export function celSelect(operand: unknown, field: string): unknown {
  if (operand instanceof CelOptional)
    return operand.present ? optional(lookup(operand.value, field)) : operand;
  const found = lookup(operand, field);
  // A failure may itself be a missing key, of something further up: that one has its name.
  return found === NO_KEY && operand !== NO_KEY ? noKey(field) : found;
}

/** `has(operand.field)`: a missing key is false, not an error. */
export function celHas(operand: unknown, field: string): unknown {
  // A failure may itself be a missing key, of something further up: that one is an error.
  if (operand instanceof CelFailure) return operand;
  if (operand instanceof CelOptional) return operand.present ? celHas(operand.value, field) : false;
  const found = lookup(operand, field);
  if (found === NO_KEY) return false;
  if (found instanceof UnknownValue) return isOpaque(found) ? found : true;
  return found instanceof CelFailure ? found : true;
}

/** `operand[index]`. */
export function celIndex(operand: unknown, index: unknown): unknown {
  if (isList(operand)) return element(operand, index);
  if (operand instanceof CelOptional)
    return operand.present ? celOptionalIndex(operand.value, index) : operand;
  return lookup(operand, index);
}

function element(list: readonly unknown[], index: unknown): unknown {
  const at = position(index);
  if (at === null) return failed(index);
  return at >= 0 && at < list.length ? clean(list[at]) : NO_ELEMENT;
}

/** `operand[?index]` and `operand.?field`. */
export function celOptionalIndex(operand: unknown, index: unknown): unknown {
  if (operand instanceof CelFailure) return operand;
  if (index instanceof CelFailure) return index;
  if (operand instanceof CelOptional)
    return operand.present ? celOptionalIndex(operand.value, index) : operand;
  return optional(celIndex(operand, index));
}

/** What was looked up as an optional value: none where there is nothing. */
function optional(found: unknown): unknown {
  if (found === NO_KEY || found === NO_ELEMENT) return celOptionalNone();
  return found instanceof CelFailure ? found : celOptionalOf(found);
}

export function celOptionalNone(): unknown {
  return new CelOptional();
}

export function celOptionalOf(value: unknown): unknown {
  if (value instanceof CelFailure) return value;
  const made = new CelOptional();
  made.present = true;
  made.value = value;
  return made;
}

export function celHasValue(value: unknown): unknown {
  return value instanceof CelOptional ? value.present : failed(value);
}

export function celOptionalValue(value: unknown): unknown {
  if (!(value instanceof CelOptional)) return failed(value);
  return value.present ? value.value : NO_VALUE;
}

/** `a.orValue(b)`; `other` runs only where `a` is none. */
export function celOrValue(operand: unknown, other: () => unknown): unknown {
  if (!(operand instanceof CelOptional)) return failed(operand);
  return operand.present ? operand.value : other();
}

/** `a.or(b)`. */
export function celOrOptional(operand: unknown, other: () => unknown): unknown {
  if (!(operand instanceof CelOptional)) return failed(operand);
  if (operand.present) return operand;
  const fallback = other();
  return fallback instanceof CelOptional ? fallback : failed(fallback);
}

export function celOptMap(operand: unknown, body: (value: unknown) => unknown): unknown {
  if (!(operand instanceof CelOptional)) return failed(operand);
  return operand.present ? celOptionalOf(body(operand.value)) : operand;
}

export function celOptFlatMap(operand: unknown, body: (value: unknown) => unknown): unknown {
  if (!(operand instanceof CelOptional)) return failed(operand);
  if (!operand.present) return operand;
  const result = body(operand.value);
  return result instanceof CelOptional ? result : failed(result);
}
