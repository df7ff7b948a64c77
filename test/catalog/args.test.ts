/** `validate_args`: what the compiled validators say, of ordinary schemas and of hostile ones. */
import { describe, expect, it } from 'vitest';
import { FORBIDDEN_WORDS } from '../../runtime/contract.ts';
import { scanModule } from '../../runtime/load.ts';
import { compileMemory, diagnose } from '../support/decide.ts';
import { LARGER, bundleWith, filesOf, findings } from './support.ts';

const object = (properties: object, more: object = {}): object => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...more,
});

describe('arguments against the schema of their tool', () => {
  it('says where and what, and never shows a value', async () => {
    const bundle = await bundleWith({
      t: object(
        {
          amount: { type: 'number', minimum: 0.01 },
          currency: { enum: ['EUR', 'USD'] },
          lines: { type: 'array', items: object({ price: { type: ['integer', 'null'] } }) },
          to: { anyOf: [{ type: 'string', pattern: '^[A-Z]{2}' }, object({ iban: { type: 'string' } })] },
        },
        { required: ['amount'] },
      ),
    });
    const good = { amount: 5, currency: 'EUR', lines: [{ price: 1 }, { price: null }], to: { iban: 'x' } };
    expect(findings(bundle, good)).toEqual([]);
    expect(findings(bundle, { ...good, amount: 'sk-secret' })).toEqual([
      'validate_args amount: argument `amount` of `t` must be a number',
    ]);
    expect(findings(bundle, { ...good, amount: 0 })).toEqual([
      'validate_args amount: argument `amount` of `t` must be at least 0.01',
    ]);
    expect(findings(bundle, { currency: 'EUR' })).toEqual([
      'validate_args amount: argument `amount` of `t` is missing',
    ]);
    expect(findings(bundle, { ...good, currency: 'GBP' })).toEqual([
      'validate_args currency: argument `currency` of `t` must be one of "EUR", "USD"',
    ]);
    expect(findings(bundle, { ...good, lines: [{ price: 1 }, { price: 1.5 }] })).toEqual([
      'validate_args lines[1].price: argument `lines[1].price` of `t` must be a whole number or null',
    ]);
    expect(findings(bundle, { ...good, memo: 'x' })).toEqual([
      'validate_args memo: argument `memo` of `t` is not known to the catalog',
    ]);
    expect(findings(bundle, { ...good, to: 'de' })).toEqual([
      'validate_args to: argument `to` of `t` must have one of the forms that the catalog lists',
    ]);
  });

  it('lists the first of many values, and none at length', async () => {
    const many = Array.from({ length: 12 }, (_, i) => i);
    const input = object({
      code: { enum: many },
      word: { enum: ['import("x")', 'w'.repeat(90), null, { a: ['v_0_', 's_0_'] }] },
    });
    const bundle = await bundleWith({ t: input });
    expect(findings(bundle, { code: 99 })).toEqual([
      'validate_args code: argument `code` of `t` must be one of 0, 1, 2, 3, 4, 5, 6, 7 and 4 more',
    ]);
    expect(findings(bundle, { word: 'x' })).toEqual([
      `validate_args word: argument \`word\` of \`t\` must be one of "import(\\"x\\")", "${'w'.repeat(39)}…, null, {"a":["v_0_","s_0_"]}`,
    ]);
  });

  it('shows no name that is itself a secret', async () => {
    const bundle = await bundleWith(
      { t: object({}) },
      'validate_args: true\ndeny_tokens_regex: ["sk-[a-z]+"]\n',
    );
    expect(findings(bundle, { 'sk-abc': 1 }).join('\n')).not.toContain('sk-abc');
    expect(findings(bundle, { 'sk-abc': 1 })).toContain(
      'validate_args [secret]: argument `[secret]` of `t` is not known to the catalog',
    );
  });

  it('counts a reference against the plan, and puts it off where values come later', async () => {
    const bundle = await bundleWith({
      t: object({
        n: { type: 'integer', minimum: 5 },
        text: { type: 'string', maxLength: 3 },
        none: { not: { type: 'string' } },
        deep: { type: 'array', items: object({ n: { enum: [1, 2] } }) },
      }),
    });
    for (const whole of ['${s0.result.x}', '{{s0.result.x}}', '{{ s0.result }}', '${s0.result[0].x}']) {
      const args = { n: whole, text: whole, none: whole, deep: [{ n: whole }, { n: 1 }] };
      expect(findings(bundle, args), whole).toHaveLength(1);
      expect(findings(bundle, args, 't', 'later'), whole).toEqual([]);
    }
    for (const partial of [
      'x${s0.result.x}',
      '${s0.result.x} ',
      '${s0.result.x}${s0.result.y}',
      '{{s0.result.x}}0',
    ]) {
      expect(findings(bundle, { n: partial }), partial).toHaveLength(1);
      expect(findings(bundle, { text: partial }), partial).toHaveLength(1);
      expect(findings(bundle, { text: partial }, 't', 'later'), partial).toEqual([]);
    }
    // Of members that are not declared, too: a text known in part is a text, and a whole reference may be anything.
    const others = await bundleWith({ t: { type: 'object', additionalProperties: { type: 'string' } } });
    expect(findings(others, { memo: 'x${s0.result.x}' })).toEqual([]);
    expect(findings(others, { memo: '${s0.result.x}' })).toHaveLength(1);
    expect(findings(others, { memo: '${s0.result.x}' }, 't', 'later')).toEqual([]);
    expect(findings(others, { memo: '${s0.result.x' }, 't', 'later')).toHaveLength(1);
    const numbers = await bundleWith({ t: { type: 'object', additionalProperties: { type: 'number' } } });
    expect(findings(numbers, { memo: 'x${s0.result.x}' })).toHaveLength(1);
    const opaque = '{{ s0.result | json }}';
    expect(findings(bundle, { text: opaque }, 't', 'later'), opaque).toHaveLength(1);
    // A name is no place for one.
    expect(findings(bundle, { '${s0.result.x}': 1 })).toHaveLength(1);
    // All the others of the same call are still held to their schemas.
    expect(findings(bundle, { n: '${s0.result.x}', text: 7 }, 't', 'later')).toHaveLength(1);
  });

  it.each<[string, object | boolean]>([
    ['false', false],
    ['what is not anything', { not: {} }],
    ['what is not true', { not: { description: 'anything', not: false } }],
    ['one of no values', { enum: [] }],
    ['all of them, one of which is nothing', { allOf: [{ type: 'string' }, { not: true }] }],
    ['any of nothing', { anyOf: [false, { enum: [] }] }],
    ['one of nothing', { oneOf: [{ allOf: [false] }] }],
    ['a definition that is nothing', { $ref: '#/$defs/never' }],
  ])('lets no reference stand where no value may: %s', async (_, never) => {
    const bundle = await bundleWith({
      t: object(
        {
          x: never,
          list: { type: 'array', items: never },
          pair: { type: 'array', prefixItems: [true, never] },
          deep: object({ x: { allOf: [{ properties: { y: never } }] } }),
          any: { anyOf: [never, { type: 'string' }] },
          guarded: { if: { type: 'string' }, then: never },
          not: { not: never },
          held: { contains: never },
          rest: { type: 'object', additionalProperties: never },
          named: { type: 'object', patternProperties: { '^a': never } },
        },
        { $defs: { never: { allOf: [{ $ref: '#/$defs/nothing' }] }, nothing: { not: {} } } },
      ),
    });
    const later = '${s0.result.x}';
    for (const [path, args] of [
      ['x', { x: later }],
      ['list[0]', { list: [later] }],
      ['pair[1]', { pair: [1, later] }],
      ['deep.x.y', { deep: { x: { y: later } } }],
      ['rest.b', { rest: { b: later } }],
      ['named.ab', { named: { ab: later } }],
    ] as const)
      expect(findings(bundle, args), path).toEqual([expect.stringContaining(`argument \`${path}\` of`)]);
    expect(findings(bundle, { held: [later] })).toHaveLength(1);
    // Of these there are values.
    const fine = { any: later, guarded: later, not: later, list: [], pair: [later], rest: {}, held: later };
    expect(findings(bundle, fine, 't', 'later')).toEqual([]);
  });

  it('counts characters and decimals as people do', async () => {
    const bundle = await bundleWith({
      t: object({ text: { maxLength: 2 }, price: { multipleOf: 0.01 }, tiny: { multipleOf: 1e-7 } }),
    });
    expect(findings(bundle, { text: '\u{1f600}\u{1f600}', price: 19.99, tiny: 3e-7 })).toEqual([]);
    expect(findings(bundle, { price: 19.999 })).toHaveLength(1);
    expect(findings(bundle, { text: '\u{1f600}ab' })).toHaveLength(1);
  });

  it('asks of tools outside the catalog nothing but whether they may be used', async () => {
    const open = await bundleWith({ t: object({}) }, 'validate_args: true');
    expect(findings(open, { x: 1 }, 'u')).toEqual([]);
    const closed = await bundleWith({ t: object({}) });
    expect(findings(closed, { x: 1 }, 'u')).toEqual(['tools : the step uses `u`']);
  });

  it('holds for every entry with one copy of the validators', async () => {
    const files = filesOf({ t: object({ n: { type: 'integer' } }) });
    const one = await compileMemory({ ...files, 'a.yaml': 'extends: p.yaml\nmax_steps: 9' });
    const two = await compileMemory({
      ...files,
      'a.yaml': 'extends: p.yaml\nmax_steps: 9',
      'b.yaml': 'extends: p.yaml\nmax_steps: 8',
    });
    expect(two.module.entries).toHaveLength(2);
    expect(two.module.code.match(/function validate0/g)).toHaveLength(1);
    expect(two.module.code.length - one.module.code.length).toBeLessThan(2_000);
  });
});

