import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { YamlNode } from '../ir/node.ts';
import type { Span } from '../ir/source.ts';
import { policySchema } from './schema.ts';

/** The part of a schema a message is made of. */
interface Described {
  readonly title?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const compiled = new Map<object, ValidateFunction>();

function validator(schema: object): ValidateFunction {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(schema);
    compiled.set(schema, validate);
  }
  return validate;
}

/** Checks a document against a schema (the policy schema by default) and reports ajv's findings as ours. */
export function checkShape(root: YamlNode, diagnostics: Diagnostics, schema: object = policySchema): boolean {
  const validate = validator(schema);
  if (validate(plain(root))) return true;
  const errors = validate.errors ?? [];
  // Where a choice failed, ajv also lists why each branch did; the branches of a union say less than the union.
  const unions = errors.filter((error) => error.keyword === 'oneOf').map((error) => `${error.schemaPath}/`);
  for (const error of errors) {
    if (!unions.some((union) => error.schemaPath.startsWith(union))) report(error, root, diagnostics);
  }
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

function report(error: ErrorObject, root: YamlNode, diagnostics: Diagnostics): void {
  const found = locate(root, error.instancePath);
  const what = (error.parentSchema as Described | undefined)?.title ?? `\`${found.key}\``;
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = Object.keys((error.parentSchema as Described | undefined)?.properties ?? {});
      const span = keySpan(found.node, key) ?? found.span;
      diagnostics.report('PL1101', { key, where: what, near: nearest(key, known), known }, span);
      return;
    }
    case 'required':
      diagnostics.report('PL1103', { key: String(params['missingProperty']), where: what }, found.span);
      return;
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      const got = String(error.data);
      diagnostics.report('PL1104', { what, got, allowed, near: nearest(got, allowed) }, found.span);
      return;
    }
    // What `then` says of it is reported itself.
    case 'if':
      return;
    case 'type':
    case 'oneOf':
      diagnostics.report(
        'PL1102',
        { what, expected: expected(error), got: described(error.data) },
        found.span,
      );
      return;
    default:
      diagnostics.report('PL1105', { what, rule: error.message ?? 'is not allowed' }, found.span);
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
  array: 'a list',
  object: 'a mapping',
};

function expected(error: ErrorObject): string {
  if (error.keyword === 'oneOf') return 'a string or a list of strings';
  const types = [error.params['type']].flat().map((name) => TYPE_WORDS[String(name)] ?? String(name));
  return types.length < 2 ? types.join('') : `${types.slice(0, -1).join(', ')} or ${types.at(-1) ?? ''}`;
}

function described(data: unknown): string {
  if (Array.isArray(data)) return 'a list';
  if (data !== null && typeof data === 'object') return 'a mapping';
  const value = data as null | string | number | boolean;
  return value === null ? 'null' : `the ${typeof value} \`${String(value)}\``;
}

/** The node at a JSON pointer, or the last one on the way to it. */
export function locate(root: YamlNode, pointer: string): { node: YamlNode; span: Span; key: string } {
  let node = root;
  let key = 'this file';
  for (const raw of pointer.split('/').slice(1)) {
    key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const next =
      node.kind === 'sequence'
        ? node.items[Number(key)]
        : node.kind === 'mapping'
          ? node.entries.find((entry) => entry.key === key)?.value
          : undefined;
    if (!next) break;
    node = next;
  }
  return { node, span: node.kind === 'scalar' ? node.span : firstPlace(node), key };
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
