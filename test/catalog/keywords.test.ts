/** Keywords where ajv's own code, or the way it is used here, could let a plan pass that its schema forbids. */
import { describe, expect, it } from 'vitest';
import { diagnose } from '../support/decide.ts';
import { bundleWith, filesOf, findings } from './support.ts';

const x = (schema: unknown, more: object = {}): object => ({
  type: 'object',
  properties: { x: schema },
  ...more,
});
const DRAFT_7 = { $schema: 'http://json-schema.org/draft-07/schema#' };
const LATER = '${s0.result.x}';

/** What breaks a schema, of some values of one argument. */
async function refused(tool: object, values: readonly unknown[]): Promise<readonly unknown[]> {
  const bundle = await bundleWith({ t: tool });
  return values.filter((value) => findings(bundle, { x: value }, 't', 'later').length > 0);
}

describe('`contains`', () => {
  const text = { contains: { type: 'string' } };

  it('asks every list anew: an empty one behind one that had the element has it not', async () => {
    const lists = [[['a'], []], [[], ['a']], [[]], [['a'], [1]]];
    expect(await refused(x({ items: text }), [...lists, [['a'], ['b', 1]]])).toEqual(lists);
    const members = [{ a: ['a'], b: [] }];
    expect(await refused(x({ additionalProperties: text }), members)).toEqual(members);
    expect(await refused(x({ patternProperties: { '': text } }), members)).toEqual(members);
  });

  it('counts', async () => {
    const lists = [[], ['a'], ['a', 'b'], ['a', 1, 'b'], ['a', 'b', 'c'], [1]];
    const of = (limits: object): Promise<readonly unknown[]> => refused(x({ ...text, ...limits }), lists);
    expect(await of({ minContains: 2 })).toEqual([[], ['a'], [1]]);
    expect(await of({ maxContains: 2 })).toEqual([[], ['a', 'b', 'c'], [1]]);
    expect(await of({ minContains: 0, maxContains: 1 })).toEqual([
      ['a', 'b'],
      ['a', 1, 'b'],
      ['a', 'b', 'c'],
    ]);
    expect(await of({ minContains: 0 })).toEqual([]);
    expect(await of({ minContains: 2, maxContains: 1 })).toEqual(lists);
  });

  it('stands beside a tuple that the list does not fill, under `not` and `if` too', async () => {
    const tuple = { ...text, prefixItems: [{ type: 'string' }] };
    expect(await refused(x(tuple), [[], ['a']])).toEqual([[]]);
    expect(await refused(x({ not: { not: tuple } }), [[], ['a']])).toEqual([[]]);
    expect(await refused(x({ if: tuple, then: true, else: false }), [[], ['a']])).toEqual([[]]);
    expect(await refused(x({ not: tuple }), [[], ['a']])).toEqual([['a']]);
  });
});

it('`multipleOf` goes by decimal digits where they are many, too', async () => {
  const of = (divisor: number, values: readonly number[]): Promise<readonly unknown[]> =>
    refused(x({ multipleOf: divisor }), values);
  expect(await of(1e-8, [12_391_239_123, -747_486_564.2403044, 1e-9])).toEqual([1e-9]);
  // As a double this is 7 times a whole number, and its digits are not.
  expect(await of(7, [78_728_207_509_204_290, -7e22, 5e-324])).toEqual([78_728_207_509_204_290, 5e-324]);
});

describe('names', () => {
  it('are no place for a reference, behind a `$ref` neither', async () => {
    const $defs = { short: { maxLength: 3 }, other: { anyOf: [{ $ref: '#/$defs/short' }, false] } };
    for (const name of ['short', 'other']) {
      const tool = x({ propertyNames: { $ref: `#/$defs/${name}` } }, { $defs });
      expect(await refused(tool, [{ [LATER]: 1 }, { abc: LATER }])).toEqual([{ [LATER]: 1 }]);
    }
    // The same definition asked of values.
    const both = x(
      { propertyNames: { $ref: '#/$defs/short' }, additionalProperties: { $ref: '#/$defs/short' } },
      { $defs },
    );
    expect(await refused(both, [{ abc: LATER }, { [LATER]: 'abc' }, { abc: 'long' }])).toHaveLength(2);
    // The whole schema, asked of a name.
    const whole = {
      type: 'object',
      maxLength: 3,
      propertyNames: { anyOf: [{ $ref: '#' }, { maxLength: 4 }] },
    };
    const bundle = await bundleWith({ t: whole });
    expect(findings(bundle, { four: 1 })).toEqual([]);
    expect(findings(bundle, { [LATER]: 1 })).toHaveLength(1);
  });
});

