/** Random tool catalogs beside the random policies of `generate.ts`. */
import fc from 'fast-check';
import { longQuestion, policyFile, question, TOOLS } from './generate.ts';
import { withReferences } from './references.ts';
import { withExceptions } from './exceptions.ts';

const NAMES = [
  'amount',
  'to',
  'note',
  'items',
  'constructor',
  '__proto__',
  'self',
  'name',
  'price',
  'b',
] as const;
const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;
const VALUES = ['x', 'DROP', 'import(', '</script>', 5, 7, 1000, true, null, 0, -0.25] as const;

type Schema = boolean | { readonly [key: string]: unknown };

const count = fc.nat({ max: 3 });
const some = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { minLength: 1, maxLength: 2 });
const named = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), of), { maxLength: 3, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));
const value = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.constantFrom<unknown>([], [5], { price: 7 }, { name: 'x', b: [null] }),
);

const toDefinition = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

const { schema } = fc.letrec<{ schema: Schema; part: Schema; object: object; list: object }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: fc.constantFrom(...TYPES).map((type) => ({ type })), weight: 3 },
    fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 3 }).map((type) => ({ type })),
    fc
      .uniqueArray(value, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) })
      .map((listed) => ({ enum: listed })),
    value.map((only) => ({ const: only })),
    fc.constantFrom<Schema>(true, false, {}, { not: {} }, ...['node', 'leaf', 'never'].map(toDefinition)),
    fc.constantFrom(
      { minimum: 5 },
      { maximum: 7 },
      { exclusiveMinimum: 0 },
      { exclusiveMaximum: 1000 },
      { multipleOf: 5 },
      { multipleOf: 0.25 },
      { minLength: 2 },
      { maxLength: 3 },
      { pattern: '^[a-zD]' },
      { uniqueItems: true },
    ),
    fc
      .constantFrom('minItems', 'maxItems', 'minProperties', 'maxProperties')
      .chain((key) => count.map((n) => ({ [key]: n }))),
    tie('schema').map((items) => ({ items })),
    fc.tuple(some(tie('schema')), tie('schema')).map(([prefixItems, items]) => ({ prefixItems, items })),
    fc.tuple(tie('schema'), count, count).map(([contains, a, b]) => {
      return { contains, minContains: Math.min(a, b), maxContains: Math.max(a, b) };
    }),
    tie('schema').map((contains) => ({ contains })),
    fc
      .tuple(
        named(tie('schema')),
        fc.subarray([...NAMES], { maxLength: 2 }),
        fc.option(tie('schema'), { nil: undefined }),
      )
      .map(([properties, required, rest]) => {
        return { properties, required, ...(rest !== undefined && { additionalProperties: rest }) };
      }),
    named(tie('schema')).map((properties) => ({ properties, additionalProperties: false })),
    tie('schema').map((each) => ({
      patternProperties: { '^[a-n]': each },
      additionalProperties: { type: 'string' },
    })),
    fc.constantFrom(
      { propertyNames: { maxLength: 6 } },
      { propertyNames: { pattern: '^[a-z]+$' } },
      { propertyNames: { $ref: '#/$defs/short' } },
      { propertyNames: { not: { $ref: '#/$defs/short' } } },
    ),
    named(fc.subarray([...NAMES], { maxLength: 2 })).map((dependentRequired) => ({ dependentRequired })),
    named(tie('schema')).map((dependentSchemas) => ({ dependentSchemas })),
    some(tie('schema')).map((allOf) => ({ allOf })),
    // What is left by alternatives, by a condition, by what is behind a reference.
    fc.tuple(tie('schema'), some(tie('object')), tie('object')).map(([rest, anyOf, own]) => {
      return { ...own, anyOf, unevaluatedProperties: rest };
    }),
    fc.tuple(tie('object'), tie('object'), tie('object')).map(([test, then, otherwise]) => {
      return { if: test, then, else: otherwise, unevaluatedProperties: false };
    }),
    fc.tuple(tie('object'), named(tie('object'))).map(([one, dependentSchemas]) => {
      return {
        $ref: '#/$defs/node',
        oneOf: [one, { required: ['b'] }],
        dependentSchemas,
        unevaluatedProperties: false,
      };
    }),
    fc
      .tuple(tie('schema'), some(tie('list')), tie('list'))
      .map(([rest, anyOf, own]) => ({ ...own, anyOf, unevaluatedItems: rest })),
    fc
      .tuple(tie('list'), tie('list'))
      .map(([one, own]) => ({ ...own, allOf: [one], unevaluatedItems: false })),
    some(tie('schema')).map((anyOf) => ({ anyOf })),
    some(tie('schema')).map((oneOf) => ({ oneOf })),
    tie('schema').map((not) => ({ not })),
    fc.tuple(tie('schema'), tie('schema'), tie('schema')).map(([test, then, otherwise]) => {
      return { if: test, then, else: otherwise };
    }),
  ),
  object: fc
    .tuple(
      named(tie('schema')),
      fc.subarray([...NAMES], { maxLength: 1 }),
      fc.option(tie('schema'), { nil: null, freq: 4 }),
    )
    .map(([properties, required, matched]) => ({
      properties,
      required,
      ...(matched !== null && { patternProperties: { '^[a-n]': matched } }),
    })),
  list: fc.oneof(
    some(tie('schema')).map((prefixItems) => ({ prefixItems })),
    fc
      .tuple(some(tie('schema')), tie('schema'))
      .map(([prefixItems, contains]) => ({ prefixItems, contains })),
    tie('schema').map((items) => ({ items })),
  ),
  // Two parts side by side, the second in case of doubt.
  schema: fc
    .tuple(tie('part'), fc.option(tie('part'), { nil: {}, freq: 2 }))
    .map(([a, b]): Schema => (typeof a === 'boolean' ? a : { ...a, ...(typeof b === 'boolean' ? {} : b) })),
}));

