/** The lists of tools that people have: each form says the same of the same tool. */
import { describe, expect, it } from 'vitest';
import { bundleFrom, diagnose } from '../support/decide.ts';
import { bundleWith, findings, SETTINGS } from './support.ts';

const SCHEMA = {
  type: 'object',
  properties: { a: { type: 'integer', minimum: 1 } },
  required: ['a'],
};
const TOOL = { name: 't', description: 'what it does', inputSchema: SCHEMA };
const MCP = { tools: [TOOL] };
const OTHER = { name: 'u', inputSchema: { type: 'object' } };
const rpc = (result: unknown): object => ({ jsonrpc: '2.0', id: 1, result });
const FUNCTION = { name: 't', description: 'what it does', parameters: SCHEMA, strict: false };
const GEMINI = {
  name: 't',
  parameters: {
    type: 'OBJECT',
    properties: { a: { type: 'INTEGER', format: 'int64', minimum: 1 } },
    required: ['a'],
    propertyOrdering: ['a'],
  },
};

const FORMS: Readonly<Record<string, unknown>> = {
  'an answer to tools/list': MCP,
  'the same with a cursor that leads nowhere': { ...MCP, nextCursor: null },
  'the same with an empty cursor': { ...MCP, nextCursor: '' },
  'an answer in its JSON-RPC envelope': rpc({ ...MCP, nextCursor: null }),
  'a list of pages': [
    { tools: [OTHER], nextCursor: 'abc' },
    { ...MCP, _meta: {} },
  ],
  'a list of pages in envelopes': [rpc({ tools: [OTHER], nextCursor: 'abc' }), rpc(MCP)],
  'a bare list of tools': [TOOL, OTHER],
  'tools of Chat Completions (OpenAI)': [{ type: 'function', function: FUNCTION }],
  'tools of Responses (OpenAI)': { tools: [{ type: 'function', ...FUNCTION }] },
  'tools of Messages (Anthropic)': [
    { name: 't', input_schema: SCHEMA, cache_control: { type: 'ephemeral' } },
    { type: 'custom', name: 'u', input_schema: { type: 'object' } },
  ],
  'function declarations (Gemini)': { tools: [{ functionDeclarations: [GEMINI] }] },
  'function declarations with underscores (Gemini)': [{ function_declarations: [GEMINI] }],
  'function declarations with a JSON Schema (Gemini)': {
    functionDeclarations: [{ name: 't', parametersJsonSchema: SCHEMA }],
  },
};

const files = (catalog: unknown, configuration = 'catalog: tools.json'): Record<string, string> => ({
  'plan-lint.yaml': configuration,
  'p.yaml': SETTINGS,
  'tools.json': typeof catalog === 'string' ? catalog : JSON.stringify(catalog),
});

it.each(Object.entries(FORMS))('%s is read', async (_, catalog) => {
  const bundle = await bundleFrom(files(catalog));
  expect(findings(bundle, { a: 1 })).toEqual([]);
  expect(findings(bundle, { a: 0 })).toEqual(['validate_args a: argument `a` of `t` must be at least 1']);
  expect(findings(bundle, {})).toHaveLength(1);
  expect(findings(bundle, {}, 'v')).toEqual([expect.stringContaining('tools')]);
});

describe('what is no such list is refused, with its reason', () => {
  it.each([
    ['a page of several', { ...MCP, nextCursor: 'abc' }, 'PL1507'],
    ['pages, and the last is missing', [MCP, { tools: [OTHER], nextCursor: 'abc' }], 'PL1507'],
    ['an error', { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'no' } }, 'PL1509'],
    ['no list', { tools: { t: SCHEMA } }, 'PL1509'],
    ['no object', 5, 'PL1509'],
    ['two schemas', [{ ...TOOL, parameters: SCHEMA }], 'PL1509'],
    ['a slip in the name of the schema', [{ ...TOOL, InputSchema: {} }], 'PL1101'],
    ['a tool of the host', [{ type: 'web_search' }], 'PL1511'],
    ['a name of the host', [{ type: 'web_search_20250305', name: 'web_search' }], 'PL1511'],
    ['no name', [{ inputSchema: SCHEMA }], 'PL1103'],
    ['a name that is none', [{ ...TOOL, name: '' }], 'PL1509'],
    ['one tool twice', [TOOL, { type: 'function', function: FUNCTION }], 'PL1503'],
  ])('%s', async (_, catalog, code) => {
    const said = await diagnose(files(catalog));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`error ${code}: `);
  });
});

it('functions without parameters take no arguments', async () => {
  const bundle = await bundleFrom(files([{ type: 'function', function: { name: 't' } }]));
  expect(findings(bundle, {})).toEqual([]);
  expect(findings(bundle, { a: 1 })).toHaveLength(1);
});

it('what may be null for Gemini may be null', async () => {
  const properties = {
    n: { type: 'STRING', nullable: true, enum: ['a'] },
    l: { type: 'ARRAY', items: { type: 'NUMBER' }, minItems: '2' },
  };
  const bundle = await bundleFrom(
    files([{ functionDeclarations: [{ name: 't', parameters: { type: 'OBJECT', properties } }] }]),
  );
  expect(findings(bundle, { n: null, l: [1, 2] })).toEqual([]);
  expect(findings(bundle, { n: 'b' })).toHaveLength(1);
  expect(findings(bundle, { l: [1] })).toHaveLength(1);
});

