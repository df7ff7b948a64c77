/** References in the texts of a plan: whole, partial, nested, left open, and what only looks like one. */
import fc from 'fast-check';
import { text } from './texts.ts';
import { BEGINNINGS } from './views.ts';
import { readText } from '../oracle/references.ts';
import type { question } from './generate.ts';

type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

/** All lead to the first step, so that the others may hold them. */
const REFERENCES = [
  '${s0.result}',
  '${s0.result.x}',
  '${ s0.result.rows[0].amount }',
  '{{ s0.result }}',
  '{{s0.result["k"]}}',
  "{{s0.result['a b']}}",
] as const;

/** An opener, and nothing that is wholly understood. */
const OPAQUE = [
  '${',
  '{{',
  '${x}',
  '{{ user }}',
  '${s0.result',
  '{{s0.result.x}',
  '{{ s0.result | json }}',
  '{{ s0.result.x or "x" }}',
  '${s0.result[${s0.result}]}',
  '{{ s0.result | default("${x}") }}',
  '{{ {{ s0.result }} }}',
  '${a${s0.result.x}}',
  '${s0.result.x y}',
] as const;

/** Nothing to do with references, although it is near. */
const NEAR = ['$', '{', '}', '}}', '$ {s0.result}', '{ {s0.result}}', '$s0.result', 's0.result'] as const;

const piece = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 4, arbitrary: fc.constantFrom<string>(...REFERENCES) },
  { weight: 1, arbitrary: fc.constantFrom<string>(...OPAQUE) },
  { weight: 1, arbitrary: fc.constantFrom<string>(...NEAR) },
);

export const referring = fc.oneof(
  // Behind a beginning that may already tell what a text holds.
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...BEGINNINGS),
        fc.constantFrom('${s0.result}', '${s0.result}/x', 'x{{ s0.result }}'),
      )
      .map((all) => all.join('')),
  },
  { weight: 2, arbitrary: fc.constantFrom<string>(...REFERENCES) },
  {
    weight: 3,
    arbitrary: fc
      .array(piece, { minLength: 1, maxLength: 4 })
      .map((all) => all.join(''))
      // Pieces can come to name another step: `${s0.result` before `$s0.result` before `}`.
      .filter((joined) => readText(joined)?.ids.every((id) => id === 's0') ?? true),
  },
);

/** For each value of the later steps in turn what stands in its place; `null`: it stays. */
const places = fc.array(fc.option(referring, { nil: null, freq: 2 }), { minLength: 1, maxLength: 7 });

/** The same question with references to the first step in some values of the others. */
export const withReferences = (asked: fc.Arbitrary<Question>): fc.Arbitrary<Question> =>
  fc.tuple(asked, places).map(([one, texts]) => {
    const [first, ...later] = one.plan.steps;
    // Steps that hang together already could come to wait for each other.
    if (!first || /depends_on|\.result/.test(JSON.stringify(one.plan))) return one;
    let place = 0;
    const next = (): string | null => texts[place++ % texts.length] ?? null;
    const steps = later.map((step) => ({ ...step, args: refer(step.args, next) as typeof step.args }));
    return { ...one, plan: { ...one.plan, steps: [first, ...steps] } };
  });

/** Quantifiers over what is in `items` are another interpreter's, which knows no elements that are not known. */
function refer(value: unknown, next: () => string | null, isIn = ''): unknown {
  if (Array.isArray(value)) return isIn === 'items' ? value : value.map((each) => refer(each, next));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, refer(each, next, key)]));
  return next() ?? value;
}
