/** Schemas that lead through many others: what is let through compiles, and the rest is refused where it is read. */
import { describe, expect, it } from 'vitest';
import { components } from '../../compiler/1-parse/components.ts';
import { diagnose } from '../support/decide.ts';
import { bundleWith, filesOf, findings } from './support.ts';

const LIMIT = 100;
const DRAFT_7 = { $schema: 'http://json-schema.org/draft-07/schema#' };
type Link = (next: object) => object;

/** Definitions, each made of a reference to the next; the last has the text's length. */
function chain(length: number, link: Link, last: object = { type: 'string', minLength: 2 }): object {
  const links = Array.from({ length }, (_, i) => [`d${i}`, link({ $ref: `#/$defs/d${i + 1}` })] as const);
  return Object.fromEntries([...links, [`d${length}`, last]]);
}
const FIRST = { $ref: '#/$defs/d0' };
const tool = (x: object, $defs: object, more: object = {}): object => ({
  type: 'object',
  properties: { x },
  $defs,
  ...more,
});

const depths = async (schema: object): Promise<readonly string[]> =>
  (await diagnose(filesOf({ t: schema }))).map(
    (text) => /PL1508: .* through \d+ schemas/.exec(text)?.[0].replace(/: .*through/, '') ?? text,
  );

/** [keyword, link, values of the innermost that satisfy it, and that do not] */
const LINKS: readonly (readonly [string, Link, unknown, unknown])[] = [
  ['anyOf', (next) => ({ anyOf: [{ type: 'null' }, next] }), 'ab', 'a'],
  ['oneOf', (next) => ({ oneOf: [{ type: 'null' }, next] }), 'ab', 'a'],
  ['allOf', (next) => ({ allOf: [next] }), 'ab', 'a'],
  ['then', (next) => ({ if: { type: 'string' }, then: next }), 'ab', 'a'],
  ['else', (next) => ({ if: { type: 'null' }, else: next }), 'ab', 'a'],
  ['if', (next) => ({ if: next, else: false }), 'ab', 'a'],
  ['not', (next) => ({ not: next }), 'ab', 'a'],
  ['dependencies', (next) => ({ dependencies: { a: next } }), 'a', { a: 1 }],
  ['items', (next) => ({ items: next }), [[['ab']]], null],
  ['contains', (next) => ({ contains: next }), {}, []],
  ['properties', (next) => ({ properties: { p: next } }), { p: { p: 'ab' } }, null],
  ['patternProperties', (next) => ({ patternProperties: { '^p': next } }), { p: { p: 'ab' } }, null],
  ['additionalProperties', (next) => ({ additionalProperties: next }), { p: { p: 'ab' } }, null],
  ['propertyNames', (next) => ({ propertyNames: next }), { a: 1 }, null],
  ['if and not', (next) => ({ if: { not: next }, then: false }), 'ab', 'a'],
];

describe.each(LINKS)('%s', (_, link, right, wrong) => {
  // The innermost of what goes into the value is out of reach of the plan's depth; what stays at it is asked.
  const last = { type: 'string', minLength: 2, maxProperties: 0 };
  it.each([{}, DRAFT_7])('compiles up to the limit, and is refused above it: %j', async (draft) => {
    const perLink = link({ $ref: '' });
    const weight = 'if' in perLink && 'then' in perLink && 'not' in (perLink.if as object) ? 3 : 2;
    // Beside the links there are the root, the argument and the last one.
    const length = Math.floor((LIMIT - 3) / weight / 2) * 2;
    const schema = tool(FIRST, chain(length, link, last), draft);
    const bundle = await bundleWith({ t: schema });
    expect(findings(bundle, { x: right })).toEqual([]);
    if (wrong !== null) expect(findings(bundle, { x: wrong })).toHaveLength(1);
    const more = length + 2;
    expect(await depths(tool(FIRST, chain(more, link, last), draft))).toEqual([
      `PL1508 ${more * weight + 3} schemas`,
    ]);
  });
});

it('a chain of references alone, of the value and of its names', async () => {
  const link: Link = (next) => next;
  const bundle = await bundleWith({
    t: tool({ propertyNames: FIRST, type: 'object' }, chain(LIMIT - 4, link)),
  });
  expect(findings(bundle, { x: { ab: 1 } })).toEqual([]);
  expect(findings(bundle, { x: { a: 1 } })).toHaveLength(1);
  const both = tool({ anyOf: [FIRST, { propertyNames: FIRST }] }, chain(LIMIT - 4, link));
  expect(await depths(both)).toEqual([`PL1508 ${LIMIT + 1} schemas`]);
});

it('schemas inside each other, as deep as JSON may be', async () => {
  const nested = (depth: number): object => (depth === 0 ? { type: 'string' } : { not: nested(depth - 1) });
  const bundle = await bundleWith({ t: tool(nested(LIMIT - 2), {}) });
  expect(findings(bundle, { x: 'a' })).toEqual([]);
  expect(findings(bundle, { x: 1 })).toHaveLength(1);
  expect(await depths(tool(nested(LIMIT - 1), {}))).toEqual([`PL1508 ${LIMIT + 1} schemas`]);
});

