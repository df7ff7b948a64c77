import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import { PARAM_TYPES, REFERENCE_MODES, TIGHTENINGS } from '../ir/document.ts';
import { FORMS } from './forms.ts';

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

const final = {
  title: '`final`',
  description: '`true`: what the setting makes takes no exceptions.',
  type: 'boolean',
};

export const referencesSchema = {
  title: '`references`',
  description:
    'What a value that is not known yet counts for: `check`, against the plan; `allow`, nothing until a run asks the rule of the value. For rules over one step and bounds.',
  enum: REFERENCE_MODES,
};

export const optionalSchema = {
  title: '`optional`',
  description: '`true`: an argument that is missing is fine; one of another type still is not.',
  type: 'boolean',
};

/** A setting as its value alone, or as `{ value, final }`. */
export function lockable(schema: Readonly<Record<string, unknown>>): object {
  return {
    ...schema,
    type: [schema['type'], 'object'],
    additionalProperties: false,
    required: ['value'],
    properties: { value: { ...schema, title: '`value`', description: 'The value of the setting.' }, final },
  };
}

/** A setting that a child may set anew and that may be locked against exceptions. */
export function adjustableAndLockable(
  schema: Readonly<Record<string, unknown>>,
  domain: object,
  more: object = {},
): object {
  const { properties, ...others } = adjustable(schema, domain) as { readonly properties: object };
  return { ...others, properties: { ...properties, final, ...more } };
}

/** A setting as its value alone, or as `{ value, mode, domain }`. `schema.type` names the value's own type. */
export function adjustable(schema: Readonly<Record<string, unknown>>, domain: object): object {
  return {
    ...schema,
    type: [schema['type'], 'object'],
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: { ...schema, title: '`value`', description: 'The value of the setting.' },
      mode,
      domain: {
        title: '`domain`',
        description: 'With `mode: default`: within what a child may set it.',
        ...domain,
      },
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
      rule: {
        title: 'the name of an inherited rule',
        description: 'The inherited rule that is tightened.',
        ...line,
      },
      severity: { title: '`severity`', description: 'At least the inherited one.', enum: SEVERITIES },
      enforcement: { title: '`enforcement`', description: 'At least the inherited one.', enum: ENFORCEMENTS },
      weight: {
        title: 'a weight',
        description: 'At least the inherited one.',
        type: 'number',
        minimum: 0,
        maximum: 1,
      },
      final: {
        title: '`final`',
        description: 'A final rule takes no exceptions; `false` is refused where it is final.',
        type: 'boolean',
      },
      references: {
        title: '`references`',
        description: 'Back to `check`, where the inherited rule has `allow`.',
        enum: REFERENCE_MODES,
      },
      enabled: {
        title: '`enabled`',
        description: 'Always `true`: an inherited rule cannot be switched off.',
        type: 'boolean',
      },
      when: { title: '`when`', description: 'Refused: an added condition would let plans through.' },
      tool: sameTools,
      add_tools: { title: '`add_tools`', description: 'Tools beside the inherited ones.', ...globs },
      add_args: {
        title: '`add_args`',
        description: 'Arguments that are tested beside the inherited one.',
        type: 'array',
        items: { title: 'an argument path', ...line },
      },
      value: {
        title: '`value`',
        description: 'What to test against, in place of the inherited value; it must be stricter.',
        ...operand,
      },
      pattern: {
        $ref: '#/$defs/pattern',
        description: 'The pattern in place of the inherited one; it must fire wherever that did.',
      },
    },
  },
};

export const paramsSchema = {
  title: '`params`',
  description:
    'Values that patterns name as `${params.name}`: declared by a mapping, bound anew by a plain value, or for good by `{ value, final: true }`.',
  type: 'object',
  propertyNames: { title: 'the name of a parameter', pattern: FORMS.parameterName.pattern, maxLength: 64 },
  additionalProperties: {
    title: 'a parameter',
    type: ['string', 'number', 'boolean', 'array', 'object'],
    items: { title: 'an element of the list', type: scalar },
    additionalProperties: false,
    required: ['value'],
    properties: {
      type: { title: '`type`', description: 'What values it takes.', enum: PARAM_TYPES },
      value: { title: '`value`', description: 'The value until a child binds another one.', ...operand },
      domain: {
        title: '`domain`',
        description: 'Smallest and largest number, or the texts that may occur.',
        type: 'array',
        items: { title: 'an element of `domain`', type: scalar },
      },
      tighten: {
        title: '`tighten`',
        description: 'The direction in which a child may bind it anew.',
        enum: TIGHTENINGS,
      },
      mode,
      final: {
        title: '`final`',
        description: '`true`, beside `value` alone: children may no longer bind it.',
        type: 'boolean',
      },
      description: { title: '`description`', description: 'What it is for.', type: 'string' },
    },
  },
};

const person = { ...line, description: 'A person, by a name your organisation can trace.' };
const instant = { ...line, description: 'An instant in UTC, 2027-01-31T00:00:00Z, or a day, 2027-01-31.' };

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
      rule: { title: 'the name of a rule', description: 'The rule that is waived.', ...line },
      scope: {
        title: '`scope`',
        description: 'Where it is waived: all that is given must hold.',
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          tool: { ...sameTools, description: 'Tools for whose steps the rule is waived.' },
          context: {
            title: '`context`',
            description: 'What the caller vouches for: `environment: development`, or a list of values.',
            type: 'object',
            minProperties: 1,
            additionalProperties: { title: 'a demand on the context', ...operand, minItems: 1 },
          },
        },
      },
      reason: { title: '`reason`', description: 'Why; it is shown with the waived finding.', ...line },
      ticket: { title: '`ticket`', description: 'Where it was asked for and granted.', ...line },
      requested_by: { title: '`requested_by`', ...person },
      approved_by: { title: '`approved_by`', ...person },
      not_before: { title: '`not_before`', ...instant },
      expires: { title: '`expires`', ...instant },
    },
  },
};