const DEFINITIONS = {
  node: { type: 'object', properties: { b: { $ref: '#/$defs/node' }, price: { type: 'number' } } },
  leaf: { type: ['string', 'integer'] },
  short: { maxLength: 4 },
  never: { anyOf: [{ not: true }] },
};

/** As draft-07 writes tuples. */
function tuples(one: unknown): unknown {
  if (Array.isArray(one)) return one.map(tuples);
  if (typeof one !== 'object' || one === null) return one;
  const { prefixItems, items, ...rest } = Object.fromEntries(
    Object.entries(one).map(([key, each]) => [key, tuples(each)]),
  );
  if (prefixItems === undefined) return items === undefined ? rest : { ...rest, items };
  return { ...rest, items: prefixItems, ...(items !== undefined && { additionalItems: items }) };
}

const DRAFT_2019 = { $schema: 'https://json-schema.org/draft/2019-09/schema' };
const DRAFT_7 = { $schema: 'http://json-schema.org/draft-07/schema#' };

/** Most are of 2020-12; older drafts know some keywords of it under other names, and some not. */
const DRAFTS: readonly ((one: object) => object)[] = [
  (one) => one,
  (one) => one,
  (one) => ({ ...DRAFT_2019, ...one }),
  (one) => ({ ...DRAFT_2019, ...(tuples(one) as object) }),
  (one) => ({ ...DRAFT_7, ...one }),
  (one) => ({ ...DRAFT_7, ...(tuples(one) as object) }),
];

/** Input schemas of tools, with every keyword that validators know. */
export const input = fc.tuple(schema, fc.constantFrom(...DRAFTS)).map(([one, draft]) => ({
  type: 'object',
  ...(typeof one === 'boolean' ? {} : draft(one)),
  $defs: DEFINITIONS,
}));

const OF_ANY_MEMBERS = { type: 'object', $defs: DEFINITIONS };

/** Two of the tools have random schemas: `schemas` of the fuzz asks of these alone, and many more of them. */
const catalogOf = (tool: (schema: object) => object): fc.Arbitrary<string> =>
  fc.tuple(fc.nat({ max: TOOLS.length - 1 }), input, input).map(([first, one, other]) => {
    const schemas = new Map([
      [TOOLS[first], one],
      [TOOLS[(first + 1) % TOOLS.length], other],
    ]);
    const tools = TOOLS.map((name) => ({ name, inputSchema: tool(schemas.get(name) ?? OF_ANY_MEMBERS) }));
    return JSON.stringify({ tools });
  });

const CONFIGURATION = 'catalog: tools.json';
const settings = fc.record({ tools: fc.constantFrom('any', 'only-catalog'), validate_args: fc.boolean() });

/** What the checks against the catalog cannot look into: the policies are random, and would not compile. */
const veiled = ({ $schema, $defs, ...schema_ }: Record<string, unknown>): object => ({
  ...($schema !== undefined && { $schema }),
  type: 'object',
  // What stands there is meant as it stands.
  properties: { note: { 'x-plan-lint-template': true } },
  not: { not: schema_ },
  $defs,
});

/** A policy directory: policies of all kinds with tools whose schemas say little before a plan is there. */
const policiesAndCatalog = fc
  .tuple(
    withExceptions(policyFile),
    settings,
    catalogOf((one) => veiled(one as Record<string, unknown>)),
  )
  .map(([file, switches, catalog]) => ({
    'p.yaml': JSON.stringify({ ...(JSON.parse(file) as object), ...switches }),
    'plan-lint.yaml': CONFIGURATION,
    'tools.json': catalog,
  }));

/** The same with the two settings alone, and schemas as they are. */
const catalogAlone = fc
  .tuple(
    settings,
    catalogOf((one) => one),
  )
  .map(([switches, catalog]) => ({
    'p.yaml': JSON.stringify({ max_steps: 100, ...switches, validate_args: true }),
    'plan-lint.yaml': CONFIGURATION,
    'tools.json': catalog,
  }));

export const policyFiles: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
  { weight: 2, arbitrary: withExceptions(policyFile).map((file) => ({ 'p.yaml': file })) },
  { weight: 1, arbitrary: policiesAndCatalog },
  { weight: 1, arbitrary: catalogAlone },
);

/** A question, half of the time with references in the later steps; seldom of a plan that is as long as few are. */
export const asked = fc.oneof(
  { weight: 1000, arbitrary: question },
  { weight: 1000, arbitrary: withReferences(question) },
  { weight: 1, arbitrary: longQuestion },
);
