import fc from 'fast-check';

/** Types that generated expressions have. */
export type Kind = 'bool' | 'int' | 'uint' | 'double' | 'string' | 'ints' | 'map' | 'timestamp' | 'duration';

type Source = fc.Arbitrary<string>;

/**
 * What is left out, since `@bufbuild/cel` 0.6.1 departs from the specification or from cel-go there, and conformance
 * or unit cases decide instead: text outside ASCII in `charAt` and `substring`, `replace("", …)`, numbers from text
 * that is none, fractions of a second in text and before 1970, the year 1, uint quotients above 2^63,
 * `timestamp(int)`, nanoseconds just before midnight, equality of doubles and integers above 2^53 (exact there,
 * as doubles in cel-go and here), and the negation of a negation.
 */

/** Operands around the edges where arithmetic goes wrong. */
export const ints = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map(String),
  fc.constantFrom('9223372036854775807', '-9223372036854775808', '4611686018427387904', '1000000007'),
);
export const uints = fc.oneof(
  fc.nat(5).map((n) => `${n}u`),
  fc.constantFrom('18446744073709551615u', '9223372036854775808u'),
);
export const doubles = fc.constantFrom(
  '0.0',
  '-0.0',
  '1.0',
  '-1.5',
  '0.1',
  '1e300',
  '-1e300',
  '3.0',
  '2.5',
  '1e-300',
);
export const strings = fc.constantFrom(
  '""',
  '"a"',
  '"b"',
  '"ab"',
  '"abc"',
  '"a,b,c"',
  '"12"',
  '"true"',
  '" x "',
);
export const instants = fc.constantFrom(
  '"1999-12-31T23:59:59Z"',
  '"2024-02-29T23:59:59.5Z"',
  '"9999-12-31T23:59:59Z"',
  '"2009-02-13T23:31:30+01:30"',
);
export const lengths = fc.constantFrom('"0s"', '"1s"', '"-1.5s"', '"1h30m"', '"86400s"', '"1ms"', '"10000h"');

/** An operation as text with holes: `{}` is filled by expressions of the kinds, in order. */
export type Form = readonly [template: string, ...kinds: Kind[]];

const comparisons = (kind: Kind): Form[] =>
  ['==', '!=', '<', '<=', '>', '>='].map((sign) => [`({} ${sign} {})`, kind, kind]);

const FORMS: Readonly<Record<Kind, readonly Form[]>> = {
  bool: [
    ['({} && {})', 'bool', 'bool'],
    ['({} || {})', 'bool', 'bool'],
    ['(!{})', 'bool'],
    ['({} ? {} : {})', 'bool', 'bool', 'bool'],
    ...(['int', 'uint', 'double', 'string', 'timestamp', 'duration'] as const).flatMap(comparisons),
    ['({} == {})', 'bool', 'bool'],
    ['({} == {})', 'ints', 'ints'],
    ['({} == {})', 'map', 'map'],
    ['({} in {})', 'int', 'ints'],
    ['({} in {})', 'string', 'map'],
    ['{}.startsWith({})', 'string', 'string'],
    ['{}.endsWith({})', 'string', 'string'],
    ['{}.contains({})', 'string', 'string'],
    ['{}.all(i, {})', 'ints', 'bool'],
    ['{}.exists(i, {})', 'ints', 'bool'],
    ['{}.exists_one(i, {})', 'ints', 'bool'],
    ['{}.all(i, i > {})', 'ints', 'int'],
    ['{}.exists(i, 10 / i > {})', 'ints', 'int'],
    ['{}.exists_one(i, i == {})', 'ints', 'int'],
    ['{}.exists(k, k == {})', 'map', 'string'],
    ['has({}.a)', 'map'],
    ['({} < {})', 'int', 'double'],
    ['({} >= {})', 'uint', 'int'],
    ['(dyn({} % 1000) == dyn({}))', 'int', 'double'],
    ['(dyn({}) == dyn({}))', 'uint', 'int'],
    ['(dyn({}) == dyn({}))', 'int', 'string'],
    ['bool({})', 'string'],
  ],
  int: [
    ['({} + {})', 'int', 'int'],
    ['({} - {})', 'int', 'int'],
    ['({} * {})', 'int', 'int'],
    ['({} / {})', 'int', 'int'],
    ['({} % {})', 'int', 'int'],
    ['(0 - {})', 'int'],
    ['({} ? {} : {})', 'bool', 'int', 'int'],
    ['size({})', 'string'],
    ['size({})', 'ints'],
    ['{}.size()', 'map'],
    ['{}[{}]', 'ints', 'int'],
    ['{}[{}]', 'map', 'string'],
    ['{}.a', 'map'],
    ['int({})', 'double'],
    ['int({})', 'uint'],
    ['int(string({}))', 'int'],
    ['int({})', 'timestamp'],
    ['{}.indexOf({})', 'string', 'string'],
    ['{}.lastIndexOf({})', 'string', 'string'],
    ['{}.getHours()', 'timestamp'],
    ['{}.getDayOfYear()', 'timestamp'],
    ['{}.getDayOfWeek()', 'timestamp'],
    ['{}.getDate()', 'timestamp'],
    ['{}.getMonth()', 'timestamp'],
    ['{}.getFullYear("+09:30")', 'timestamp'],
    ['{}.getMinutes()', 'duration'],
    ['{}.getMilliseconds()', 'duration'],
  ],
  uint: [
    ['({} + {})', 'uint', 'uint'],
    ['({} - {})', 'uint', 'uint'],
    ['({} * {})', 'uint', 'uint'],
    ['({} % {})', 'uint', 'uint'],
    ['uint({})', 'int'],
    ['uint({})', 'double'],
    ['uint(string({}))', 'uint'],
  ],
  double: [
    ['({} + {})', 'double', 'double'],
    ['({} - {})', 'double', 'double'],
    ['({} * {})', 'double', 'double'],
    ['({} / {})', 'double', 'double'],
    ['(-({}))', 'double'],
    ['double({})', 'int'],
    ['double({})', 'uint'],
  ],
  string: [
    ['({} + {})', 'string', 'string'],
    ['({} ? {} : {})', 'bool', 'string', 'string'],
    ['string({})', 'int'],
    ['string({})', 'uint'],
    ['string({})', 'bool'],
    ['{}.charAt({})', 'string', 'int'],
    ['{}.substring({}, {})', 'string', 'int', 'int'],
    ['{}.lowerAscii()', 'string'],
    ['{}.upperAscii()', 'string'],
    ['{}.replace("a", {})', 'string', 'string'],
    ['{}.split(",").join({})', 'string', 'string'],
    ['{}.trim()', 'string'],
  ],
  ints: [
    ['({} + {})', 'ints', 'ints'],
    ['[{}, {}]', 'int', 'int'],
    ['{}.filter(i, {})', 'ints', 'bool'],
    ['{}.filter(i, i > {})', 'ints', 'int'],
    ['{}.map(i, i + {})', 'ints', 'int'],
    ['{}.map(i, i > {}, i * 2)', 'ints', 'int'],
  ],
  map: [
    ['{"a": {}, {}: {}}', 'int', 'string', 'int'],
    ['({} ? {} : {})', 'bool', 'map', 'map'],
  ],
  timestamp: [
    ['({} + {})', 'timestamp', 'duration'],
    ['({} - {})', 'timestamp', 'duration'],
  ],
  duration: [
    ['({} + {})', 'duration', 'duration'],
    ['({} - {})', 'duration', 'duration'],
  ],
};

