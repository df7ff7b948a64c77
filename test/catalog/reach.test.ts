/** What the compiler says an argument can be holds of every value that satisfies the schema. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isNever, reachOf, typeOf } from '../../compiler/3-lower/reach.ts';
import type { JsonObject, JsonValue } from '../../compiler/ir/catalog.ts';
import { parsePath } from '../../compiler/ir/path.ts';
import { input } from '../differential/catalog.ts';
import { question } from '../differential/generate.ts';
import { Judge } from '../oracle/json-schema.ts';

const PATHS = [
  'amount',
  'to',
  'to.name',
  'items[*]',
  'items[*].price',
  'note.b',
  'self[*][*]',
  'constructor',
];

function valuesAt(value: unknown, path: readonly (string | object)[]): readonly unknown[] {
  const [segment, ...rest] = path;
  if (segment === undefined) return [value];
  if (typeof segment !== 'string')
    return Array.isArray(value) ? value.flatMap((each) => valuesAt(each, rest)) : [];
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, segment))
    return [];
  return valuesAt((value as Record<string, unknown>)[segment], rest);
}

it('admits every value of every argument that the schema admits', () => {
  let looked = 0;
  fc.assert(
    fc.property(input, fc.array(question, { minLength: 8, maxLength: 8 }), (schema, questions) => {
      const judge = new Judge(schema);
      const steps: readonly { readonly args: unknown }[] = questions.flatMap(({ plan }) => [...plan.steps]);
      const args = steps.map((step) => step.args).filter((each) => judge.admits(each as JsonValue));
      for (const path of PATHS.map(parsePath)) {
        const reach = reachOf(schema, path);
        for (const value of args.flatMap((each) => valuesAt(each, path)) as readonly JsonValue[]) {
          looked += 1;
          expect(isNever(reach)).toBe(false);
          // 1e309 has no type of its own here; no plan holds it.
          expect(reach.types).toContain(typeOf(value));
          if (reach.values && (typeof value !== 'object' || value === null))
            expect(reach.values).toContain(value);
        }
      }
    }),
    { numRuns: 80, seed: 20261122 },
  );
  expect(looked).toBeGreaterThan(300);
});

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});

it.each([
  ['open', { type: 'object' }, 'a', 'open'],
  ['listed', object({ a: {} }), 'a', 'listed'],
  ['not listed', object({ b: {} }), 'a', 'unlisted'],
  ['said to be open', object({ b: {} }, { additionalProperties: true }), 'a', 'listed'],
  ['refused', object({ b: {} }, { additionalProperties: false }), 'a', 'never'],
  [
    'in one of the choices',
    { anyOf: [object({ a: {} }), object({ b: {} }, { additionalProperties: false })] },
    'a',
    'listed',
  ],
  [
    'in none of the choices',
    { oneOf: [false, object({ b: {} }, { additionalProperties: false })] },
    'a',
    'never',
  ],
  ['listed by a part of it', { allOf: [object({ b: {} }), object({ a: {} })] }, 'a', 'listed'],
  [
    'refused by a part of it',
    { allOf: [object({ a: {} }), object({}, { additionalProperties: false })] },
    'a',
    'never',
  ],
  ['nullable', object({ a: { type: ['object', 'null'], properties: { b: {} } } }), 'a.b', 'listed'],
  [
    'behind a reference',
    { ...object({ a: { $ref: '#/$defs/x' } }), $defs: { x: object({ b: {} }) } },
    'a.c',
    'unlisted',
  ],
  ['behind a circle', { ...object({ a: { $ref: '#' } }) }, 'a.a.a', 'listed'],
  ['in a list', object({ a: { type: 'array', items: object({ b: {} }) } }), 'a[*].b', 'listed'],
  ['in no list', object({ a: { type: 'string' } }), 'a[*]', 'never'],
  ['in a list taken for an object', object({ a: { type: 'array' } }), 'a.b', 'never'],
  ['of a pattern', { patternProperties: { '^x': {} }, additionalProperties: false }, 'a', 'open'],
] as const)('%s', (_, schema, path, place) => {
  const reach = reachOf(schema, parsePath(path));
  expect(isNever(reach) ? 'never' : reach.place).toBe(place);
});
