/** Small faults of rules about the whole plan. */
import type { Located, PathPair, Span, ToolList, WholePlanBody } from '../../compiler/inspect.ts';
import { FAILURE_WORDS } from '../../compiler/inspect.ts';

export interface WholePlanMutation {
  readonly what: string;
  readonly body: WholePlanBody;
  readonly span: Span;
  readonly text: string | null;
}

export function* wholePlanMutations(body: WholePlanBody): Generator<WholePlanMutation> {
  for (const { tools, ...rest } of without(body.tools)) yield { ...rest, body: { ...body, tools } };
  if ('limit' in body) yield* limitMutations(body);
  if ('same' in body) {
    for (const { same, ...rest } of withoutPair(body.same)) yield { ...rest, body: { ...body, same } };
  }
  if ('per' in body && body.per) {
    const { span, value } = body.per;
    yield { what: `not for each ${value}`, body: { ...body, per: null }, span, text: null };
  }
  switch (body.kind) {
    case 'require_before': {
      const { tools, before } = body;
      for (const { tools: fewer, ...rest } of without(before)) {
        yield { ...rest, body: { ...body, before: fewer } };
      }
      yield swapped(body.span, tools, before, { ...body, tools: before, before: tools });
      return;
    }
    case 'require_after': {
      const { tools, after, span } = body;
      for (const { tools: fewer, ...rest } of without(after)) {
        yield { ...rest, body: { ...body, after: fewer } };
      }
      yield swapped(span, tools, after, { ...body, tools: after, after: tools });
      if (body.onFailure) {
        yield {
          what: 'not after a failure',
          body: { ...body, onFailure: false },
          span,
          text: 'on_failure: false',
        };
      }
      return;
    }
    case 'flows': {
      const { from, into, through, span } = body;
      for (const i of into.keys()) {
        if (into.length + body.tools.length < 2) break;
        const rest = into.filter((_, each) => each !== i);
        const at = into[i]?.arg;
        if (at)
          yield {
            what: `without ${at.value} of \`to\``,
            body: { ...body, into: rest },
            span: at.span,
            text: null,
          };
      }
      for (const { tools: fewer, ...rest } of without(from))
        yield { ...rest, body: { ...body, from: fewer } };
      if (through.length > 0) {
        const any = [{ value: '*', span }];
        yield { what: 'through any tool', body: { ...body, through: any }, span, text: 'through: "*"' };
      }
      return;
    }
    case 'separate_duty': {
      for (const { tools: fewer, ...rest } of without(body.other)) {
        yield { ...rest, body: { ...body, other: fewer } };
      }
      return;
    }
    case 'on_fail': {
      const { allow, handlers, span } = body;
      for (const word of FAILURE_WORDS.filter((each) => !allow.includes(each))) {
        yield {
          what: `also ${word}`,
          body: { ...body, allow: [...allow, word] },
          span,
          text: `allow: … ${word}`,
        };
      }
      if (handlers.length > 0 && !handlers.some(({ value }) => value === '*')) {
        const any = [{ value: '*', span }];
        yield { what: 'any handler', body: { ...body, handlers: any }, span, text: 'handler: "*"' };
      }
      return;
    }
    default:
      return;
  }
}

type Limited = Extract<WholePlanBody, { readonly limit: unknown }>;

function* limitMutations(body: Limited): Generator<WholePlanMutation> {
  const { value } = body.limit;
  if (!value) return;
  for (const changed of [value.value - 1, value.value + 1]) {
    if (changed < 0) continue;
    const limit = { value: { ...value, value: changed }, param: null };
    const what = `limit ${value.value} → ${changed}`;
    yield { what, body: { ...body, limit }, span: value.span, text: String(changed) };
  }
}

function swapped(span: Span, a: ToolList, b: ToolList, body: WholePlanBody): WholePlanMutation {
  const [first, second] = [a, b].map((list) => list.map(({ value }) => value).join(', '));
  return { what: `${first} and ${second} swapped`, body, span, text: '… swapped' };
}

type Rest = Omit<WholePlanMutation, 'body'>;

/** The list without one of its items, where it has several. */
function* without(tools: readonly Located<string>[]): Generator<Rest & { readonly tools: ToolList }> {
  if (tools.length < 2) return;
  for (const [i, tool] of tools.entries()) {
    const rest = tools.filter((_, each) => each !== i);
    yield { what: `without the tool ${tool.value}`, span: tool.span, text: null, tools: rest };
  }
}

function* withoutPair(pairs: readonly PathPair[]): Generator<Rest & { readonly same: readonly PathPair[] }> {
  for (const [i, { here }] of pairs.entries()) {
    const same = pairs.filter((_, each) => each !== i);
    yield { what: `without the same ${here.value}`, span: here.span, text: null, same };
  }
}