describe('hostile schemas', () => {
  const nasty = [
    ...FORBIDDEN_WORDS,
    '</script>',
    '\u2028',
    '\u0000',
    '"];alert(1)//',
    '`${process.exit()}`',
    "'",
    '\\',
    '\\u0065val',
    'a/b~c',
    's_0_',
    '"s_1_"',
    't_0_',
    'v_0_',
    'validate0',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'instancePath',
    '\u{1f600}',
    '',
  ];

  it('survive as names: what they allow is allowed, what they refuse is refused', async () => {
    // A name with an opener is refused before any schema is asked.
    const names = nasty.filter((name) => !name.includes('${'));
    const properties = JSON.parse(
      `{${names.map((name) => `${JSON.stringify(name)}:{"type":"integer"}`).join(',')}}`,
    ) as object;
    const files = filesOf({
      t: { type: 'object', properties, required: names, additionalProperties: false },
    });
    const { module } = await compileMemory(files);
    expect(() => scanModule(module.code)).not.toThrow();
    const bundle = await bundleWith({
      t: { type: 'object', properties, required: names, additionalProperties: false },
    });
    const all = (value: (name: string) => unknown): unknown =>
      JSON.parse(
        `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(value(name))}`).join(',')}}`,
      );
    expect(
      findings(
        bundle,
        all(() => 1),
      ),
    ).toEqual([]);
    for (const name of names) {
      expect(
        findings(
          bundle,
          all((each) => (each === name ? 'x' : 1)),
        ),
        name,
      ).toHaveLength(1);
      const without = Object.fromEntries(
        Object.entries(all(() => 1) as Record<string, unknown>).filter(([each]) => each !== name),
      );
      const [finding = ''] = findings(bundle, without);
      expect(finding, name).toContain('is missing');
      expect(finding, name).toContain(name);
    }
    expect(findings(bundle, { ...(all(() => 1) as object), other: 1 })).toHaveLength(1);
  });

  it('survive as values, patterns and descriptions', async () => {
    const escaped = nasty.map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
    const tools = {
      t: object({
        among: { enum: [...nasty, { constructor: ['__proto__'] }] },
        only: { const: JSON.parse('{"__proto__": {"import": "</script>"}}') as unknown },
        form: { type: 'string', pattern: `^(?:${escaped.join('|')})$` },
        text: { type: 'string', description: nasty.join(' '), default: nasty, examples: nasty },
      }),
    };
    const { module } = await compileMemory(filesOf(tools));
    expect(() => scanModule(module.code)).not.toThrow();
    const bundle = await bundleWith(tools);
    for (const value of nasty.filter((text) => !text.includes('${'))) {
      expect(findings(bundle, { among: value, form: value, text: value }), value).toEqual([]);
      expect(findings(bundle, { among: `${value}!` }), value).toHaveLength(1);
      expect(findings(bundle, { form: `!${value}` }), value).toHaveLength(1);
    }
    expect(findings(bundle, { among: { constructor: ['__proto__'] } })).toEqual([]);
    expect(findings(bundle, { among: { constructor: ['proto'] } })).toHaveLength(1);
    expect(findings(bundle, JSON.parse('{"only": {"__proto__": {"import": "</script>"}}}'))).toEqual([]);
    expect(findings(bundle, { only: {} })).toHaveLength(1);
  });

  it('survive as names of tools', async () => {
    const names = nasty.filter((name) => !/[\s\p{C}?[\]{}()!]/u.test(name) && name !== '');
    const bundle = await bundleWith(
      Object.fromEntries(names.map((name) => [name, object({ [name]: { type: 'null' } })])),
    );
    for (const name of names.filter((each) => each !== '__proto__')) {
      expect(findings(bundle, { [name]: null }, name), name).toEqual([]);
      expect(findings(bundle, { [name]: 1 }, name), name).toHaveLength(1);
    }
  });

  it('many properties are looked up, not inherited', async () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, { type: 'integer' }]));
    const bundle = await bundleWith({ t: object(many) });
    expect(findings(bundle, { p0: 1, p39: 2 })).toEqual([]);
    for (const name of ['toString', 'constructor', '__proto__', 'p40']) {
      expect(findings(bundle, JSON.parse(`{${JSON.stringify(name)}: 1}`)), name).toHaveLength(1);
    }
  });

  it('that grow without end with the depth of a plan come to an end, and deny', async () => {
    const twice = { $ref: '#/$defs/node' };
    const bundle = await bundleWith({
      t: {
        type: 'object',
        properties: { next: twice },
        $defs: {
          node: {
            oneOf: [{ properties: { next: twice } }, { properties: { next: twice }, required: ['x'] }],
          },
        },
      },
    });
    let deep: unknown = {};
    for (let i = 0; i < 50; i += 1) deep = { next: deep };
    expect(findings(bundle, deep)).toHaveLength(1);
    expect(findings(bundle, { next: { next: {} } })).toEqual([]);
  });

  it('time follows the length of the arguments: `uniqueItems` of objects, and a pattern that would backtrack', async () => {
    const bundle = await bundleWith(
      {
        t: object({
          list: { type: 'array', uniqueItems: true },
          text: { type: 'string', pattern: '^(a+)+$' },
        }),
      },
      undefined,
      LARGER,
    );
    const list = Array.from({ length: 30_000 }, (_, i) => ({ id: i, name: 'x' }));
    // Comparing each with each other would be 450 million comparisons, and the match would outlast the test.
    expect(findings(bundle, { list, text: `${'a'.repeat(50_000)}!` })).toHaveLength(1);
    expect(findings(bundle, { list: [...list, { name: 'x', id: 7 }] })).toHaveLength(1);
    expect(findings(bundle, { list })).toEqual([]);
  });

  it('a pattern that cannot be made linear is refused, with its place', async () => {
    const [shown = ''] = await diagnose(filesOf({ t: object({ a: { pattern: '(a)\\1' } }) }));
    expect(shown).toContain('PL3309');
    expect(shown).toContain('tools.json:1:');
  });

  it('`format` is an annotation, as JSON Schema 2020-12 has it', async () => {
    const bundle = await bundleWith({ t: object({ mail: { type: 'string', format: 'email' } }) });
    expect(findings(bundle, { mail: 'not one' })).toEqual([]);
  });
});

describe('the module', () => {
  it('has the same bytes whenever it is made', async () => {
    const files = filesOf({ t: object({ n: { type: 'integer' } }), u: object({ n: { enum: ['x'] } }) });
    expect((await compileMemory(files)).module.code).toBe((await compileMemory(files)).module.code);
  });
});

describe('a schema that refers to itself in two places at once', () => {
  const tree = (n: number): Record<string, object> =>
    Object.fromEntries([
      ...Array.from({ length: n }, (_, i) => {
        const next = { $ref: `#/$defs/a${i + 1}` };
        return [`a${i}`, { anyOf: [next, next] }] as [string, object];
      }),
      [`a${n}`, { type: 'string' }],
    ]);

  it('denies when it has asked enough, without gathering findings without end', async () => {
    const bundle = await bundleWith({ t: object({ x: { $ref: '#/$defs/a0' } }, { $defs: tree(45) }) });
    expect(findings(bundle, { x: 5 })).toHaveLength(1);
    expect(findings(bundle, { x: 'text' })).toEqual([]);
  });

  it('takes over the findings of many elements', async () => {
    const $defs = { s: { type: 'string' } };
    const bundle = await bundleWith(
      { t: object({ x: { type: 'array', items: { $ref: '#/$defs/s' } } }, { $defs }) },
      undefined,
      LARGER,
    );
    expect(findings(bundle, { x: Array.from({ length: 90_000 }, () => 5) })).toHaveLength(1);
  });
});

