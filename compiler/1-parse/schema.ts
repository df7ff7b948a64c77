import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import { RESULT_ACTIONS, TOOL_SCOPES } from '../ir/document.ts';
import { ORDERS } from '../ir/whole-plan.ts';
import { FORMS } from './forms.ts';
import {
  adjustable,
  adjustableAndLockable,
  referencesSchema,
  exceptionsSchema,
  intervalSchema,
  lockable,
  optionalSchema,
  paramsSchema,
  refineSchema,
} from './schema-inheritance.ts';
import { toolNames, toolSchema, wholePlanSchemas } from './schema-whole-plan.ts';

/**
 * The shape of a policy file as JSON Schema (draft 2020-12). `title` is how a message calls the thing. What a
 * schema says badly (operands, argument paths, globs) is checked where the document is read.
 */
const weight = {
  title: 'a weight',
  description: 'What the rule adds to the risk score when it fires; by default what its severity asks for.',
  type: 'number',
  minimum: 0,
  maximum: 1,
};
const text = { type: 'string' };
const nonEmptyText = { type: 'string', minLength: 1 };

const settings = {
  allow_tools: adjustableAndLockable(
    {
      title: '`allow_tools`',
      description: 'Tools a plan may use, as names or globs; a tool that none covers is denied.',
      type: 'array',
      items: toolNames,
    },
    { type: 'array', items: toolNames },
  ),
  bounds: {
    title: '`bounds`',
    description:
      'Smallest and largest value of a numeric argument: `payments.transfer.amount: [0.01, 10000]`.',
    type: 'object',
    additionalProperties: adjustableAndLockable(
      {
        ...intervalSchema,
        title: 'a bound',
        items: { title: 'an end of a bound', type: ['number', 'null'] },
      },
      intervalSchema,
      { references: referencesSchema, optional: optionalSchema },
    ),
  },
  deny_tokens_regex: {
    title: '`deny_tokens_regex`',
    description: 'Regular expressions that no string in the arguments of any step may match.',
    type: 'array',
    items: lockable({ title: 'a pattern', ...nonEmptyText }),
  },
  results: {
    title: '`results`',
    description: 'What must not stand in what calls give: asked of each result in sessions and runs.',
    type: 'array',
    items: {
      title: 'an entry of `results`',
      type: 'object',
      additionalProperties: false,
      required: ['tool', 'deny_tokens_regex', 'action'],
      properties: {
        tool: toolSchema('`tool`', 'Tools whose results are looked at: a name, a glob, or a list of these.'),
        deny_tokens_regex: {
          title: '`deny_tokens_regex`',
          description: 'Regular expressions that no text in a result may match.',
          type: 'array',
          minItems: 1,
          items: { title: 'a pattern', ...nonEmptyText },
        },
        action: {
          title: '`action`',
          description:
            '`redact` takes out the lines, or the texts, that match; `block` hands on nothing of the result.',
          enum: RESULT_ACTIONS,
        },
      },
    },
  },
  max_steps: adjustableAndLockable(
    {
      title: '`max_steps`',
      description: 'Most steps a plan may have.',
      type: 'integer',
      minimum: 0,
    },
    intervalSchema,
  ),
  risk_weights: {
    title: '`risk_weights`',
    description: 'Weight of a rule, or of a category such as `raw_secret`, in the risk score.',
    type: 'object',
    additionalProperties: weight,
  },
  fail_risk_threshold: adjustable(
    {
      title: '`fail_risk_threshold`',
      description: 'Risk score from which a plan is denied.',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
    },
    intervalSchema,
  ),
  order: {
    title: '`order`',
    description:
      'What `order` is for the rules declared here that do not say it: `listed` where the executor runs steps one after the other.',
    enum: ORDERS,
  },
  aggregate: {
    title: '`aggregate`',
    description: 'How weights become the risk score: their capped sum, or the largest.',
    enum: ['sum', 'max'],
  },
  tools: lockable({
    title: '`tools`',
    description: 'Whether a plan may use any tool, or only those of the tool catalog.',
    type: 'string',
    if: { type: 'string' },
    then: { title: '`tools`', enum: TOOL_SCOPES },
  }),
  validate_args: lockable({
    title: '`validate_args`',
    description:
      'Whether the arguments of every step must satisfy the schema that the tool catalog has for its tool.',
    type: 'boolean',
  }),
  max_exception: {
    title: '`max_exception`',
    description: 'How long an exception may last at most: `90d` (days) or `12h` (hours).',
    type: 'string',
    pattern: FORMS.duration.pattern,
  },
  refine: refineSchema,
  params: paramsSchema,
  exceptions: exceptionsSchema,
};

