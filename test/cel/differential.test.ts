import { celUint, isCelError, isCelList, isCelMap, isCelUint, run } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { isReflectMessage } from '@bufbuild/protobuf/reflect';
import { isMessage } from '@bufbuild/protobuf';
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as types from '../../compiler/cel/types.ts';
import { show } from '../conformance/run-cel.ts';
import { condition, runtime } from './bench.ts';
import { expressions, type Kind } from './expressions.ts';

const VARIABLES = {
  vb: types.BOOL,
  vi: types.INT,
  vu: types.UINT,
  vd: types.DOUBLE,
  vs: types.STRING,
  vl: types.listOf(types.INT),
  vm: types.mapOf(types.STRING, types.INT),
};

interface Values {
  readonly vb: boolean;
  readonly vi: bigint;
  readonly vu: bigint;
  readonly vd: number;
  readonly vs: string;
  readonly vl: readonly bigint[];
  readonly vm: Readonly<Record<string, bigint>>;
}

const int64 = fc.oneof(fc.bigInt(-3n, 3n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));
const values: fc.Arbitrary<Values> = fc.record({
  vb: fc.boolean(),
  vi: int64,
  vu: fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 2n ** 64n - 1n)),
  vd: fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 })),
  vs: fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('a', 'ab', '')),
  vl: fc.array(int64, { maxLength: 3 }),
  vm: fc.dictionary(fc.constantFrom('a', 'b', 'ab'), int64, { noNullPrototype: true }),
});

/** What `@bufbuild/cel` makes of a value, in the notation of the conformance runner. */
function shown(value: unknown): string {
  if (isCelError(value)) return 'error';
  if (isCelUint(value)) return `uint ${value.value}`;
  if (isCelList(value)) return `[${[...value].map(shown).join(', ')}]`;
  if (isCelMap(value)) {
    return `{${[...value.entries()]
      .map(([key, item]) => `${shown(key)}: ${shown(item)}`)
      .sort()
      .join(', ')}}`;
  }
  if (isReflectMessage(value)) {
    const { message } = value;
    if (isMessage(message, TimestampSchema))
      return show(runtime.timestamp(message.seconds * 1_000_000_000n + BigInt(message.nanos)));
    if (isMessage(message, DurationSchema))
      return show(runtime.duration(message.seconds * 1_000_000_000n + BigInt(message.nanos)));
  }
  return show(value);
}

function library(source: string, bound: Values): string {
  try {
    return shown(
      run(source, { ...bound, vl: [...bound.vl], vu: celUint(bound.vu) }, { funcs: [...strings] }),
    );
  } catch {
    return 'error';
  }
}

/** Both engines on one expression. Zero has one sign here: the two print it differently, CEL does not tell. */
function compare(source: string, bound: Values): { readonly ours: string; readonly theirs: string } {
  const ours = condition(source, VARIABLES, { result: 'any', maxDegree: 20 }).run({
    ...bound,
    vu: runtime.celUint(bound.vu),
  });
  // The one difference that is meant: a test of NaN is an error here, and false there (docs/cel.md).
  if (ours === runtime.NOT_A_NUMBER) return { ours: 'a test of NaN', theirs: 'a test of NaN' };
  const plain = (text: string): string => text.replace(/double -0\b(?!\.)/g, 'double 0');
  return { ours: plain(show(ours)), theirs: plain(library(source, bound)) };
}

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 800);

it.each<Kind>(['bool', 'int', 'uint', 'double', 'string', 'ints', 'map', 'timestamp', 'duration'])(
  'emitted code and the library agree on expressions of kind %s',
  (kind) => {
    fc.assert(
      fc.property(expressions(kind, 3), values, (source, bound) => {
        const { ours, theirs } = compare(source, bound);
        expect(ours, source).toBe(theirs);
      }),
      { numRuns: RUNS, seed: Number(process.env['FUZZ_SEED'] ?? 20_240_229) },
    );
  },
);