describe('schemas that lead back to each other', () => {
  it('count one behind the other, and what is beside them does not', async () => {
    const leaves = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`l${i}`, { type: 'string' }]));
    const node = (length: number): object =>
      tool(
        FIRST,
        chain(length, (next) => ({ properties: { ...leaves, p: next } }), { items: FIRST, type: 'array' }),
      );
    // The root, the argument; the links with what refers to the next; the last and what refers to the first; a leaf.
    const length = Math.floor((LIMIT - 5) / 2);
    const bundle = await bundleWith({ t: node(length) });
    expect(findings(bundle, { x: { p: { l7: 'a' } } })).toEqual([]);
    expect(findings(bundle, { x: { p: { l7: 1 } } })).toHaveLength(1);
    expect(await depths(node(length + 1))).toEqual([`PL1508 ${2 * (length + 1) + 5} schemas`]);
  });

  it('count each time they are written into a function', async () => {
    // Every reference leads to a part of the one long schema, and makes a function of the rest of it.
    const places = (depth: number): readonly string[] =>
      Array.from({ length: depth }, (_, i) => `#/properties/x${'/items'.repeat(i)}`);
    const nested = (depth: number, last: object): object =>
      depth === 0 ? last : { items: nested(depth - 1, last) };
    const schema = (depth: number): object =>
      tool(nested(depth, { items: { anyOf: places(depth).map(($ref) => ({ $ref })) } }), {});
    await bundleWith({ t: schema(9) });
    expect(await depths(schema(40))).toEqual([expect.stringMatching(/^PL1508 \d{3} schemas$/)]);
  });

  it('are no circle where they go into the value, and are one where they do not, wherever they stand', async () => {
    const around = (a: object): object => ({
      ...tool({ $ref: '#/x-more/a' }, {}),
      'x-more': { a: { properties: { y: { $ref: '#/x-more/b' } } }, b: a },
    });
    await bundleWith({ t: around({ items: { $ref: '#/x-more/b' } }) });
    expect(await diagnose(filesOf({ t: around({ anyOf: [{ $ref: '#/x-more/b' }] }) }))).toEqual([
      expect.stringContaining('it leads back to itself without going into the value'),
    ]);
  });
});

it('many definitions side by side are no depth', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => i);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(many.map((i) => [`p${i}`, { $ref: `#/$defs/d${i}` }])),
    $defs: Object.fromEntries(many.map((i) => [`d${i}`, { type: 'string', minLength: i % 3 }])),
  };
  const bundle = await bundleWith({ t: schema });
  expect(findings(bundle, { p998: 'a', p997: 'a' })).toEqual([
    'validate_args p998: argument `p998` of `t` is shorter than the catalog asks for',
  ]);
});

it('components stand behind what they lead to, and a long chain is no recursion', () => {
  const edges: Readonly<Record<string, string>> = {
    a: 'b',
    b: 'cd',
    c: 'a',
    d: 'ef',
    e: 'e',
    f: 'd',
    g: 'a',
  };
  const found = components('ag', (node) => [...(edges[node] ?? '')]);
  expect(found.map((each) => [...each].sort().join(''))).toEqual(['e', 'df', 'abc', 'g']);
  expect(components([0], (n) => (n < 200_000 ? [n + 1] : []))).toHaveLength(200_001);
  expect(components([0], (n) => [(n + 1) % 200_000])).toHaveLength(1);
});

describe('forms of a choice', () => {
  const forms = (count: number): readonly object[] =>
    Array.from({ length: count }, (_, i) => ({
      type: 'object',
      properties: { k: { const: `v${i}` } },
      required: ['k'],
    }));
  const wide = (anyOf: readonly object[]): object => ({ type: 'object', properties: { x: { anyOf } } });

  it.each(['anyOf', 'oneOf'])('of %s beyond the limit are told with their place', async (keyword) => {
    const schema = { type: 'object', properties: { x: { [keyword]: forms(3000) } } };
    expect(await diagnose(filesOf({ t: schema }))).toEqual([
      expect.stringMatching(
        /tools\.json:\d+:\d+: error PL1508: the input of `t` leads through 3000 forms.*more than 500/,
      ),
    ]);
  });

  it('count together where they are asked one inside the other', async () => {
    const inner = { anyOf: forms(300) };
    const schema = wide([...forms(249), { type: 'object', properties: { y: inner } }]);
    expect(await diagnose(filesOf({ t: schema }))).toEqual([expect.stringMatching(/through 550 forms/)]);
  });

  it('up to the limit compile', async () => {
    const bundle = await bundleWith({ t: wide(forms(500)) });
    expect(findings(bundle, { x: { k: 'v499' } })).toEqual([]);
    expect(findings(bundle, { x: { k: 'v500' } })).not.toEqual([]);
  });
});