/** Literals, and variables bound by the test: `vb`, `vi`, … */
const LEAVES: Leaves = {
  bool: fc.constantFrom('true', 'false', 'vb'),
  int: fc.oneof(ints, fc.constant('vi')),
  uint: fc.oneof(uints, fc.constant('vu')),
  double: fc.oneof(doubles, fc.constant('vd')),
  string: fc.oneof(strings, fc.constant('vs')),
  ints: fc.constantFrom('[]', '[1]', '[1, 2, 3]', '[0, -1]', 'vl'),
  map: fc.constantFrom('{"a": 1}', '{"b": 2, "ab": 3}', 'vm'),
  timestamp: instants.map((text) => `timestamp(${text})`),
  duration: lengths.map((text) => `duration(${text})`),
};

/** Leaves of an expression: literals, and what the test can bind. */
export type Leaves = Readonly<Record<Kind, Source>>;

/** Makes well-typed expressions of a kind, at most `depth` operations deep, out of some leaves and operations. */
export class Grammar {
  readonly #leaves: Leaves;
  readonly #forms: Readonly<Record<Kind, readonly Form[]>>;
  readonly #made = new Map<string, Source>();

  /**
   * @param more - operations beside those that every grammar has
   * @param isFit - which of those that every grammar has this one may use
   */
  constructor(
    leaves: Leaves,
    more: Readonly<Partial<Record<Kind, readonly Form[]>>> = {},
    isFit: (form: Form) => boolean = () => true,
  ) {
    this.#leaves = leaves;
    const kinds = Object.keys(FORMS) as Kind[];
    const forms = kinds.map((kind) => [kind, [...FORMS[kind].filter(isFit), ...(more[kind] ?? [])]] as const);
    this.#forms = Object.fromEntries(forms) as Record<Kind, Form[]>;
  }

  of(kind: Kind, depth: number): Source {
    const key = `${kind} ${depth}`;
    const known = this.#made.get(key);
    if (known) return known;
    const leaf = this.#leaves[kind];
    const forms = depth <= 0 ? [] : this.#forms[kind].map((form) => this.#fill(form, depth));
    const made = fc.oneof(leaf, ...forms);
    this.#made.set(key, made);
    return made;
  }

  #fill([template, ...kinds]: Form, depth: number): Source {
    const parts = template.split('{}');
    return fc
      .tuple(...kinds.map((kind) => this.of(kind, depth - 1)))
      .map((operands) => parts.map((part, i) => part + (operands[i] ?? '')).join(''));
  }
}

const ofBindings = new Grammar(LEAVES);

/** Expressions over the variables `vb`, `vi`, …; see `Grammar`. */
export const expressions = (kind: Kind, depth: number): Source => ofBindings.of(kind, depth);
