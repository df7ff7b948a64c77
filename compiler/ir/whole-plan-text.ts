import { showSource } from './place.ts';
import type { WholePlanRule } from './resolved.ts';
import type { Limit, PathPair, ToolArg, ToolList, WholePlanBody, Window } from './whole-plan.ts';

/** What a rule about the whole plan says, on one line, with what narrows it. */
export function showWholePlanRule({ body, narrowing }: WholePlanRule): string {
  if (!narrowing) return showWholePlan(body);
  const { pattern, when } = narrowing;
  const isAny = !pattern.tools && !pattern.leaf && !pattern.and && !pattern.or && !pattern.not;
  const parts = [
    ...(isAny ? [] : [showSource(pattern.span).replace(/^\{\s*/, '')]),
    ...(when ? [showSource(when.span)] : []),
  ];
  return `${showWholePlan(body)}, where ${parts.join(' and ')}`;
}

/** What a rule about the whole plan says, on one line. */
function showWholePlan(body: WholePlanBody): string {
  const tools = list(body.tools);
  switch (body.kind) {
    case 'max_calls':
      return `at most ${shown(body.limit)} ${body.limit.value?.value === 1 ? 'call' : 'calls'} of ${tools}${per(body.per)}${within(body.within)}`;
    case 'max_total':
      return `${body.arg ? `${body.arg.value} of ${tools}` : args(body.of).join(' and ')} adds up to at most ${shown(body.limit)}${per(body.per)}${within(body.within)}`;
    case 'require_before':
      return `before ${tools} one of ${list(body.before)}${same(body.same)}${listed(body.order)}${within(body.within)}`;
    case 'require_after': {
      const always = body.onFailure ? ', after a failure too' : '';
      return `after ${tools} one of ${list(body.after)}${same(body.same)}${listed(body.order)}${always}${fence(body.whileOwed)}`;
    }
    case 'flows': {
      const context = body.fromContext.map(({ value }) => `context.${value}`);
      const from = [...body.from.map(({ value }) => value), ...context].join(', ');
      const through = body.through.length > 0 ? ` but through ${list(body.through)}` : '';
      const order = body.evidence === 'order' ? ', nor comes after it in a session' : '';
      const to = [...body.tools.map(({ value }) => value), ...args(body.into)].join(', ');
      return `nothing from ${from} reaches ${to}${through}${order}`;
    }
    case 'separate_duty': {
      const by = body.by ? `, by different ${pair(body.by)}` : ' not in one plan';
      return `${tools} and ${list(body.other)}${same(body.same)}${by}`;
    }
    case 'on_fail': {
      const handlers = body.handlers.length > 0 ? [`a handler ${list(body.handlers)}`] : [];
      return `on_fail of ${tools} is ${[...body.allow, ...handlers].join(' or ')}`;
    }
  }
}

const args = (all: readonly ToolArg[]): readonly string[] =>
  all.map(({ tools, arg }) => `${arg.value} of ${list(tools)}`);

const list = (tools: ToolList): string => tools.map(({ value }) => value).join(', ');

const shown = ({ value, param }: Limit): string => (param ? `params.${param.value}` : String(value?.value));

const per = (path: { readonly value: string } | null): string => (path ? ` for each ${path.value}` : '');

const pair = ({ here, there }: PathPair): string =>
  here.value === there.value ? here.value : `${here.value} = ${there.value}`;

const same = (pairs: readonly PathPair[]): string =>
  pairs.length > 0 ? ` with the same ${pairs.map(pair).join(', ')}` : '';

const within = (window: Window | null): string => (window ? `, within ${window.written} of a session` : '');

const fence = (tools: ToolList | null): string => {
  if (tools === null) return '';
  return tools.length > 0 ? `, and until then nothing but ${list(tools)}` : ', and until then nothing else';
};

const listed = (order: string): string => (order === 'listed' ? ', in the order listed' : '');
