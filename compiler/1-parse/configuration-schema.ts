import { FORMS } from './forms.ts';

const name = { title: 'a name', type: 'string', minLength: 1, maxLength: 128 };

const filePath = { type: 'string', minLength: 1, maxLength: 256 };

/** The shape of `plan-lint.yaml`. */
export const configurationSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: '`plan-lint.yaml`',
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { ...name, title: '`name`', description: 'Name of the bundle; trust rules are chosen by it.' },
    entries: {
      title: '`entries`',
      description:
        'Policy files one decides with, by path or name; by default every file that nobody extends.',
      type: 'array',
      minItems: 1,
      items: { ...name, title: 'an entry' },
    },
    default_entry: {
      ...name,
      title: '`default_entry`',
      description:
        'The entry that decides when none is named; by default all of them, strongest outcome wins.',
    },
    require_base: {
      title: '`require_base`',
      description: 'Policy files that every entry must extend, by path; with `sha256`, with these bytes.',
      type: 'array',
      minItems: 1,
      items: {
        ...filePath,
        title: 'a base',
        type: ['string', 'object'],
        additionalProperties: false,
        required: ['file'],
        properties: {
          file: { ...filePath, title: '`file`', description: 'Its path in this directory.' },
          sha256: {
            title: '`sha256`',
            description: 'SHA-256 of its bytes, 64 lower-case hexadecimal digits.',
            type: 'string',
            pattern: FORMS.sha256.pattern,
          },
        },
      },
    },
    capabilities: {
      title: '`capabilities`',
      description:
        'What the bundle is able to do beside deciding whole plans: `session` decides call by call, and runs; `bytes` decides a plan from its bytes.',
      type: 'array',
      uniqueItems: true,
      items: { title: 'a capability', type: 'string', enum: ['session', 'bytes'] },
    },
    catalog: {
      title: '`catalog`',
      description:
        'The tools that agents have: a file as an MCP server answers `tools/list`, by its path in this directory.',
      ...filePath,
      type: ['string', 'object'],
      additionalProperties: false,
      required: ['file'],
      properties: {
        file: { ...filePath, title: '`file`', description: 'Its path in this directory.' },
        leave_out: {
          title: '`leave_out`',
          description:
            'Tools of the file that are not read: calls of them are denied by `only-catalog` and `validate_args`.',
          type: 'array',
          items: { title: 'a tool', type: 'string', minLength: 1, maxLength: 256 },
        },
      },
    },
  },
};
