import { validatePolicy } from '#shape-validators';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import { synonymOf } from '../diagnostics/synonyms.ts';
import type { YamlNode } from '../ir/node.ts';
import type { Span } from '../ir/source.ts';
import { hintOfKey } from './key-hints.ts';
import { policySchema } from './schema.ts';
import { described, expectedTypes, hintOfType, refusalWords } from './shape-words.ts';

/** The part of a schema a message is made of. */
interface Described {
  readonly title?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** A document that breaks its schema. */
interface Checked {
  readonly root: YamlNode;
  readonly schema: object;
  /** All that it breaks. */
  readonly all: readonly ErrorObject[];
  readonly diagnostics: Diagnostics;
}

/** What a document must look like, and who tells. */
export interface Shape {
  readonly schema: object;
  readonly validate: ValidateFunction;
}

const POLICY: Shape = { schema: policySchema, validate: validatePolicy };

/** Checks a document against a shape (that of policies by default) and reports ajv's findings as ours. */
export function checkShape(
  root: YamlNode,
  diagnostics: Diagnostics,
  { schema, validate }: Shape = POLICY,
): boolean {
  if (validate(plain(root))) return true;
  const errors = validate.errors ?? [];
  // Where a choice failed, ajv also lists why each branch did; the branches of a union say less than the union.
  const unions = errors.filter((error) => error.keyword === 'oneOf').map((error) => `${error.schemaPath}/`);
  const all = errors.filter((error) => !unions.some((union) => error.schemaPath.startsWith(union)));
  for (const error of all) report(error, { root, schema, all, diagnostics });
  return false;
}

/** The tree as data; objects have no prototype. */
export function plain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return node.items.map(plain);
  // No prototype: a key such as `__proto__` is a key like any other here.
  const object = Object.create(null) as Record<string, unknown>;
  for (const { key, value } of node.entries) object[key] = plain(value);
  return object;
}

function report(error: ErrorObject, { root, schema, all, diagnostics }: Checked): void {
  const found = locate(root, error.instancePath);
  const what = (error.parentSchema as Described | undefined)?.title ?? `\`${found.key}\``;
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const { key, known } = unknownKey(error);
      const span = keySpan(found.node, key) ?? found.span;
      diagnostics.report('PL1101', { key, where: what, known, ...hintOfKey(key, known, schema) }, span);
      return;
    }
    case 'required': {
      const key = String(params['missingProperty']);
      // One who has written the key under another name has not forgotten it.
      const isMisnamed = all.some(
        (each) =>
          each.keyword === 'additionalProperties' &&
          each.instancePath === error.instancePath &&
          hintOfKey(unknownKey(each).key, unknownKey(each).known, schema).near === key,
      );
      if (!isMisnamed) diagnostics.report('PL1103', { key, where: what }, found.span);
      return;
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      const got = String(error.data);
      const near = synonymOf(got, 'value', allowed) ?? nearest(got, allowed);
      diagnostics.report('PL1104', { what, got, allowed, near }, found.span);
      return;
    }
    // What `then` says of it is reported itself, and what a name breaks, too.
    case 'if':
    case 'propertyNames':
      return;
    case 'type':
    case 'oneOf':
      diagnostics.report(
        'PL1102',
        { what, expected: expectedTypes(error), got: described(error.data), hint: hintOfType(error) },
        found.span,
      );
      return;
    default: {
      const span = error.propertyName === undefined ? undefined : keySpan(found.node, error.propertyName);
      diagnostics.report('PL1105', { what, ...refusalWords(error) }, span ?? found.span);
    }
  }
}

/** The key that an error of `additionalProperties` is about, and those that are known. */
function unknownKey(error: ErrorObject): { readonly key: string; readonly known: readonly string[] } {
  return {
    key: String(error.params['additionalProperty']),
    known: Object.keys((error.parentSchema as Described | undefined)?.properties ?? {}),
  };
}

/** The node at a JSON pointer, or the last one on the way to it. */
export function locate(root: YamlNode, pointer: string): { node: YamlNode; span: Span; key: string } {
  let node = root;
  let key = 'this file';
  for (const raw of pointer.split('/').slice(1)) {
    key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = childOf(node, key);
    if (!next) break;
    node = next;
  }
  return { node, span: node.kind === 'scalar' ? node.span : firstPlace(node), key };
}

function childOf(node: YamlNode, key: string): YamlNode | undefined {
  if (node.kind === 'sequence') return node.items[Number(key)];
  return node.kind === 'mapping' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}

/** A caret under a whole block says nothing: the first key or item stands for it. */
function firstPlace(node: YamlNode): Span {
  if (node.kind === 'mapping') return node.entries[0]?.keySpan ?? node.span;
  if (node.kind === 'sequence') return node.items[0] ? firstPlace(node.items[0]) : node.span;
  return node.span;
}

function keySpan(node: YamlNode, key: string): Span | undefined {
  return node.kind === 'mapping' ? node.entries.find((entry) => entry.key === key)?.keySpan : undefined;
}
