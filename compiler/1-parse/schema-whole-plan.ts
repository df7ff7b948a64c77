import { EVIDENCE, FAILURE_WORDS, ORDERS, UNTIL_WORDS } from '../ir/whole-plan.ts';
import type { WholePlanBody } from '../ir/whole-plan.ts';
import { FORMS } from './forms.ts';

/** The shapes of rules about a plan as a whole, by the key that names their kind. */

export const toolNames = { title: 'a tool name or glob', type: 'string', minLength: 1, maxLength: 256 };

export function toolSchema(title: string, description: string): object {
  return { title, description, oneOf: [toolNames, { type: 'array', minItems: 1, items: toolNames }] };
}

/** An argument of some tools. */
function toolArg(title: string, arg: string): object {
  return {
    title,
    type: 'object',
    additionalProperties: false,
    required: ['tool', 'arg'],
    properties: {
      tool: toolSchema('`tool`', 'A tool name or glob, or a list of these.'),
      arg: pathSchema('`arg`', arg),
    },
  };
}

const path = { type: 'string', minLength: 1, maxLength: 1024 };

function pathSchema(title: string, description: string): object {
  return { title, description, ...path };
}

/** A path, or one for each of the two steps. */
const pair = {
  type: ['string', 'object'],
  minLength: 1,
  maxLength: 1024,
  additionalProperties: false,
  required: ['here', 'there'],
  properties: {
    here: pathSchema('`here`', 'Path into the arguments of the step that the rule governs.'),
    there: pathSchema('`there`', 'Path into the arguments of the other step.'),
  },
};

const same = {
  title: '`same`',
  description: 'Arguments that must be alike in both steps: a path, or `{here: …, there: …}`.',
  type: 'array',
  minItems: 1,
  maxItems: 16,
  items: { title: 'an item of `same`', ...pair },
};

const order = {
  title: '`order`',
  description:
    '`listed`: the executor runs steps one after the other as they are listed; default `dependencies`.',
  enum: ORDERS,
};

const per = pathSchema('`per`', 'Counted for each value of this argument.');

const within = {
  title: '`within`',
  description:
    'How far back a session counts: `90s`, `15m`, `1h` or `7d`. A plan has no times: all of it counts.',
  type: 'string',
  pattern: FORMS.window.pattern,
};

const limit = (type: 'integer' | 'number'): object => ({
  title: '`limit`',
  description: 'The largest that is fine: a number, or `${params.name}`.',
  type: [type, 'string'],
  minimum: 0,
});

function kind(
  title: string,
  description: string,
  required: readonly string[],
  properties: Readonly<Record<string, object>>,
): object {
  return { title, description, type: 'object', additionalProperties: false, required, properties };
}

/** A tool, or an argument of one. */
const sink = {
  minLength: 1,
  maxLength: 256,
  additionalProperties: false,
  required: ['tool', 'arg'],
  properties: {
    tool: toolSchema('`tool`', 'A tool name or glob, or a list of these.'),
    arg: pathSchema('`arg`', 'The argument that they must not reach; `[*]` may stand in it.'),
  },
};

const governed = toolSchema('`tool`', 'Tools that the rule governs: a name, a glob, or a list of these.');

export const wholePlanSchemas: Readonly<Record<WholePlanBody['kind'], object>> = {
  max_calls: kind(
    '`max_calls`',
    'Most calls of these tools in a plan, or for each value of an argument.',
    ['tool', 'limit'],
    { tool: governed, limit: limit('integer'), per, within },
  ),
  max_total: kind(
    '`max_total`',
    'Largest sum of an argument over a plan, or for each value of another argument.',
    ['limit'],
    {
      tool: governed,
      arg: pathSchema('`arg`', 'The argument that is added up, exactly, as decimals.'),
      of: {
        title: '`of`',
        description: 'In place of `tool` and `arg`: tools whose amounts stand in different arguments.',
        type: 'array',
        minItems: 1,
        maxItems: 64,
        items: toolArg('an item of `of`', 'The argument of these tools that is added up.'),
      },
      limit: limit('number'),
      per,
      within,
    },
  ),
  require_before: kind(
    '`require_before`',
    'A step that must have ended well before, whichever way the plan runs.',
    ['tool', 'before'],
    {
      tool: governed,
      before: toolSchema('`before`', 'Tools of which one must run before.'),
      same,
      order,
      within: {
        ...within,
        description: 'In a session, how long what ran before is good for: `90s`, `15m`, `1h` or `7d`.',
      },
    },
  ),
  require_after: kind(
    '`require_after`',
    'A step that must surely run afterwards, where the governed step fails too.',
    ['tool', 'after'],
    {
      tool: governed,
      after: toolSchema('`after`', 'Tools of which one must run afterwards.'),
      same,
      order,
      on_failure: {
        title: '`on_failure`',
        description: 'Whether it must run where the governed step fails, too; default `true`.',
        type: 'boolean',
      },
      until: {
        title: '`until`',
        description:
          '`only`: while it is owed, a session or run admits nothing but tools of `after` and of `allow_while_owed`.',
        enum: UNTIL_WORDS,
      },
      allow_while_owed: toolSchema(
        '`allow_while_owed`',
        'With `until: only`: further tools that may be called while it is owed.',
      ),
    },
  ),
  flows: kind('`flows`', 'Results that must not reach other tools.', ['to'], {
    from: toolSchema('`from`', 'Tools whose results are followed.'),
    from_context: {
      title: '`from_context`',
      description: 'Paths into the context whose values are followed as literals.',
      type: 'array',
      minItems: 1,
      items: { title: 'a path of `from_context`', ...path },
    },
    to: {
      title: '`to`',
      description:
        'Tools that they must not reach, or arguments of tools: `{tool: send_money, arg: recipient}`.',
      type: ['string', 'object', 'array'],
      minItems: 1,
      ...sink,
      items: { title: 'an item of `to`', type: ['string', 'object'], ...sink },
    },
    through: toolSchema('`through`', 'Tools that make results fit to be passed on.'),
    evidence: {
      title: '`evidence`',
      description:
        'What a session goes by where a call does not say what it reads: `value` (copies of texts, the default) or `order` (whatever comes after a source).',
      enum: EVIDENCE,
    },
  }),
  separate_duty: kind(
    '`separate_duty`',
    'Two duties that one plan, or one person, must not do both.',
    ['tool', 'other'],
    {
      tool: governed,
      other: toolSchema('`other`', 'Tools of the other duty.'),
      by: {
        title: '`by`',
        description: 'Who does each: the two values must differ. A path, or `{here: …, there: …}`.',
        ...pair,
      },
      same,
    },
  ),
  on_fail: kind('`on_fail`', 'What may happen where a step of these tools fails.', ['tool'], {
    tool: governed,
    allow: {
      title: '`allow`',
      description: 'Words that are fine as the `on_fail` of a step.',
      type: 'array',
      items: { title: 'an item of `allow`', enum: FAILURE_WORDS },
    },
    handler: toolSchema('`handler`', 'Tools of which one must be among the handlers of the step.'),
  }),
};
