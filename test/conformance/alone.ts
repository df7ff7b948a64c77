/** A case alone in a policy of one rule, by the road of users: compiled, signed, loaded, decided. */
import { isMessage } from '@bufbuild/protobuf';
import { anyUnpack, DurationSchema, TimestampSchema, type Any } from '@bufbuild/protobuf/wkt';
import type { Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js';
import { bundleFrom } from '../support/decide.ts';
import { registry, type Case } from './cel-cases.ts';

type Test = Case['test'];

/** What came of a case; `unfit`: no policy can say it, or the compiler tells the error that it is about. */
export type Alone =
  { readonly kind: 'unfit' } | { readonly kind: 'loads' } | { readonly kind: 'fails'; readonly why: string };

const HOLDS = 'holds';
const ERROR = 'cannot be decided';

/** Decides a case that passes. Variables, a container and expressions that are not type-checked are nothing a rule has. */
export async function decideAlone({ test }: Case): Promise<Alone> {
  const isClosed = test.typeEnv.length === 0 && Object.keys(test.bindings).length === 0;
  if (!isClosed || test.container !== '' || test.disableCheck) return { kind: 'unfit' };
  const asked = conditionOf(test);
  if (!asked) return { kind: 'unfit' };
  try {
    const files = { 'p.yaml': JSON.stringify({ rules: [{ rule: 'r', when: asked.when }] }) };
    const bundle = await bundleFrom(files);
    const plan = { steps: [{ id: 's', tool: 't', args: {} }] };
    const { violations } = bundle.policy().evaluate(plan);
    const said = violations.map(({ message }) => message).join();
    return asked.outcome === null || said.includes(`\` ${asked.outcome}`)
      ? { kind: 'loads' }
      : { kind: 'fails', why: `${asked.when}: ${said}` };
  } catch (error) {
    // Text written out that cannot be read does not wait for a plan.
    if (asked.outcome === ERROR && String(error).includes('this text is not a')) return { kind: 'unfit' };
    return { kind: 'fails', why: `${asked.when}: ${String(error)}` };
  }
}

/** A condition whose outcome says whether the case passes; `outcome` is `null` where nothing is to be evaluated. */
function conditionOf(test: Test): { readonly when: string; readonly outcome: string | null } | null {
  const itself = `dyn(${test.expr}\n) == dyn(${test.expr}\n)`;
  const matcher = test.resultMatcher;
  if (test.checkOnly) return { when: itself, outcome: null };
  if (matcher.case === 'evalError') return { when: itself, outcome: ERROR };
  if (matcher.case === undefined) return { when: test.expr, outcome: HOLDS };
  const value = matcher.case === 'typedResult' ? matcher.value.result : matcher.value;
  if (value?.$typeName !== 'cel.expr.Value') return null;
  if (value.kind.case === 'doubleValue' && Number.isNaN(value.kind.value))
    return { when: itself.replace('\n) == dyn(', '\n) != dyn('), outcome: HOLDS };
  const literal = literalOf(value);
  return literal === null ? null : { when: `dyn(${test.expr}\n) == dyn(${literal})`, outcome: HOLDS };
}

/** A value as an expression that gives it; `null` where there is none. */
function literalOf(value: Value): string | null {
  const { kind } = value;
  switch (kind.case) {
    case 'nullValue':
      return 'null';
    case 'boolValue':
    case 'int64Value':
      return String(kind.value);
    case 'uint64Value':
      return `${kind.value}u`;
    case 'doubleValue':
      return doubleLiteral(kind.value);
    case 'stringValue':
      return JSON.stringify(kind.value);
    case 'bytesValue':
      return `b"${[...kind.value].map((octet) => `\\x${octet.toString(16).padStart(2, '0')}`).join('')}"`;
    case 'typeValue':
      return kind.value;
    case 'listValue':
      return joined('[', kind.value.values.map(literalOf), ']');
    case 'mapValue':
      return joined(
        '{',
        kind.value.entries.map(({ key, value: of }) =>
          joined('', [key ? literalOf(key) : null, of ? literalOf(of) : null], '', ': '),
        ),
        '}',
      );
    case 'objectValue':
      return timeLiteral(kind.value);
    default:
      return null;
  }
}

const joined = (
  before: string,
  parts: readonly (string | null)[],
  after: string,
  between = ', ',
): string | null => (parts.includes(null) ? null : before + parts.join(between) + after);

function doubleLiteral(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '(1.0 / 0.0)' : '(-1.0 / 0.0)';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function timeLiteral(any: Any): string | null {
  const message = anyUnpack(any, registry);
  if (isMessage(message, TimestampSchema))
    return `(timestamp(${message.seconds}) + duration("${message.nanos}ns"))`;
  if (isMessage(message, DurationSchema))
    return `(duration("${message.seconds}s") + duration("${message.nanos}ns"))`;
  return null;
}
