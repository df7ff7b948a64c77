/** Small plans that rules about the whole plan may tell apart: calls, sums, orders, flows, duties, handlers. */
import type { WholePlanBody } from '../ir/whole-plan.ts';
import { amountsOf, wholePlanTools } from '../ir/whole-plan.ts';
import { exampleOf, toolOf, withValue } from './example.ts';
import type { Example, ExampleStep } from './example.ts';

/** Longer examples than this show nothing that the numbers do not. */
const LONGEST = 50;
/** Tools that sequences are made of; more would make too many. */
const MOST_TOOLS = 6;

type Args = Readonly<Record<string, unknown>>;

/** The smaller plans first. */
export function* plansForWholePlan(bodies: readonly WholePlanBody[]): Generator<Example> {
  const tools = [
    ...new Set(bodies.flatMap((body) => wholePlanTools(body).map(({ value }) => toolOf(value)))),
  ];
  const args = argumentsFor(bodies);
  yield* counted(bodies, tools, args);
  yield* added(bodies, tools, args);
  yield* sequences(tools.slice(0, MOST_TOOLS), args, contextFor(bodies));
}

function* counted(
  bodies: readonly WholePlanBody[],
  tools: readonly string[],
  args: readonly Args[],
): Generator<Example> {
  const limits = bodies.flatMap((body) => (body.kind === 'max_calls' ? [body.limit.value?.value ?? 0] : []));
  for (const count of new Set(limits.sort((a, b) => a - b).map((limit) => Math.floor(limit) + 1))) {
    if (count > LONGEST) continue;
    for (const tool of tools) {
      for (const each of args)
        yield exampleOf(Array.from({ length: count }, (_, i) => ({ id: `s${i + 1}`, tool, args: each })));
    }
  }
}

function* added(
  bodies: readonly WholePlanBody[],
  tools: readonly string[],
  args: readonly Args[],
): Generator<Example> {
  const sums = bodies.filter((body) => body.kind === 'max_total');
  const limits = sums.map(({ limit }) => limit.value?.value ?? 0).sort((a, b) => a - b);
  const totals = limits.flatMap((limit, i) => [(limit + (limits[i + 1] ?? limit + 2)) / 2, limit + 1]);
  for (const total of totals) {
    for (const { arg } of sums.flatMap(amountsOf)) {
      const path = arg.value.split('.');
      for (const tool of tools) {
        for (const each of args) {
          const filled = withValue(each, path, total);
          if (!filled) continue;
          yield exampleOf([{ id: 's1', tool, args: filled }]);
          // Beyond the limit together, and below it where they are told apart.
          const [part, other] = [each, args[0] ?? {}].map((some) => withValue(some, path, total * 0.75));
          if (part && other)
            yield exampleOf([
              { id: 's1', tool, args: other },
              { id: 's2', tool, args: part },
            ]);
        }
      }
    }
  }
}

/** No arguments, all the same, and each in turn unlike the rest. */
function argumentsFor(bodies: readonly WholePlanBody[]): readonly Args[] {
  const paths = [...new Set(bodies.flatMap(pathsOf))].map((path) => path.split('.'));
  const fill = (valueOf: (i: number) => string): Args =>
    paths.reduce<Args>((args, path, i) => withValue(args, path, valueOf(i)) ?? args, {});
  const unlike = paths.map((_, odd) => fill((i) => (i === odd ? 'b' : 'a')));
  return paths.length === 0 ? [{}] : [fill(() => 'a'), ...unlike, {}];
}

function pathsOf(body: WholePlanBody): readonly string[] {
  const pairs = 'same' in body ? body.same : [];
  const by = body.kind === 'separate_duty' && body.by ? [body.by] : [];
  const per = 'per' in body && body.per ? [body.per.value] : [];
  return [...[...pairs, ...by].flatMap(({ here, there }) => [here.value, there.value]), ...per];
}

const SECRET = 'value-of-the-context';

function contextFor(bodies: readonly WholePlanBody[]): Args | null {
  const paths = bodies.flatMap((body) => (body.kind === 'flows' ? body.fromContext : []));
  if (paths.length === 0) return null;
  return paths.reduce<Args>(
    (context, { value }) =>
      withValue(
        context,
        value.split('.').map((name) => name.replace('[*]', '')),
        SECRET,
      ) ?? context,
    {},
  );
}

/** One to three steps; each unrelated to the one before, behind it, or given its result; each way to fail. */
function* sequences(
  tools: readonly string[],
  args: readonly Args[],
  context: Args | null,
): Generator<Example> {
  let before: readonly (readonly ExampleStep[])[] = [[]];
  for (let length = 1; length <= 3; length += 1) {
    const longer: (readonly ExampleStep[])[] = [];
    for (const steps of before) {
      for (const tool of tools) {
        for (const each of length < 3 ? args : args.slice(0, 1)) {
          for (const more of stepsAfter(steps, tool, each, context !== null)) {
            longer.push(more);
            yield exampleOf(more);
            if (context) yield exampleOf(more, { context });
          }
        }
      }
    }
    before = longer;
  }
}

function* stepsAfter(
  steps: readonly ExampleStep[],
  tool: string,
  args: Args,
  copies: boolean,
): Generator<readonly ExampleStep[]> {
  const id = `s${steps.length + 1}`;
  const last = steps.at(-1);
  const step: ExampleStep = { id, tool, args };
  yield [...steps, step];
  if (copies) yield [...steps, { ...step, args: { ...args, note: SECRET } }];
  if (!last) {
    for (const word of ['continue', 'retry']) yield [{ ...step, on_fail: word }];
    return;
  }
  const behind = { ...step, depends_on: [last.id] };
  yield [...steps, behind];
  yield [...steps, { ...step, args: { ...args, note: `\${${last.id}.result}` } }];
  const others = steps.slice(0, -1);
  yield [...others, { ...last, on_fail: 'continue' }, behind];
  yield [...others, { ...last, on_fail: [id] }, step];
}