const pattern = {
  title: 'a pattern',
  type: 'object',
  additionalProperties: false,
  properties: {
    tool: toolSchema('`tool`', 'Tool name, glob, or list of these; every tool when absent.'),
    arg: {
      title: '`arg`',
      description: 'Path into the arguments: `recipient.country`, `items[*].price`.',
      ...nonEmptyText,
    },
    operation: {
      title: '`operation`',
      description: 'What to test; `amount_gt` is `gt` on the argument `amount`.',
      ...nonEmptyText,
    },
    value: {
      title: '`value`',
      description: 'What to test against.',
      type: ['string', 'number', 'boolean', 'null', 'array'],
      items: { title: 'an element of `value`', type: ['string', 'number', 'boolean', 'null'] },
    },
    value_from: {
      title: '`value_from`',
      description:
        'A value that the caller vouches for, in place of `value`: `context.payees`, or `{path: context.domain, prefix: "@"}`.',
      oneOf: [
        nonEmptyText,
        {
          type: 'object',
          additionalProperties: false,
          required: ['path'],
          properties: {
            path: { title: '`path`', description: 'Where in the context it stands.', ...nonEmptyText },
            prefix: { title: '`prefix`', description: 'A text to put in front of it.', ...nonEmptyText },
            suffix: { title: '`suffix`', description: 'A text to put behind it.', ...nonEmptyText },
          },
        },
      ],
    },
    min_length: {
      title: '`min_length`',
      description: 'With `named_in`: the shortest text that counts as named, in characters; default 3.',
      type: 'integer',
      minimum: 1,
    },
    as: {
      title: '`as`',
      description:
        'What the text of the argument is taken for, in front of the test: json, url, email, host, path, base64 or percent.',
      ...nonEmptyText,
    },
    part: {
      title: '`part`',
      description:
        'What of it is tested: of a URL scheme, userinfo, host, port, path, query or fragment; of an email address local or domain.',
      ...nonEmptyText,
    },
    path: {
      title: '`path`',
      description: 'With `as: json`: the path into what the text holds, `items[*].price`.',
      ...nonEmptyText,
    },
    private_network: {
      title: '`private_network`',
      description: 'In place of `operation`: the host is a private address, or a name of a private network.',
      type: 'boolean',
    },
    ignore_case: {
      title: '`ignore_case`',
      description:
        'Whether texts that differ in case only are the same; when absent, such a text is one for which the test cannot tell.',
      type: 'boolean',
    },
    normalize: {
      title: '`normalize`',
      description:
        'Whether texts are compared in their plain spelling: look-alike letters, invisible characters and odd spaces undone; when absent, a text that only passes for another is one for which the test cannot tell.',
      type: 'boolean',
    },
    optional: optionalSchema,
    pattern: { $ref: '#/$defs/pattern', description: 'The pattern itself, as an item of `and` or `or`.' },
    and: {
      title: '`and`',
      description: 'Patterns that must all hold.',
      type: 'array',
      minItems: 1,
      items: { $ref: '#/$defs/pattern' },
    },
    or: {
      title: '`or`',
      description: 'Patterns of which one must hold.',
      type: 'array',
      minItems: 1,
      items: { $ref: '#/$defs/pattern' },
    },
    not: { $ref: '#/$defs/pattern', description: 'A pattern that must not hold.' },
  },
};

const rule = {
  title: 'a rule',
  type: 'object',
  additionalProperties: false,
  required: ['rule'],
  properties: {
    rule: {
      title: 'the name of a rule',
      description: 'Unique among everything a policy inherits.',
      type: 'string',
      pattern: FORMS.ruleName.pattern,
      maxLength: 128,
    },
    severity: {
      title: '`severity`',
      description: 'How grave a finding is; default `medium`.',
      enum: SEVERITIES,
    },
    enforcement: {
      title: '`enforcement`',
      description: 'What the rule does when it fires; by default what its severity asks for.',
      enum: ENFORCEMENTS,
    },
    category: {
      title: '`category`',
      description: 'A kind of finding, for reports and `risk_weights`; default `POLICY_RULE`.',
      type: 'string',
      pattern: FORMS.category.pattern,
      maxLength: 64,
    },
    description: { title: '`description`', description: 'What the rule asks for, in a sentence.', ...text },
    weight,
    final: {
      title: '`final`',
      description: 'A final rule takes no exceptions.',
      type: 'boolean',
    },
    references: referencesSchema,
    pattern: {
      $ref: '#/$defs/pattern',
      description:
        'A test of one step; the rule fires on each step for which it holds or cannot be told. Beside a rule about the whole plan: the steps that it governs.',
    },
    when: {
      title: '`when`',
      description:
        'A condition in CEL over `step`, `plan`, `context`, `params` and `now`; with a `pattern` too, both must hold. Beside a rule about the whole plan: the steps that it governs, over `step`, `context` and `params`.',
      ...nonEmptyText,
    },
    scope: {
      title: '`scope`',
      description: 'Whether a `when` is asked of each step, or once of the plan.',
      enum: ['step', 'plan'],
    },
    ...wholePlanSchemas,
  },
};

const rules = {
  title: '`rules`',
  description: 'What no plan may do.',
  type: 'array',
  items: { $ref: '#/$defs/rule' },
};

const name = {
  title: '`name`',
  description: 'The name by which `extends` and `--entry` mean this policy.',
  type: 'string',
  pattern: FORMS.policyName.pattern,
  maxLength: 128,
};

const description = { title: '`description`', description: 'What the policy is for.', ...text };

const policy = {
  title: 'a policy',
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: { name, description, rules, ...settings },
};

export const policySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'a policy file',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    name,
    description,
    extends: {
      title: '`extends`',
      description:
        'Parents: paths relative to this file, or names of policies; `path#sha256=<hex>` pins the bytes of a file.',
      oneOf: [nonEmptyText, { type: 'array', items: { title: 'a parent', ...nonEmptyText } }],
    },
    policies: {
      title: '`policies`',
      description: 'Policies of this file; one is usual.',
      type: 'array',
      items: { $ref: '#/$defs/policy' },
    },
    rules,
    ...settings,
  },
  $defs: { policy, rule, pattern },
};
