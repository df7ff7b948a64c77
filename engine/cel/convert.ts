import { spendText } from './budget.ts';
import type { Budget } from './budget.ts';
import { parseDigits } from './digits.ts';
import { parseDuration } from './duration.ts';
import { int64, toBigint, toNumber, uint64 } from './number.ts';
import { decodeUtf8, encodeUtf8 } from './text.ts';
import { formatDuration, formatTimestamp, fromUnixSeconds, parseTimestamp, unixSeconds } from './time.ts';
import {
  BAD_ARGUMENT,
  bytes,
  CelBytes,
  CelDuration,
  CelFailure,
  CelMap,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  failed,
  isList,
  isPlain,
  notBool,
  OVERFLOW,
  TOO_MUCH,
  typeValue,
} from './value.ts';

/** Type conversions (langdef.md "List of Standard Definitions"). */

const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

export function celToBool(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return failed(value);
  if (TRUE.includes(value)) return true;
  return FALSE.includes(value) ? false : BAD_ARGUMENT;
}

export function celToBytes(budget: Budget, value: unknown): unknown {
  if (value instanceof CelBytes) return value;
  if (typeof value !== 'string') return failed(value);
  if (!spendText(budget, value.length)) return TOO_MUCH;
  const octets = encodeUtf8(value);
  return isList(octets) ? bytes(octets) : octets;
}

export function celToDouble(value: unknown): unknown {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return toNumber(value);
  if (value instanceof CelUint) return toNumber(value.value);
  if (typeof value !== 'string') return failed(value);
  return parseDouble(value);
}

function parseDouble(text: string): unknown {
  if (text.length > 1000) return BAD_ARGUMENT;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    const value = +text;
    return value - value === 0 ? value : OVERFLOW;
  }
  const [, sign = '', word = ''] = /^([+-]?)(inf|infinity|nan)$/i.exec(text) ?? [];
  if (word === '') return BAD_ARGUMENT;
  // The name `NaN` is a global; this makes it.
  if (word.toLowerCase() === 'nan') return +word;
  return sign === '-' ? -1 / 0 : 1 / 0;
}

/** 2 to the 63rd and 64th, both doubles exactly. */
const TWO_63 = 9_223_372_036_854_775_808;
const TWO_64 = 18_446_744_073_709_551_616;

/** Doubles round towards zero; timestamps become seconds since 1970. */
export function celToInt(value: unknown): unknown {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    return value > -TWO_63 && value < TWO_63 ? toBigint(value - (value % 1)) : OVERFLOW;
  }
  if (value instanceof CelUint) return int64(value.value);
  if (value instanceof CelTimestamp) return unixSeconds(value);
  if (typeof value !== 'string') return failed(value);
  if (!/^[+-]?\d{1,40}$/.test(value)) return BAD_ARGUMENT;
  const digits = parseDigits(value.replace(/^[+-]/, ''));
  return int64(value.startsWith('-') ? -digits : digits);
}

export function celToUint(value: unknown): unknown {
  if (value instanceof CelUint) return value;
  if (typeof value === 'bigint') return uint64(value);
  if (typeof value === 'number') {
    return value >= 0 && value < TWO_64 ? uint64(toBigint(value - (value % 1))) : OVERFLOW;
  }
  if (typeof value !== 'string') return failed(value);
  return /^\d{1,40}$/.test(value) ? uint64(parseDigits(value)) : BAD_ARGUMENT;
}

export function celToString(budget: Budget, value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
    case 'bigint':
      return `${value}`;
    case 'number':
      return doubleText(value);
  }
  if (value instanceof CelUint) return `${value.value}`;
  if (value instanceof CelBytes)
    return spendText(budget, value.octets.length) ? decodeUtf8(value.octets) : TOO_MUCH;
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  return failed(value);
}

/** The shortest text that is read back as the same double. */
export function doubleText(value: number): string {
  return value === 0 && 1 / value < 0 ? '-0' : `${value}`;
}

export function celToTimestamp(value: unknown): unknown {
  if (value instanceof CelTimestamp) return value;
  if (typeof value === 'bigint') return fromUnixSeconds(value);
  return typeof value === 'string' ? parseTimestamp(value) : failed(value);
}

export function celToDuration(value: unknown): unknown {
  if (value instanceof CelDuration) return value;
  return typeof value === 'string' ? parseDuration(value) : failed(value);
}

/** The name of a value's type; empty for what is no value. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return 'double';
    case 'bigint':
      return 'int';
    case 'string':
      return 'string';
  }
  if (value === null) return 'null_type';
  if (isList(value)) return 'list';
  if (value instanceof CelMap || isPlain(value)) return 'map';
  if (value instanceof CelUint) return 'uint';
  if (value instanceof CelBytes) return 'bytes';
  if (value instanceof CelTimestamp) return 'google.protobuf.Timestamp';
  if (value instanceof CelDuration) return 'google.protobuf.Duration';
  if (value instanceof CelTypeValue) return 'type';
  return value instanceof CelOptional ? 'optional_type' : '';
}

/** What a condition gives that is not known to be a bool before it runs. */
export function celCondition(value: unknown): unknown {
  return typeof value === 'boolean' || value instanceof CelFailure ? value : notBool(typeName(value));
}

/** `type(x)`. */
export function celTypeOf(value: unknown): unknown {
  const name = typeName(value);
  return name === '' ? failed(value) : typeValue(name);
}