describe('numbers that no double holds', () => {
  const limited = (limits: string): Record<string, string> =>
    files(`{"tools":[{"name":"t","inputSchema":{"properties":{"x":{${limits}}}}}]}`);

  it('as limits decide as they are written, for every number that a plan can hold', async () => {
    const passes = async (limits: string, values: readonly number[]): Promise<readonly number[]> => {
      const bundle = await bundleFrom(limited(limits));
      return values.filter((x) => findings(bundle, { x }).length === 0);
    };
    const below = 9223372036854774784;
    const above = 2 ** 63;
    const ends = [-above - 2048, -above, -below, 0, below, above];
    expect(await passes('"maximum":9223372036854775807', ends)).toEqual(ends.slice(0, 5));
    expect(await passes('"exclusiveMaximum":9223372036854775807', ends)).toEqual(ends.slice(0, 5));
    expect(await passes('"exclusiveMaximum":9223372036854775809', ends)).toEqual(ends);
    expect(await passes('"minimum":-9223372036854775808', ends)).toEqual(ends.slice(1));
    expect(await passes('"minimum":-9223372036854775807', ends)).toEqual(ends.slice(2));
    expect(await passes('"exclusiveMinimum":-9223372036854775809', ends)).toEqual(ends.slice(1));
    expect(await passes('"maxLength":9223372036854775807,"default":9223372036854775807', ends)).toEqual(ends);
  });

  it.each(['"const":9007199254740993', '"enum":[1,[9007199254740993]]', '"multipleOf":9007199254740993'])(
    'are refused in %s',
    async (keyword) => {
      const said = await diagnose(limited(keyword));
      expect(said).toHaveLength(1);
      expect(said[0]).toContain('error PL1010: `9007199254740993` is too large');
    },
  );
});

describe('drafts', () => {
  const passing = async (schema: object, values: readonly unknown[]): Promise<readonly unknown[]> => {
    const bundle = await bundleWith({ t: schema });
    return values.filter((x) => findings(bundle, { x }).length === 0);
  };
  const ADDRESSES = ['2020-12', '2019-09'].map((each) => `json-schema.org/draft/${each}/schema`);
  ADDRESSES.push(...['draft-07', 'draft-06', 'draft-04'].map((each) => `json-schema.org/${each}/schema`));

  it.each(ADDRESSES)('%s is known with http and https, with and without its end', async (address) => {
    for (const $schema of [`http://${address}`, `https://${address}#`])
      expect(await passing({ $schema, properties: { x: { type: 'string' } } }, ['a', 1])).toEqual(['a']);
  });

  it('`exclusiveMaximum: true` of draft-04 makes its `maximum` exclusive', async () => {
    const x = { maximum: 5, exclusiveMaximum: true, minimum: 1, exclusiveMinimum: false };
    const $schema = 'http://json-schema.org/draft-04/schema#';
    expect(await passing({ $schema, properties: { x } }, [0, 1, 4, 5])).toEqual([1, 4]);
  });

  it('tuples of 2019-09 are `items`, and `prefixItems` says nothing there', async () => {
    const $schema = 'https://json-schema.org/draft/2019-09/schema';
    const tuple = { items: [{ type: 'string' }], additionalItems: false, prefixItems: [false] };
    const lists = [['a'], [1], ['a', 'b']];
    expect(await passing({ $schema, properties: { x: tuple } }, lists)).toEqual([['a']]);
  });
});

describe('a tool that is left out', () => {
  const BAD = { name: 'bad.tool', inputSchema: { type: 'object', properties: { q: { required: true } } } };
  const CONFIGURATION = 'catalog: { file: tools.json, leave_out: [bad.tool] }';
  const left = files({ tools: [TOOL, BAD] }, CONFIGURATION);

  it('stops nobody, and calls of it are denied by both settings', async () => {
    expect(await diagnose(files({ tools: [TOOL, BAD] }))).toHaveLength(1);
    const both = await bundleFrom(left);
    expect(findings(both, { a: 1 })).toEqual([]);
    expect(findings(both, { q: 1 }, 'bad.tool')).toEqual([
      expect.stringContaining('tools'),
      'validate_args : the input of `bad.tool` cannot be checked, for the catalog leaves the tool out',
    ]);
    const one = await bundleFrom({ ...left, 'p.yaml': 'validate_args: true' });
    expect(findings(one, { q: '${s0.result}' }, 'bad.tool')).toHaveLength(1);
  });

  it('may be named in policies', async () => {
    const named = {
      ...left,
      'p.yaml': `${SETTINGS}allow_tools: [bad.tool, t, "bad.*"]\nbounds: { bad.tool.q: [0, 1] }`,
    };
    expect(await diagnose(named)).toEqual([]);
  });

  it('must be there', async () => {
    const absent = files(MCP, 'catalog: { file: tools.json, leave_out: [bad.toll] }');
    expect(await diagnose(absent)).toEqual([expect.stringContaining('error PL1512')]);
  });
});
