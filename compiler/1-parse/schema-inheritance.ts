import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import { PARAM_TYPES, TIGHTENINGS } from '../ir/document.ts';

/** The shapes of what children and parents agree on: settings with a mode, `refine`, `params`, `exceptions`. */

const line = { type: 'string', minLength: 1, maxLength: 1024 };
const scalar = ['string', 'number', 'boolean', 'null'];
const globs = { type: 'array', items: { title: 'a tool name or glob', ...line } };
const operand = {
  type: [...scalar, 'array'],
  items: { title: 'an element of the list', type: scalar },
};

export const intervalSchema = {
  type: 'array',
  minItems: 2,
  maxItems: 2,
  items: { title: 'an end of an interval', type: ['number', 'null'] },
};

const mode = {
  title: '`mode`',
  description: '`guardrail`: children may only tighten it; `default`: children may set it anew.',
  enum: ['guardrail', 'default'],
};

/** A setting as its value alone, or as `{ value, mode, domain }`. `schema.type` names the value's own type. */
export function adjustable(schema: Readonly<Record<string, unknown>>, domain: object): object {
  return {
    ...schema,
    type: [schema['type'], 'object'],
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: { ...schema, title: '`value`' },
      mode,
      domain: { title: '`domain`', ...domain },
    },
  };
}

const sameTools = {
  title: '`tool`',
  description: 'Tools in place of the inherited ones; they must cover them.',
  type: ['string', 'array'],
  minLength: 1,
  minItems: 1,
  items: { title: 'a tool name or glob', ...line },
};

export const refineSchema = {
  title: '`refine`',
  description: 'Tightens inherited rules, by name.',
  type: 'array',
  items: {
    title: 'a refinement',
    type: 'object',
    additionalProperties: false,
    required: ['rule'],
    properties: {
      rule: { title: 'the name of an inherited rule', ...line },
      severity: { title: '`severity`', enum: SEVERITIES },
      enforcement: { title: '`enforcement`', enum: ENFORCEMENTS },
      weight: { title: 'a weight', type: 'number', minimum: 0, maximum: 1 },
      final: { title: '`final`', type: 'boolean' },
      enabled: { title: '`enabled`', type: 'boolean' },
      when: { title: '`when`' },
      tool: sameTools,
      add_tools: { title: '`add_tools`', ...globs },
      add_args: { title: '`add_args`', type: 'array', items: { title: 'an argument path', ...line } },
      value: { title: '`value`', ...operand },
      pattern: { $ref: '#/$defs/pattern' },
    },
  },
};

export const paramsSchema = {
  title: '`params`',
  description:
    'Values that patterns name as `${params.name}`: declared by a mapping, bound anew by a plain value.',
  type: 'object',
  propertyNames: { title: 'the name of a parameter', pattern: '^[a-z][a-z0-9_]*$', maxLength: 64 },
  additionalProperties: {
    title: 'a parameter',
    type: ['string', 'number', 'boolean', 'array', 'object'],
    items: { title: 'an element of the list', type: scalar },
    additionalProperties: false,
    required: ['type', 'value'],
    properties: {
      type: { title: '`type`', enum: PARAM_TYPES },
      value: { title: '`value`', ...operand },
      domain: { title: '`domain`', type: 'array', items: { title: 'an element of `domain`', type: scalar } },
      tighten: { title: '`tighten`', enum: TIGHTENINGS },
      mode,
      description: { title: '`description`', type: 'string' },
    },
  },
};

const person = { ...line, description: 'A person, by a name your organisation can trace.' };
const instant = { ...line, description: 'An instant in UTC: 2027-01-31T00:00:00Z.' };

export const exceptionsSchema = {
  title: '`exceptions`',
  description:
    'Waivers of single rules: limited in scope and time, asked for and granted by different people.',
  type: 'array',
  items: {
    title: 'an exception',
    type: 'object',
    additionalProperties: false,
    required: ['rule', 'scope', 'reason', 'ticket', 'requested_by', 'approved_by', 'expires'],
    properties: {
      rule: { title: 'the name of a rule', ...line },
      scope: {
        title: '`scope`',
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          tool: sameTools,
          context: {
            title: '`context`',
            description: 'What the caller vouches for: `environment: development`, or a list of values.',
            type: 'object',
            minProperties: 1,
            additionalProperties: { title: 'a demand on the context', ...operand, minItems: 1 },
          },
        },
      },
      reason: { title: '`reason`', ...line },
      ticket: { title: '`ticket`', ...line },
      requested_by: { title: '`requested_by`', ...person },
      approved_by: { title: '`approved_by`', ...person },
      not_before: { title: '`not_before`', ...instant },
      expires: { title: '`expires`', ...instant },
    },
  },
};
