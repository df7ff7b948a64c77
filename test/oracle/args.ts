/**
 * Whether arguments satisfy the input schema that a catalog has for a tool: plain ajv, at run time, on the catalog's own
 * text. A whole reference satisfies every schema at its place, which is written into the schema as a choice.
 */
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const compiled = new WeakMap<ToolCatalog, Map<string, ValidateFunction>>();

export function satisfies(catalog: ToolCatalog, tool: string, args: unknown): boolean {
  let validators = compiled.get(catalog);
  if (!validators) {
    validators = new Map();
    compiled.set(catalog, validators);
    const { tools } = JSON.parse(catalog.file.text) as { tools: { name: string; inputSchema: Json }[] };
    for (const { name, inputSchema } of tools) validators.set(name, validator(inputSchema));
  }
  const validate = validators.get(tool);
  return validate === undefined || validate(args);
}

function validator(schema: Json): ValidateFunction {
  const draft7 = JSON.stringify(schema).includes('draft-07');
  const ajv = new (draft7 ? Ajv : Ajv2020)({ strict: false, validateFormats: false, ownProperties: true });
  // ajv divides, and 5e-324 / 5 is 0: a whole number. The remainder is exact where the divisor is whole.
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    validate: (divisor: number, value: number) => value % divisor === 0,
  });
  ajv.addKeyword({ keyword: 'later', validate: (_: unknown, value: unknown) => isReference(value) });
  return ajv.compile(inner(schema) as object);
}

/** Quantified over the whole text, naively. */
const isReference = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^(?:\$\{[^{}]*[^{}\s][^{}]*?\.result(?:[.[][^{}]*)?\s*\}|\{\{[^{}]*[^{}\s][^{}]*?\.result(?:[.[][^{}]*)?\s*\}\})$/.test(
    value,
  );

const orLater = (schema: Json): Json => ({ anyOf: [{ later: true }, inner(schema)] });

/** The schemas inside a schema, each with the choice; names of members are no place for a reference. */
function inner(schema: Json): Json {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, Json] => {
    if (['enum', 'const', 'required', 'dependentRequired', 'propertyNames'].includes(key))
      return [key, value];
    if (Array.isArray(value) && value.every((each) => typeof each !== 'string'))
      return [key, value.map(orLater)];
    if (['properties', 'patternProperties', '$defs', 'dependentSchemas'].includes(key)) {
      const members = Object.entries(value as Record<string, Json>);
      return [key, Object.fromEntries(members.map(([name, each]) => [name, orLater(each)]))];
    }
    return [key, typeof value === 'object' && !Array.isArray(value) ? orLater(value) : value];
  });
  return Object.fromEntries(entries);
}
