import { parseSignature, type Signature } from './signature.ts';

/**
 * Every strict function and operator of CEL that is compiled, by the support function that runs it. A leading
 * dot marks a method, whose receiver is its first operand; `A`, `K` and `V` are type parameters.
 *
 * Sources: cel-spec v0.25 doc/langdef.md "List of Standard Definitions"; cel-go ext/README.md for strings,
 * math, encoders and optional types.
 */
const SIGNATURES: Readonly<Record<string, readonly string[]>> = {
  celEqual: ['_==_ A A -> bool'],
  celNotEqual: ['_!=_ A A -> bool'],
  celLess: ordered('_<_'),
  celLessOrEqual: ordered('_<=_'),
  celGreater: ordered('_>_'),
  celGreaterOrEqual: ordered('_>=_'),
  celAdd: [
    '_+_ int int -> int',
    '_+_ uint uint -> uint',
    '_+_ double double -> double',
    '_+_ string string -> string',
    '_+_ bytes bytes -> bytes',
    '_+_ list(A) list(A) -> list(A)',
    '_+_ timestamp duration -> timestamp',
    '_+_ duration timestamp -> timestamp',
    '_+_ duration duration -> duration',
  ],
  celSubtract: [
    ...numeric('_-_'),
    '_-_ timestamp timestamp -> duration',
    '_-_ timestamp duration -> timestamp',
    '_-_ duration duration -> duration',
  ],
  celMultiply: numeric('_*_'),
  celDivide: numeric('_/_'),
  celModulo: ['_%_ int int -> int', '_%_ uint uint -> uint'],
  celNegate: ['-_ int -> int', '-_ double -> double'],
  celIn: ['@in A list(A) -> bool', '@in K map(K,V) -> bool'],
  celIndex: [
    '_[_] list(A) int -> A',
    '_[_] map(K,V) K -> V',
    '_[_] optional(list(A)) int -> optional(A)',
    '_[_] optional(map(K,V)) K -> optional(V)',
  ],
  celOptionalIndex: [
    '_[?_] list(A) int -> optional(A)',
    '_[?_] map(K,V) K -> optional(V)',
    '_[?_] optional(list(A)) int -> optional(A)',
    '_[?_] optional(map(K,V)) K -> optional(V)',
  ],

  celSize: ['string', 'bytes', 'list(A)', 'map(K,V)'].flatMap((type) => [
    `size ${type} -> int`,
    `.size ${type} -> int`,
  ]),
  celTypeOf: ['type A -> type(A)'],
  celToBool: ['bool bool -> bool', 'bool string -> bool'],
  celToBytes: ['bytes bytes -> bytes', 'bytes string -> bytes'],
  celToDouble: ['double', 'int', 'uint', 'string'].map((type) => `double ${type} -> double`),
  celToInt: ['int', 'uint', 'double', 'string', 'timestamp'].map((type) => `int ${type} -> int`),
  celToUint: ['uint', 'int', 'double', 'string'].map((type) => `uint ${type} -> uint`),
  celToString: ['string', 'bool', 'int', 'uint', 'double', 'bytes', 'timestamp', 'duration'].map(
    (type) => `string ${type} -> string`,
  ),
  celToTimestamp: ['timestamp', 'string', 'int'].map((type) => `timestamp ${type} -> timestamp`),
  celToDuration: ['duration', 'string'].map((type) => `duration ${type} -> duration`),

  celGetFullYear: calendar('getFullYear'),
  celGetMonth: calendar('getMonth'),
  celGetDate: calendar('getDate'),
  celGetDayOfMonth: calendar('getDayOfMonth'),
  celGetDayOfWeek: calendar('getDayOfWeek'),
  celGetDayOfYear: calendar('getDayOfYear'),
  celGetHours: [...calendar('getHours'), '.getHours duration -> int'],
  celGetMinutes: [...calendar('getMinutes'), '.getMinutes duration -> int'],
  celGetSeconds: [...calendar('getSeconds'), '.getSeconds duration -> int'],
  celGetMilliseconds: [...calendar('getMilliseconds'), '.getMilliseconds duration -> int'],

  celStartsWith: ['.startsWith string string -> bool'],
  celEndsWith: ['.endsWith string string -> bool'],
  celContains: ['.contains string string -> bool'],
  celCharAt: ['.charAt string int -> string'],
  celIndexOf: ['.indexOf string string -> int', '.indexOf string string int -> int'],
  celLastIndexOf: ['.lastIndexOf string string -> int', '.lastIndexOf string string int -> int'],
  celLowerAscii: ['.lowerAscii string -> string'],
  celUpperAscii: ['.upperAscii string -> string'],
  celReplace: ['.replace string string string -> string', '.replace string string string int -> string'],
  celSplit: ['.split string string -> list(string)', '.split string string int -> list(string)'],
  celSubstring: ['.substring string int -> string', '.substring string int int -> string'],
  celTrim: ['.trim string -> string'],
  celReverse: ['.reverse string -> string'],
  celJoin: ['.join list(string) -> string', '.join list(string) string -> string'],
  celQuote: ['strings.quote string -> string'],
  celFormat: ['.format string list(dyn) -> string'],

  celEncodeBytes: ['base64.encode bytes -> string'],
  celDecodeBytes: ['base64.decode string -> bytes'],

  celCeil: ['math.ceil double -> double'],
  celFloor: ['math.floor double -> double'],
  celRound: ['math.round double -> double'],
  celTrunc: ['math.trunc double -> double'],
  celAbs: anyNumber('math.abs'),
  celSign: anyNumber('math.sign'),
  celIsNan: ['math.isNaN double -> bool'],
  celIsInf: ['math.isInf double -> bool'],
  celIsFinite: ['math.isFinite double -> bool'],
  celBitAnd: bits('math.bitAnd'),
  celBitOr: bits('math.bitOr'),
  celBitXor: bits('math.bitXor'),
  celBitNot: ['math.bitNot int -> int', 'math.bitNot uint -> uint'],
  celShiftLeft: ['math.bitShiftLeft int int -> int', 'math.bitShiftLeft uint int -> uint'],
  celShiftRight: ['math.bitShiftRight int int -> int', 'math.bitShiftRight uint int -> uint'],

  celOptionalOf: ['optional.of A -> optional(A)'],
  celOptionalNone: ['optional.none -> optional(A)'],
  celOptionalOfNonZero: ['optional.ofNonZeroValue A -> optional(A)'],
  celHasValue: ['.hasValue optional(A) -> bool'],
  celOptionalValue: ['.value optional(A) -> A'],
};

