import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Configuration } from '../ir/configuration.ts';
import type { Located, SourceFile } from '../ir/source.ts';
import { Reader, located } from './read.ts';
import { checkShape } from './shape.ts';
import { parseYaml } from './yaml.ts';

const name = { title: 'a name', type: 'string', minLength: 1, maxLength: 128 };

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
    catalog: {
      title: '`catalog`',
      description:
        'The tools that agents have: a file in the form of an MCP `tools/list` result, by its path in this directory.',
      type: 'string',
      minLength: 1,
      maxLength: 256,
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
    catalog: readCatalogPath(reader.text('catalog'), diagnostics),
  };
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