describe('a place with the schema `false`', () => {
  it('admits no reference, for it admits no value', async () => {
    expect(await refused(x(false), [LATER])).toEqual([LATER]);
    expect(await refused(x({ items: false }), [[], [LATER]])).toEqual([[LATER]]);
    expect(await refused(x({ prefixItems: [true, false] }), [[1], [1, LATER]])).toEqual([[1, LATER]]);
    expect(await refused(x({ prefixItems: [true], items: false }), [[1], [1, LATER]])).toEqual([[1, LATER]]);
    expect(await refused(x({ patternProperties: { '^a': false } }), [{ b: LATER }, { a: LATER }])).toEqual([
      { a: LATER },
    ]);
    expect(await refused(x({ contains: false }), [[LATER]])).toEqual([[LATER]]);
    // What depends on the value is not known.
    expect(await refused(x({ if: { type: 'number' }, then: false }), [LATER, 5])).toEqual([5]);
  });
});

describe('what is left by the others', () => {
  const card = { properties: { card: true }, required: ['card'] };
  const bank = { properties: { iban: { type: 'string' } }, patternProperties: { '^note': true } };

  it('counts the alternatives that hold, and no others', async () => {
    const either = x({ anyOf: [card, bank], properties: { id: true }, unevaluatedProperties: false });
    const values = [
      { id: 1, card: 1 },
      { iban: 'a', note1: 1 },
      { iban: 1 },
      { card: 1, iban: 1 },
      { other: 1 },
    ];
    expect(await refused(either, values)).toEqual([{ iban: 1 }, { card: 1, iban: 1 }, { other: 1 }]);
    const rest = x({
      if: card,
      then: { properties: { cvv: true } },
      unevaluatedProperties: { type: 'number' },
    });
    expect(await refused(rest, [{ card: 'a', cvv: 'b' }, { cvv: 'b' }, { cvv: 5 }, { a: LATER }])).toEqual([
      { cvv: 'b' },
    ]);
  });

  it('is none where another has taken all', async () => {
    const all = x({ allOf: [{ additionalProperties: { type: 'number' } }], unevaluatedProperties: false });
    expect(await refused(all, [{ a: 1 }, { a: 'b' }])).toEqual([{ a: 'b' }]);
  });

  it('of lists is what neither a tuple nor `contains` has', async () => {
    const list = x({ prefixItems: [true], contains: { type: 'string' }, unevaluatedItems: { type: 'null' } });
    expect(await refused(list, [[1, 'a', null], [1, 'a', 2], ['a'], [1]])).toEqual([[1, 'a', 2], [1]]);
    const listed = { anyOf: [{ prefixItems: [true, { type: 'string' }] }, true], unevaluatedItems: false };
    expect(await refused(x(listed), [[1, 'a'], [1, 2], [1, 'a', 3], []])).toEqual([
      [1, 2],
      [1, 'a', 3],
    ]);
  });

  it('says nothing in draft-07', async () => {
    expect(await refused(x({ unevaluatedProperties: false }, DRAFT_7), [{ a: 1 }])).toEqual([]);
  });

  it('is refused beside alternatives that are too many to write out', async () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [
        `d${i}`,
        i === 11 ? card : { anyOf: [1, 2].map(() => ({ $ref: `#/$defs/d${i + 1}` })) },
      ]),
    );
    const [said = ''] = await diagnose(
      filesOf({ t: x({ $ref: '#/$defs/d0', unevaluatedProperties: false }, { $defs }) }),
    );
    expect(said).toContain('PL3309');
    expect(said).toContain('`unevaluatedProperties` stands beside too many alternatives');
  });
});

describe('draft-07', () => {
  it('does not know the keywords that came later', async () => {
    const of = (schema: object, values: readonly unknown[]): Promise<readonly unknown[]> =>
      refused(x(schema, DRAFT_7), values);
    expect(
      await of({ contains: { type: 'string' }, minContains: 0, maxContains: 1 }, [[], ['a', 'b']]),
    ).toEqual([[]]);
    expect(await of({ prefixItems: [true], items: { type: 'string' } }, [[1], ['a']])).toEqual([[1]]);
    expect(await of({ not: { dependentRequired: { a: ['b'] } } }, [{ a: 1 }])).toEqual([{ a: 1 }]);
    expect(await of({ not: { dependentSchemas: { a: false } } }, [{ a: 1 }])).toEqual([{ a: 1 }]);
    expect(
      await of({ items: [{ type: 'string' }], additionalItems: { type: 'number' } }, [
        ['a', 1],
        [1],
        ['a', 'a'],
      ]),
    ).toEqual([[1], ['a', 'a']]);
  });

  it('has `enum` with objects, whatever their members are called, and none of them twice', async () => {
    const listed: readonly object[] = [{ valueOf: 1 }, { a: 1, b: { toJSON: 2 } }, { a: 1 }];
    expect(await refused(x({ enum: listed }, DRAFT_7), [...listed, {}])).toEqual([{}]);
    const twice = x(
      {
        enum: [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      },
      DRAFT_7,
    );
    const [said = ''] = await diagnose(filesOf({ t: twice }));
    expect(said).toContain('`properties/x/enum` must NOT have duplicate items');
  });
});
