/**
 * The shape of test files: the keys that the reader takes, and the same as JSON Schema (draft 2020-12) for editors.
 * `policies/schema/policy-test.schema.json` is written from here.
 */

/** Where it is published, below the policy directory. */
export const TEST_SCHEMA_FILE = 'schema/policy-test.schema.json';

type Json = Readonly<Record<string, unknown>>;

const text = (description: string): Json => ({ description, type: 'string' });

export const STATUSES = ['pass', 'warn', 'approval', 'deny'] as const;

/** What stands in a step is for the decision to judge: a test may be about one that is badly made. */
const STEP = {
  id: { description: 'Its id; `s1` where there is none.' },
  tool: { description: 'The tool it calls.' },
  args: { description: 'Its arguments, by name; none where there is none.' },
  depends_on: { description: 'Ids of steps that come before it.' },
  on_fail: { description: 'What a failure of it leads to.' },
} as const satisfies Readonly<Record<string, Json>>;

const VIOLATION = {
  rule: text('The rule that must fire.'),
  step: text('The id of the step it must fire on.'),
  step_index: { description: 'The place of that step, counted from 0.', type: 'integer' },
} as const satisfies Readonly<Record<string, Json>>;

const EXPECT = {
  status: { description: 'What is decided.', enum: STATUSES },
  violations: {
    description: 'What must fire, by the name of its rule or with its step; `[]`: nothing may.',
    type: 'array',
    items: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/violation' }] },
  },
  not: { description: 'Rules that may not fire.', type: 'array', items: { type: 'string' } },
  exact: { description: 'Nothing may fire beside `violations`.', type: 'boolean' },
} as const satisfies Readonly<Record<string, Json>>;

const CASE = {
  name: text('What is tested, in words.'),
  entry: text('The policy to decide with; the default entry, or all, where there is none.'),
  plan: { description: 'The plan, as it would stand in its file.' },
  plan_file: text('A file with the plan, from the directory of this one.'),
  record_file: text('A record `{plan, context, now}`: a file, or a line of one, `log.jsonl:3`.'),
  step: {
    description: 'A step that is the whole plan.',
    type: 'object',
    additionalProperties: false,
    properties: STEP,
  },
  context: { description: 'What the caller vouches for.' },
  now: {
    description: 'When it is decided: an instant such as 2026-06-01T00:00:00Z, or milliseconds since 1970.',
    type: ['string', 'number'],
  },
  values: { description: 'Whether references count now or wait for their run.', enum: ['now', 'later'] },
  expect: {
    description: 'What is to come of it.',
    type: 'object',
    additionalProperties: false,
    properties: EXPECT,
  },
} as const satisfies Readonly<Record<string, Json>>;

const keys = <T extends object>(properties: T): readonly (keyof T & string)[] =>
  Object.keys(properties) as (keyof T & string)[];

/** The keys of each mapping in a test file. */
export const KEYS = {
  row: keys(CASE),
  test: [...keys(CASE), 'cases'],
  step: keys(STEP),
  expect: keys(EXPECT),
  violation: keys(VIOLATION),
} as const;

const row = { type: 'object', additionalProperties: false, properties: CASE };

/** The shape of a test file. A file without `tests`, `expect` and `cases` is no test and let be. */
export const testSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'a file of policy tests',
  anyOf: [
    { $ref: '#/$defs/test' },
    { type: 'array', items: { $ref: '#/$defs/test' } },
    {
      type: 'object',
      required: ['tests'],
      properties: {
        tests: {
          description: 'The tests.',
          anyOf: [{ type: 'array', items: { $ref: '#/$defs/test' } }, { $ref: '#/$defs/test' }],
        },
      },
    },
  ],
  $defs: {
    test: {
      title: 'a test',
      type: 'object',
      additionalProperties: false,
      properties: {
        ...CASE,
        cases: {
          description: 'A table: what a row does not say, its test says.',
          type: 'array',
          items: { ...row, title: 'a row' },
        },
      },
      anyOf: [{ required: ['expect'] }, { required: ['cases'] }],
    },
    violation: {
      title: 'a violation',
      type: 'object',
      additionalProperties: false,
      required: ['rule'],
      properties: VIOLATION,
    },
  },
} as const satisfies Json;
