import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { isMessage } from '@bufbuild/protobuf';
import { DurationSchema, TimestampSchema, type Any } from '@bufbuild/protobuf/wkt';
import { Type_PrimitiveType, Type_WellKnownType, type Type } from '@bufbuild/cel-spec/cel/expr/checked_pb.js';
import type { Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js';
import { getTestRegistry } from '@bufbuild/cel-spec/testdata/registry.js';
import {
  getConformanceSuite,
  type IncrementalTest,
  type IncrementalTestSuite,
} from '@bufbuild/cel-spec/testdata/tests.js';
import type { CelType } from '../../compiler/ir/cel.ts';
import * as types from '../../compiler/cel/types.ts';
import { runtime } from '../cel/bench.ts';

/** One official case with the section it stands in. */
export interface Case {
  readonly section: string;
  readonly name: string;
  readonly test: IncrementalTest['original'];
}

/** Every case of cel-spec's `tests/simple/testdata`. */
export function conformanceCases(): Case[] {
  const cases: Case[] = [];
  const visit = (section: string, suite: IncrementalTestSuite): void => {
    for (const { name, original } of suite.tests)
      cases.push({ section, name: `${suite.name}/${name}`, test: original });
    for (const inner of suite.suites) visit(section, inner);
  };
  for (const suite of getConformanceSuite().suites) visit(suite.name, suite);
  return cases;
}

/** Thrown where a value or a type is protobuf's: the case is about something conditions here do not have. */
export class Protobuf extends Error {}

export const registry = getTestRegistry();

/** A binding or an expected value as the emitted code holds it. */
export function toValue(value: Value | undefined): unknown {
  const kind = value?.kind;
  switch (kind?.case) {
    case 'nullValue':
      return null;
    case 'boolValue':
    case 'int64Value':
    case 'doubleValue':
    case 'stringValue':
      return kind.value;
    case 'uint64Value':
      return runtime.celUint(kind.value);
    case 'bytesValue':
      return runtime.celBytes([...kind.value]);
    case 'typeValue':
      return runtime.celType(kind.value);
    case 'listValue':
      return kind.value.values.map(toValue);
    case 'mapValue':
      return runtime.celMapOf(
        kind.value.entries.flatMap((entry) => [toValue(entry.key), toValue(entry.value)]),
        [],
      );
    case 'objectValue':
      return fromAny(kind.value);
    default:
      throw new Protobuf(`value: ${kind?.case ?? 'none'}`);
  }
}

function fromAny(any: Any): unknown {
  const message = anyUnpack(any, registry);
  if (isMessage(message, TimestampSchema))
    return runtime.timestamp(message.seconds * 1_000_000_000n + BigInt(message.nanos));
  if (isMessage(message, DurationSchema))
    return runtime.duration(message.seconds * 1_000_000_000n + BigInt(message.nanos));
  throw new Protobuf(`message: ${any.typeUrl}`);
}

const primitives: Readonly<Record<number, CelType>> = {
  [Type_PrimitiveType.BOOL]: types.BOOL,
  [Type_PrimitiveType.INT64]: types.INT,
  [Type_PrimitiveType.UINT64]: types.UINT,
  [Type_PrimitiveType.DOUBLE]: types.DOUBLE,
  [Type_PrimitiveType.STRING]: types.STRING,
  [Type_PrimitiveType.BYTES]: types.BYTES,
};

/** A declared or deduced type. */
export function toType(type: Type | undefined): CelType {
  const kind = type?.typeKind;
  switch (kind?.case) {
    case 'dyn':
    case 'typeParam':
      return types.DYN;
    case 'null':
      return types.NULL;
    case 'primitive': {
      const primitive = primitives[kind.value];
      if (primitive) return primitive;
      break;
    }
    case 'wellKnown':
      if (kind.value === Type_WellKnownType.TIMESTAMP) return types.TIMESTAMP;
      if (kind.value === Type_WellKnownType.DURATION) return types.DURATION;
      break;
    case 'listType':
      return types.listOf(toType(kind.value.elemType));
    case 'mapType':
      return types.mapOf(toType(kind.value.keyType), toType(kind.value.valueType));
    case 'type':
      return types.typeOf(kind.value.typeKind.case === undefined ? types.DYN : toType(kind.value));
    case 'messageType':
      if (kind.value === 'google.protobuf.Timestamp') return types.TIMESTAMP;
      if (kind.value === 'google.protobuf.Duration') return types.DURATION;
      break;
    case 'abstractType':
      if (kind.value.name === 'optional_type') return types.optionalOf(toType(kind.value.parameterTypes[0]));
      // A type that the case declares itself; not protobuf, so not an excuse.
      return types.DYN;
  }
  throw new Protobuf(`type: ${kind?.case ?? 'none'}`);
}

/** Names in the text that only protobuf schemas give a meaning. */
const protobufNames =
  /\b(?:TestAllTypes|NestedTestAllTypes|TestRequired|GlobalEnum|NestedEnum|NestedMessage|proto\.(?:hasExt|getExt)|cel\.expr\.conformance\.\w+|google\.protobuf\.(?!Timestamp\b|Duration\b)\w+)/;

/** Whether the expression itself is about protobuf: a message literal, a message type or an enum. */
export function mentionsProtobuf(test: Case['test']): boolean {
  const code = test.expr.replace(
    /[rRbB]*(?:"""[^]*?"""|'''[^]*?'''|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*')/g,
    '""',
  );
  return (
    protobufNames.test(code) ||
    /(?<![\w.])\.?[A-Za-z_][\w.]*\s*\{/.test(code.replace(/\b(?:in|[?:&|,([])\s*\{/g, ''))
  );
}
