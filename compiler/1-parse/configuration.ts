import type { Capability } from '@plan-lint/runtime/contract';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { CatalogReference, Configuration, RequiredBase } from '../ir/configuration.ts';
import type { YamlNode } from '../ir/node.ts';
import type { Located, SourceFile } from '../ir/source.ts';
import { FORMS } from './forms.ts';
import { Reader, located } from './read.ts';
import { checkShape } from './shape.ts';
import { parseYaml } from './yaml.ts';

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
        'What the bundle is able to do beside deciding whole plans: `session` decides call by call, and runs.',
      type: 'array',
      uniqueItems: true,
      items: { title: 'a capability', type: 'string', enum: ['session'] },
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

/** Reads `plan-lint.yaml`; `null` after it has reported what is wrong. */
export function parseConfiguration(file: SourceFile, diagnostics: Diagnostics): Configuration | null {
  const root = parseYaml(file, diagnostics);
  if (!root || !checkShape(root, diagnostics, configurationSchema)) return null;
  const reader = new Reader(root);
  return {
    file,
    name: reader.text('name')?.value ?? null,
    entries: reader.get('entries') ? reader.items('entries').map((node) => located(node, 'string')) : null,
    defaultEntry: reader.text('default_entry') ?? null,
    catalog: readCatalog(reader.get('catalog'), diagnostics),
    requireBase: reader.items('require_base').map(readRequiredBase),
    capabilities: reader.items('capabilities').map((node) => located(node, 'string').value as Capability),
  };
}

function readRequiredBase(node: YamlNode): RequiredBase {
  if (node.kind !== 'mapping') {
    const { value, span } = located(node, 'string');
    return { file: value, sha256: null, span };
  }
  const reader = new Reader(node);
  const file = reader.text('file');
  return {
    file: file?.value ?? '',
    sha256: reader.text('sha256')?.value ?? null,
    span: file?.span ?? node.span,
  };
}

function readCatalog(node: YamlNode | undefined, diagnostics: Diagnostics): CatalogReference | null {
  const reader = node?.kind === 'mapping' ? new Reader(node) : null;
  const written = reader ? reader.text('file') : node && located(node, 'string');
  const file = readCatalogPath(written, diagnostics);
  const leaveOut = reader?.items('leave_out').map((item) => located(item, 'string')) ?? [];
  return file && { file, leaveOut };
}

/** A path with `/` below the policy directory, or `null` after it has reported that it is none. */
function readCatalogPath(
  written: Located<string> | undefined,
  diagnostics: Diagnostics,
): Located<string> | null {
  if (!written) return null;
  const { value: path, span } = written;
  const parts = path.split('/');
  if (parts.includes('..') || path.startsWith('/') || /[\\:]/.test(path)) {
    diagnostics.report('PL2004', { path }, span);
    return null;
  }
  if (parts.some((part) => part === '' || part === '.' || part.startsWith('.')) || !path.endsWith('.json')) {
    diagnostics.report(
      'PL1502',
      { path, reason: 'its name must end in `.json`, and no part may be hidden' },
      span,
    );
    return null;
  }
  return written;
}
