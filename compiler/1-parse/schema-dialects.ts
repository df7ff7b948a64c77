/**
 * Schemas of older drafts, and of the subset of OpenAPI that Gemini takes, in the words of the drafts that the rest of
 * the compiler reads. What says something else in the older draft than it does now is refused, not guessed at.
 */
import type { Located } from '../ir/source.ts';
import type { MappingEntry, MappingNode, YamlNode } from '../ir/node.ts';
import type { Dialect } from '../ir/schema.ts';
import { entryOf } from './schema-nodes.ts';

/** Keywords that decide and came with a later draft: before, they said nothing. */
const SINCE_2019 = [
  'dependentRequired',
  'dependentSchemas',
  'minContains',
  'maxContains',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const;
const SINCE_07 = ['if', 'then', 'else', 'prefixItems', ...SINCE_2019] as const;
const SINCE_06 = ['const', 'contains', 'propertyNames', ...SINCE_07] as const;

const LATER: Readonly<Partial<Record<Dialect, readonly string[]>>> = {
  'draft-06': SINCE_07,
  'draft-04': SINCE_06,
};

/** A keyword of a schema that the draft which it names does not have, though later ones do. */
export function laterKeyword(schema: MappingNode, dialect: Dialect): Located<string> | null {
  const later = LATER[dialect] ?? [];
  const entry = schema.entries.find(({ key }) => later.includes(key));
  return entry ? { value: entry.key, span: entry.keySpan } : null;
}

/** The keyword with which a schema gives itself an address, where it stands inside another. */
export const idKeyword = (dialect: Dialect): '$id' | 'id' => (dialect === 'draft-04' ? 'id' : '$id');

/** draft-04 §5.1.2: `exclusiveMaximum: true` beside `maximum`; later it is the limit itself. */
export function limitsOfDraft4(schema: MappingNode): MappingNode {
  const entries = schema.entries.flatMap((entry): readonly MappingEntry[] => {
    const other = EXCLUSIVE[entry.key];
    if (other === undefined) return [entry];
    const beside = entryOf(schema, other);
    if (entry.key.startsWith('exclusive')) {
      if (entry.value.kind !== 'scalar' || typeof entry.value.value !== 'boolean') return [entry];
      if (!entry.value.value) return [];
      return beside ? [{ ...entry, value: beside.value }] : [entry];
    }
    return beside?.value.kind === 'scalar' && beside.value.value === true ? [] : [entry];
  });
  return { ...schema, entries };
}

const EXCLUSIVE: Readonly<Record<string, string>> = {
  exclusiveMinimum: 'minimum',
  exclusiveMaximum: 'maximum',
  minimum: 'exclusiveMinimum',
  maximum: 'exclusiveMaximum',
};

/** Gemini's `Schema`: types in capitals, `nullable`, and counts as texts, as protocol buffers write int64. */
export function fromGemini(schema: MappingNode): MappingNode {
  const nullable = entryOf(schema, 'nullable')?.value;
  const orNull = nullable?.kind === 'scalar' && nullable.value === true;
  const entries = schema.entries.map((entry): MappingEntry => {
    const { key, value } = entry;
    if (key === 'type') return { ...entry, value: typeOfGemini(value, orNull) };
    if (key === 'enum' && orNull && value.kind === 'sequence') {
      const none: YamlNode = { kind: 'scalar', value: null, span: value.span };
      return { ...entry, value: { ...value, items: [...value.items, none] } };
    }
    return { ...entry, value: countOf(entry) };
  });
  return { ...schema, entries };
}

function typeOfGemini(value: YamlNode, orNull: boolean): YamlNode {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return value;
  const type: YamlNode = { ...value, value: value.value.toLowerCase() };
  return orNull ? { kind: 'sequence', items: [type, { ...value, value: 'null' }], span: value.span } : type;
}

const COUNT = /^(?:min|max)(?:Length|Items|Properties)$/;

function countOf({ key, value }: MappingEntry): YamlNode {
  if (!COUNT.test(key) || value.kind !== 'scalar' || typeof value.value !== 'string') return value;
  return /^\d{1,15}$/.test(value.value) ? { ...value, value: Number(value.value) } : value;
}