describe('hostile references', () => {
  const says = (schema: object): Promise<readonly string[]> => diagnose(filesOf({ t: schema }));

  it('are refused with a place where they lead to what is no schema', async () => {
    for (const weird of [{ minimum: 'x' }, { type: 'no type' }, { enum: 5 }, { required: 'y' }]) {
      const said = await says({ type: 'object', properties: { x: { $ref: '#/weird' } }, weird });
      expect(said).toHaveLength(1);
      expect(said[0]).toContain('PL1505');
    }
    const fine = { type: 'object', properties: { x: { $ref: '#/weird' } }, weird: { type: 'string' } };
    expect(await says(fine)).toEqual([]);
  });

  it('are refused where a chain of them is longer than the stack', async () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`a${i}`, { $ref: `#/$defs/a${i + 1}` }]),
    );
    const said = await says({ type: 'object', $ref: '#/$defs/a0', $defs: { ...$defs, a20000: {} } });
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('leads through 20002 schemas');
  });

  it('are refused where they lead to more places than ajv can make functions of', async () => {
    const refs = Array.from({ length: 2001 }, (_, i) => ({ $ref: `#/$defs/${i}` }));
    const said = await says({
      type: 'object',
      allOf: refs,
      $defs: Object.fromEntries(refs.map((_, i) => [i, {}])),
    });
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('more than 2000 different places');
  });
});