function ordered(name: string): string[] {
  const scalars = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'];
  const numbers = ['int', 'uint', 'double'];
  return [
    ...scalars.map((type) => `${name} ${type} ${type} -> bool`),
    // Heterogeneous comparison of numbers (langdef.md "Comparison").
    ...numbers.flatMap((left) =>
      numbers.filter((right) => right !== left).map((right) => `${name} ${left} ${right} -> bool`),
    ),
  ];
}

function numeric(name: string): string[] {
  return ['int', 'uint', 'double'].map((type) => `${name} ${type} ${type} -> ${type}`);
}

function anyNumber(name: string): string[] {
  return ['int', 'uint', 'double'].map((type) => `${name} ${type} -> ${type}`);
}

function bits(name: string): string[] {
  return ['int', 'uint'].map((type) => `${name} ${type} ${type} -> ${type}`);
}

function calendar(name: string): string[] {
  return [`.${name} timestamp -> int`, `.${name} timestamp string -> int`];
}

/** A function of CEL: the support function behind it and how it may be called. */
export interface Operation {
  readonly support: string;
  readonly signatures: readonly Signature[];
}

/** Operations by the name an expression calls them by, namespaces included: `math.abs`. */
export const OPERATIONS: ReadonlyMap<string, Operation> = collect();

function collect(): Map<string, Operation> {
  const operations = new Map<string, Operation & { signatures: Signature[] }>();
  for (const [support, lines] of Object.entries(SIGNATURES)) {
    for (const line of lines) {
      const { name, signature } = parseSignature(line);
      const operation = operations.get(name) ?? { support, signatures: [] };
      operation.signatures.push(signature);
      operations.set(name, operation);
    }
  }
  return operations;
}

/** Accessors of a timestamp: their last argument may be a time zone. */
export const CALENDAR: ReadonlySet<string> = new Set(
  Object.keys(SIGNATURES).filter((support) => support.startsWith('celGet')),
);

/** Extensions of CEL that exist elsewhere and are refused by name, with the reason. */
export const REFUSED: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: /^math\.sqrt$/, reason: 'square roots are not compiled' },
  { pattern: /^sets\./, reason: 'the sets extension is not compiled; use `all` and `exists` with `in`' },
  { pattern: /^regex\./, reason: 'the regex extension is not compiled; use `matches`' },
  { pattern: /^proto\./, reason: 'protobuf messages are not part of a plan' },
  {
    pattern: /^(?:lists\.range|flatten|slice|sort|sortBy|distinct|first|last)$/,
    reason: 'the lists extension is not compiled',
  },
  {
    pattern: /^(?:ip|cidr|isIP|isCIDR|url|isURL|quantity|isQuantity|semver|isSemver)$/,
    reason: 'the Kubernetes extensions are not compiled',
  },
];
