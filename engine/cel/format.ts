import { MAX_TEXT } from './arith.ts';
import { spend, spendText } from './budget.ts';
import type { Budget } from './budget.ts';
import { keysOf, sign } from './compare.ts';
import { lookup } from './access.ts';
import { celToString, doubleText } from './convert.ts';
import { exponentText, fixedText } from './decimal.ts';
import { encodeUtf8 } from './text.ts';
import {
  BAD_ARGUMENT,
  CelBytes,
  CelFailure,
  CelMap,
  CelTypeValue,
  CelUint,
  failed,
  isList,
  isPlain,
  NO_ELEMENT,
  TOO_MUCH,
} from './value.ts';

const MAX_DEPTH = 64;
const MAX_PRECISION = 100;

type Text = string | CelFailure;

/** `"%s: %d".format([…])` (cel-go ext/README.md "Format"). */
export function celFormat(budget: Budget, template: unknown, args: unknown): unknown {
  if (typeof template !== 'string' || !isList(args)) return failed(template, args);
  if (!spendText(budget, template.length)) return TOO_MUCH;
  let text = '';
  let used = 0;
  for (let at = 0; at < template.length;) {
    const next = template.indexOf('%', at);
    if (next < 0) return text + template.slice(at);
    text += template.slice(at, next);
    if (template.charAt(next + 1) === '%') {
      text += '%';
      at = next + 2;
      continue;
    }
    const [clause = '', precision = '', verb = ''] =
      /^%(?:\.(\d{1,3}))?([a-zA-Z])/.exec(template.slice(next, next + 6)) ?? [];
    if (clause === '') return BAD_ARGUMENT;
    if (used >= args.length) return NO_ELEMENT;
    const piece = clauseText(budget, verb, precision === '' ? 6 : +precision, args[used++]);
    if (piece instanceof CelFailure) return piece;
    text += piece;
    if (text.length > MAX_TEXT || !spendText(budget, piece.length)) return TOO_MUCH;
    at = next + clause.length;
  }
  return text;
}

function clauseText(budget: Budget, verb: string, precision: number, value: unknown): Text {
  if (value instanceof CelFailure) return value;
  switch (verb) {
    case 's':
      return plainText(budget, value, 0);
    case 'd':
      return typeof value === 'number' ? doubleText(value) : integerText(value, 10);
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      return integerText(value, 2);
    case 'o':
      return integerText(value, 8);
    case 'x':
      return hexText(budget, value);
    case 'X': {
      const text = hexText(budget, value);
      return typeof text === 'string' ? text.toUpperCase() : text;
    }
    case 'f':
    case 'e': {
      if (precision > MAX_PRECISION) return BAD_ARGUMENT;
      const number =
        typeof value === 'bigint' || value instanceof CelUint ? +`${integerOf(value) ?? ''}` : value;
      if (typeof number !== 'number') return failed(value);
      if (number - number !== 0) return `${number}`;
      return verb === 'f' ? fixedText(number, precision) : exponentText(number, precision);
    }
    default:
      return BAD_ARGUMENT;
  }
}

function integerOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  return value instanceof CelUint ? value.value : null;
}

function integerText(value: unknown, radix: number): Text {
  const integer = integerOf(value);
  return integer === null ? failed(value) : integer.toString(radix);
}

function hexText(budget: Budget, value: unknown): Text {
  const given = value instanceof CelBytes ? value.octets : null;
  const octets = typeof value === 'string' ? encodeUtf8(value) : given;
  if (octets === null) return integerText(value, 16);
  if (!isList(octets)) return octets;
  if (!spend(budget, octets.length)) return TOO_MUCH;
  let text = '';
  for (const octet of octets) text += octet.toString(16).padStart(2, '0');
  return text;
}

/** What `%s` makes of any value; map keys in the order of their texts. */
function plainText(budget: Budget, value: unknown, depth: number): Text {
  if (depth > MAX_DEPTH || !spend(budget, 1)) return TOO_MUCH;
  if (value === null) return 'null';
  if (value instanceof CelTypeValue) return value.name;
  if (isList(value)) return listText(budget, value, depth);
  if (value instanceof CelMap || isPlain(value)) return mapText(budget, value, depth);
  const text = celToString(budget, value);
  return typeof text === 'string' ? text : failed(text);
}

function listText(budget: Budget, list: readonly unknown[], depth: number): Text {
  const pieces: string[] = [];
  for (const element of list) {
    const piece = plainText(budget, element, depth + 1);
    if (typeof piece !== 'string') return piece;
    pieces.push(piece);
  }
  return `[${pieces.join(', ')}]`;
}

function mapText(budget: Budget, map: CelMap | Readonly<Record<string, unknown>>, depth: number): Text {
  const entries: (readonly [string, string])[] = [];
  for (const key of keysOf(budget, map)) {
    const name = plainText(budget, key, depth + 1);
    const value = plainText(budget, lookup(map, key), depth + 1);
    if (typeof name !== 'string') return name;
    if (typeof value !== 'string') return value;
    entries.push([name, value]);
  }
  entries.sort(([left], [right]) => sign(left, right));
  return `{${entries.map(([name, value]) => `${name}: ${value}`).join(', ')}}`;
}
