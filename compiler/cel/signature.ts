import type { CelType } from '../ir/cel.ts';
import * as types from './types.ts';

/** One way to call an operation. The receiver, if there is one, is the first parameter. */
export interface Signature {
  readonly receiver: boolean;
  readonly parameters: readonly CelType[];
  readonly result: CelType;
}

const named: Readonly<Record<string, CelType>> = {
  A: { kind: 'parameter', id: 0 },
  K: { kind: 'parameter', id: 1 },
  V: { kind: 'parameter', id: 2 },
  dyn: types.DYN,
  bool: types.BOOL,
  int: types.INT,
  uint: types.UINT,
  double: types.DOUBLE,
  string: types.STRING,
  bytes: types.BYTES,
  timestamp: types.TIMESTAMP,
  duration: types.DURATION,
};

/**
 * Reads a line of the operation table, `.indexOf string string -> int`: name, operands, result, no spaces in a
 * type. A leading dot marks a method.
 *
 * @throws RangeError for a line that cannot be read: a mistake in the table.
 */
export function parseSignature(line: string): { name: string; signature: Signature } {
  const [before = '', result = ''] = line.split(' -> ');
  const [name = '', ...operands] = before.split(' ');
  const receiver = name.startsWith('.');
  return {
    name: receiver ? name.slice(1) : name,
    signature: { receiver, parameters: operands.map(parseType), result: parseType(result) },
  };
}

function parseType(text: string): CelType {
  const known = named[text];
  if (known) return known;
  const [, constructor, first = '', second = ''] = /^(\w+)\((\w+\(.*\)|[^,]+)(?:,(.+))?\)$/.exec(text) ?? [];
  switch (constructor) {
    case 'list':
      return types.listOf(parseType(first));
    case 'optional':
      return types.optionalOf(parseType(first));
    case 'type':
      return types.typeOf(parseType(first));
    case 'map':
      return types.mapOf(parseType(first), parseType(second));
    default:
      throw new RangeError(`not a type: ${text}`);
  }
}
