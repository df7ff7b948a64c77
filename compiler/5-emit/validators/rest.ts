/**
 * `unevaluatedProperties` and `unevaluatedItems` as ajv keywords of our own: ajv's keep what has been evaluated in
 * objects that are merged while the plan is decided. Here it is known beforehand but for which alternatives hold, and
 * those are asked once more.
 */
import { _ } from 'ajv';
import type { Code, CodeKeywordDefinition, KeywordCxt, Name } from 'ajv';
import { and, not, or } from 'ajv/dist/compile/codegen/index.js';
import { resetErrorsCount } from 'ajv/dist/compile/errors.js';
import { Type } from 'ajv/dist/compile/util.js';
import { propertyInData, usePattern } from 'ajv/dist/vocabularies/code.js';
import type { JsonObject, Schema } from '../../ir/catalog.ts';
import type { Conditional, Evaluated } from '../../ir/evaluated.ts';

/** `Evaluated` as a schema for ajv holds it: schemas are named, and stand beside it in the keyword's value. */
export interface Told {
  readonly all: boolean;
  readonly names: readonly string[];
  readonly patterns: readonly string[];
  readonly first: number;
  readonly matching: readonly string[];
  readonly conditional: readonly {
    readonly schema?: string;
    readonly present?: string;
    readonly then: Told;
    readonly otherwise: Told;
  }[];
}

interface Writers {
  readonly name: (text: string) => string;
  readonly pattern: (source: string) => string;
  /** A schema asked of the same value. */
  readonly test: (schema: Schema) => Schema;
  /** A schema asked of an element. */
  readonly part: (schema: Schema) => Schema;
}

/** The value of the keyword: what is evaluated, the schema of the rest, and the schemas that are asked on the way. */
export function restOf(evaluated: Evaluated, rest: Schema, writers: Writers): JsonObject {
  const schemas: Record<string, Schema> = { rest };
  const named = (schema: Schema): string => {
    const key = `a${Object.keys(schemas).length}`;
    schemas[key] = schema;
    return key;
  };
  const testOf = (test: Conditional['test']): { schema: string } | { present: string } =>
    'present' in test
      ? { present: writers.name(test.present) }
      : { schema: named(writers.test(test.schema)) };
  const tell = (each: Evaluated): Told => ({
    all: each.all,
    names: each.names.map(writers.name),
    patterns: each.patterns.map(writers.pattern),
    first: each.first,
    matching: each.matching.map((schema) => named(writers.part(schema))),
    conditional: each.conditional.map(({ test, then, otherwise }) => ({
      ...testOf(test),
      then: tell(then),
      otherwise: tell(otherwise),
    })),
  });
  const told = tell(evaluated);
  return { ...schemas, told: JSON.stringify(told) };
}

const keyword = (
  name: string,
  type: 'object' | 'array',
  code: (cxt: KeywordCxt, told: Told) => void,
): CodeKeywordDefinition => ({
  keyword: name,
  type,
  schemaType: 'object',
  code: (cxt) => {
    code(cxt, JSON.parse((cxt.schema as { readonly told: string }).told) as Told);
  },
});

/** What ajv calls the count of findings so far. */
const ERRORS = _`errors`;

/** A part of the value that is evaluated where the conditions hold. */
interface Guarded<T> {
  readonly when: Code;
  readonly what: T;
}

export const restOfMembers = keyword('restOfMembers', 'object', (cxt, told) => {
  const parts = guarded(cxt, told, _`true`);
  cxt.gen.forIn('name', cxt.data, (name) => {
    const isEvaluated = parts.map(({ when, what }) => {
      const named = what.names.map((each) => _`${name} === ${each}`);
      const matched = what.patterns.map((each) => _`${usePattern(cxt, each)}.test(${name})`);
      return and(when, what.all ? _`true` : or(_`false`, ...named, ...matched));
    });
    cxt.gen.if(not(or(_`false`, ...isEvaluated)), () => {
      ask(cxt, 'rest', name, Type.Str);
    });
  });
});

export const restOfElements = keyword('restOfElements', 'array', (cxt, told) => {
  const { gen, data } = cxt;
  const parts = guarded(cxt, told, _`true`);
  gen.forRange('i', 0, _`${data}.length`, (i) => {
    const isCounted = parts.map(({ when, what }) => and(when, what.all ? _`true` : _`${i} < ${what.first}`));
    const isEvaluated = gen.let('evaluated', or(_`false`, ...isCounted));
    for (const { when, what } of parts) {
      for (const key of what.matching) {
        gen.if(and(not(isEvaluated), when), () => {
          const errors = gen.const('_errs', ERRORS);
          const holds = ask(cxt, key, i, Type.Num);
          gen.assign(isEvaluated, holds);
          resetErrorsCount(gen, errors);
        });
      }
    }
    gen.if(not(isEvaluated), () => {
      ask(cxt, 'rest', i, Type.Num);
    });
  });
});

/** Asks a schema of a part of the value; whether it holds. */
function ask(cxt: KeywordCxt, schemaProp: string, dataProp: Name, dataPropType: Type): Name {
  const holds = cxt.gen.name('valid');
  const compositeRule = schemaProp !== 'rest';
  cxt.subschema(
    { keyword: cxt.keyword, schemaProp, dataProp, dataPropType, ...(compositeRule && { compositeRule }) },
    holds,
  );
  return holds;
}

/** All that may be evaluated, each with the tests that say whether it is; these are asked here. */
function guarded(cxt: KeywordCxt, told: Told, when: Code): readonly Guarded<Told>[] {
  const { gen, data, keyword: name } = cxt;
  const conditional = told.conditional.flatMap(({ schema, present, then, otherwise }) => {
    let holds: Code = _`false`;
    if (present !== undefined) holds = propertyInData(gen, data, present, true);
    else if (schema !== undefined) {
      const errors = gen.const('_errs', ERRORS);
      const valid = gen.name('valid');
      // As `not` and `if` are asked, see `inOneMode`.
      cxt.subschema(
        { keyword: name, schemaProp: schema, compositeRule: true, createErrors: true, allErrors: true },
        valid,
      );
      holds = gen.const('holds', valid);
      resetErrorsCount(gen, errors);
    }
    return [...guarded(cxt, then, and(when, holds)), ...guarded(cxt, otherwise, and(when, not(holds)))];
  });
  return [{ when, what: told }, ...conditional];
}
