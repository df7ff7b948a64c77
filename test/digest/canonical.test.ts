/** Canonical JSON: the published vectors of RFC 8785, and what no strict reader gives. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../runtime/plan-text.ts';
import { CanonicalError, canonicalJson, digestOf } from '../../runtime/digest.ts';
import { sha256Now } from '../../runtime/sha256.ts';
import { lines } from './numbers.ts';

const hex = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

/** RFC 8785 §3.2.2 to §3.2.4, and the files beside its reference implementation. */
const VECTORS: Readonly<Record<string, readonly [input: string, output: string]>> = {
  values: [
    String.raw`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  ],
  sorting: [
    String.raw`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`,
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
  arrays: ['[56, {"d": true, "10": null, "1": [ ]}]', '[56,{"1":[],"10":null,"d":true}]'],
  structures: [
    String.raw`{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ {"e": "yes","E": "no" } ], "A": { }}`,
    String.raw`{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}`,
  ],
  'not normalised': [String.raw`{"Unnormalized Unicode":"A\u030a"}`, '{"Unnormalized Unicode":"A\u030a"}'],
};

it.each(Object.entries(VECTORS))('RFC 8785: %s', (_, [input, output]) => {
  expect(canonicalJson(parsePlan(input))).toBe(output);
});

/** RFC 8785 appendix B: the checksums of the lines `hex of the double,text`, by how many there are. */
it.each([
  [1000, 'be18b62b6f69cdab33a7e0dae0d9cfa869fda80ddc712221570f9f40a5878687'],
  [10_000, 'b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892'],
  [100_000, '22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7'],
])('RFC 8785: the first %i numbers of the published file', (count, checksum) => {
  expect(hex(lines(count, canonicalJson))).toBe(checksum);
});

it('a negative zero is zero', () => {
  expect(canonicalJson(parsePlan('{"a":-0,"b":-0.0}'))).toBe('{"a":0,"b":0}');
});

/** Naively: sorts by code units one by one, and asks the engine for the scalars alone. */
function naive(value: unknown): string {
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '0' : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(naive).join(',')}]`;
  const units = (text: string): readonly number[] =>
    Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const before = (left: string, right: string): number => {
    const [first, second] = [units(left), units(right)];
    const at = first.findIndex((unit, i) => unit !== second[i]);
    return at < 0 ? first.length - second.length : (first[at] ?? 0) - (second[at] ?? -1);
  };
  const members = Object.entries(value).sort(([left], [right]) => before(left, right));
  return `{${members.map(([name, member]) => `${naive(name)}:${naive(member)}`).join(',')}}`;
}

/**
 * ECMAScript prints doubles from 2^53 to 10^21 as integers that may be others than theirs, and the strict reader takes no such
 * integer.
 */
function isExact(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) || !/^-?\d+$/.test(String(value));
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isExact);
}

const text = fc.string({ unit: 'binary', maxLength: 5 });
const names = fc.oneof(
  text,
  fc.constantFrom('__proto__', 'toJSON', '10', '9', '-0', '\u20ac', '😀', '\ufb33', ''),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(null, true, false, -0, 1e21, 1e-7),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie('json')), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));

describe('of any value that JSON holds', () => {
  it('the text is that of a naive writer, the strict reader reads it, and writing it again changes nothing', () => {
    fc.assert(
      fc.property(json, (value) => {
        const written = canonicalJson(value);
        expect(written).toBe(naive(value));
        if (isExact(value)) expect(canonicalJson(parsePlan(written))).toBe(written);
        expect(canonicalJson(JSON.parse(JSON.stringify(value)))).toBe(written);
        expect(digestOf(value)).toBe(hex(written));
      }),
      { numRuns: 1000 },
    );
  });

  it('the order in which members were written is no matter', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(names, json), { selector: ([name]) => name }), (pairs) => {
        expect(digestOf(Object.fromEntries(pairs))).toBe(digestOf(Object.fromEntries([...pairs].reverse())));
      }),
    );
  });
});

class Money {
  readonly amount = 1;
}
const hidden = Object.defineProperty({ a: 1 }, 'b', { value: 2, enumerable: false });
const holes: unknown[] = [];
holes[1] = 1;
const endless: Record<string, unknown> = {};
endless['a'] = endless;

describe('what no strict reader gives is refused, at its place', () => {
  it.each<readonly [string, unknown, RegExp]>([
    ['NaN', { a: [NaN] }, /^a number without a value at \/a\/0$/],
    ['an infinity', { a: parsePlan('1e999') }, /^a number without a value at \/a$/],
    ['undefined', { 'a/b~c': undefined }, /^no JSON: undefined at \/a~1b~0c$/],
    ['a function', () => 1, /^no JSON: function at the top$/],
    ['a bigint', { a: 1n }, /^no JSON: bigint at \/a$/],
    ['a symbol', { a: Symbol('x') }, /^no JSON: symbol at \/a$/],
    ['half of a pair', { a: 'x\ud800y' }, /^half of a surrogate pair at \/a$/],
    ['half of a pair in a name', { '\udc00': 1 }, /^half of a surrogate pair at the top$/],
    ['halves in the wrong order', '\udc00\ud800', /^half of a surrogate pair at the top$/],
    ['a date', { a: new Date(0) }, /^an object with a class at \/a$/],
    ['a class', { a: new Money() }, /^an object with a class at \/a$/],
    ['a map', { a: new Map() }, /^an object with a class at \/a$/],
    ['a hidden member', { a: hidden }, /^a hidden member at \/a$/],
    ['a member named by a symbol', { [Symbol('x')]: 1 }, /^a hidden member at the top$/],
    ['a hole', { a: holes }, /^an array with holes or names at \/a$/],
    ['an array with a name', { a: Object.assign([1], { b: 2 }) }, /^an array with holes or names at \/a$/],
    ['itself', endless, /^nested too deeply at (?:\/a){200}$/],
  ])('%s', (_, value, message) => {
    expect(() => canonicalJson(value)).toThrow(CanonicalError);
    expect(() => canonicalJson(value)).toThrow(message);
  });
});

it('objects without a prototype and members called like built-ins are data', () => {
  const value = Object.assign(Object.create(null) as object, { b: 1, a: 2 });
  expect(canonicalJson(value)).toBe('{"a":2,"b":1}');
  expect(canonicalJson(parsePlan('{"__proto__":{"x":1},"toJSON":2}'))).toBe(
    '{"__proto__":{"x":1},"toJSON":2}',
  );
});

it('sha256 at once is sha256, whatever the length', () => {
  for (let length = 0; length <= 130; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff);
    expect(sha256Now(bytes)).toBe(hex(bytes));
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 1000 }), (bytes) => sha256Now(bytes) === hex(bytes)));
  const large = new Uint8Array(1_000_003).fill(0xa5);
  expect(sha256Now(large)).toBe(hex(large));
});
