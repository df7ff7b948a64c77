import { validateConfiguration } from '#shape-validators';
import type { Capability } from '@plan-lint/runtime/contract';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { CatalogReference, Configuration, RequiredBase } from '../ir/configuration.ts';
import type { YamlNode } from '../ir/node.ts';
import type { Located, SourceFile } from '../ir/source.ts';
import { configurationSchema } from './configuration-schema.ts';
import { Reader, located } from './read.ts';
import { checkShape } from './shape.ts';
import type { Shape } from './shape.ts';
import { parseYaml } from './yaml.ts';

const SHAPE: Shape = { schema: configurationSchema, validate: validateConfiguration };

/** Reads `plan-lint.yaml`; `null` after it has reported what is wrong. */
export function parseConfiguration(file: SourceFile, diagnostics: Diagnostics): Configuration | null {
  const root = parseYaml(file, diagnostics);
  if (!root || !checkShape(root, diagnostics, SHAPE)) return null;
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
