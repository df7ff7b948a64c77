/** OpenTelemetry: spans of the generative AI conventions, which are still in development. */
import type { JsonValue } from '@plan-lint/runtime/json';
import { callOfText } from './calls.ts';
import { FormatError, isList, isRecord, items, member, textIn } from './format.ts';
import type { Format, Place } from './format.ts';

interface Span {
  readonly attributes: ReadonlyMap<string, JsonValue>;
  readonly start: string;
  readonly id: string | null;
  readonly at: Place;
}

const OPERATION = 'gen_ai.operation.name';
const TOOL = 'gen_ai.tool.name';
const ARGUMENTS = 'gen_ai.tool.call.arguments';

export const openTelemetry: Format = {
  name: 'otel',
  title: 'OpenTelemetry: spans with `gen_ai.operation.name: execute_tool`',
  kind: 'trace',
  detects: (documents) => spansIn(documents).some(isCall),
  read(documents) {
    const calls = spansIn(documents).filter(isCall);
    const ordered = [...calls].sort((one, other) => compare(one.start, other.start));
    return {
      groups: ordered.map(({ attributes, at, id }) => {
        // They are recorded only where somebody has asked for them: what they were cannot be decided without.
        if (!attributes.has(ARGUMENTS))
          throw new FormatError(
            `a span here does not record \`${ARGUMENTS}\`, so nobody knows what was called`,
            at,
          );
        const call = callOfText({
          id: attributes.get('gen_ai.tool.call.id') ?? id,
          tool: attributes.get(TOOL),
          args: attributes.get(ARGUMENTS),
          at,
        });
        return [call];
      }),
      lost: [],
    };
  },
};

const isCall = ({ attributes }: Span): boolean => attributes.get(OPERATION) === 'execute_tool';

/** Nanoseconds since the epoch are texts of one length, or ISO 8601. */
function compare(one: string, other: string): number {
  if (one.length !== other.length && /^\d+$/.test(one + other)) return one.length - other.length;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function spansIn(documents: readonly JsonValue[]): readonly Span[] {
  return documents.flatMap((document, n) => {
    const at: Place = documents.length > 1 ? [n] : [];
    const resources = items(member(document, 'resourceSpans'));
    if (resources.length === 0) return isRecord(document) ? [spanOf(document, at)] : [];
    return resources.flatMap((resource, i) =>
      items(member(resource, 'scopeSpans')).flatMap((scope, j) =>
        items(member(scope, 'spans')).map((span, k) =>
          spanOf(span, [...at, 'resourceSpans', i, 'scopeSpans', j, 'spans', k]),
        ),
      ),
    );
  });
}

function spanOf(span: JsonValue, at: Place): Span {
  const written = member(span, 'attributes');
  const pairs = isList(written)
    ? written.flatMap((each) => {
        const key = textIn(member(each, 'key'));
        return key === null ? [] : [[key, plainValue(member(each, 'value'))] as const];
      })
    : Object.entries(isRecord(written) ? written : {});
  const start = member(span, 'startTimeUnixNano') ?? member(span, 'start_time') ?? '';
  return {
    attributes: new Map(pairs),
    start: typeof start === 'number' ? `${start}` : (textIn(start) ?? ''),
    id: textIn(member(span, 'spanId')),
    at,
  };
}

/** OTLP wraps a value in an object that names its type. */
const plainValue = (value: JsonValue | undefined): JsonValue =>
  (isRecord(value) ? Object.values(value)[0] : value) ?? null;
