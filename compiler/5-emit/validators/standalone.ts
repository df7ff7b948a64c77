import standaloneCode from 'ajv/dist/standalone/index.js';
import type { JsonObject, JsonValue } from '../../ir/catalog.ts';
import { isList, isObject } from '../../ir/schema.ts';
import { configuredAjv } from './ajv.ts';
import { phraseOf } from './phrase.ts';
import { shorten } from './shorten.ts';

/** Validators as text that calls support functions and knows no global; placeholders stand in it. */
export interface Standalone {
  readonly text: string;
  /** The function of each schema, in the order of the schemas. */
  readonly functions: readonly string[];
}

/** The last one: mutants of policies have the catalog of the policies. */
let last: { readonly key: string; readonly made: Standalone } | null = null;

/** Compiles schemas, written anew by `canonical.ts`, ahead of time by ajv's standalone mode. */
export function standalone(
  schemas: readonly JsonObject[],
  isInherited: (word: string) => boolean,
): Standalone {
  const words = new Set(JSON.stringify(schemas).match(/s_\d+_/g));
  const key = JSON.stringify([schemas, [...words].filter(isInherited)]);
  if (last?.key !== key) last = { key, made: compile(schemas, isInherited) };
  return last.made;
}

function compile(schemas: readonly JsonObject[], isInherited: (word: string) => boolean): Standalone {
  const ajv = configuredAjv();
  schemas.forEach((schema, i) => ajv.addSchema(schema, `a${i}`));
  const made = standaloneCode.default(ajv, Object.fromEntries(schemas.map((_, i) => [`a${i}`, `a${i}`])));
  const functions: string[] = [];
  const text = rewritten(made, functions, isInherited);
  return { text: shorten(text).trim(), functions };
}

/**
 * One finding, as ajv writes it: an object, put at the end of `vErrors`. It becomes a path and a phrase, noted only if
 * the value is no reference to a result that is not known yet.
 */
const FINDING =
  /const (err\d+) = \{instancePath(?::(.*?))?,schemaPath:.*?,keyword:"([^"]+)",params:\{([^]*?)\},schema:(.*),parentSchema:.*,data(?::([^,{}]+?))?(,propertyName:\w+)?\};\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\nerrors\+\+;/g;

const SCHEMA = /^const (schema\d+) = (.*);$/gm;
const EXPORT = /^"use strict";\n|^export const a(\d+) = (validate\d+);\n/gm;
/** Notes for `unevaluatedProperties`, which is not supported. */
const EVALUATED = /^validate\d+\.evaluated = .*;\n/gm;
const OWNERSHIP = /^const (func\d+) = Object\.prototype\.hasOwnProperty;$/gm;
const PATTERN_TEST = /\bfunc\d+\(("t_\d+_"), "u"\)/g;
const PATTERN_ENGINE = /^const func\d+ = textTest;$/gm;
const ENTRANCE = /^(function (validate\d+)\(data, )\{.*\}=\{\}\)\{$/gm;
/** What a validator takes over from another. A copy for each would make many findings take quadratic time. */
const TAKEN_OVER = /\bvErrors = vErrors === null \? ([\w.]+)\.errors : vErrors\.concat\(\1\.errors\);/g;
/** What a validator hands to another: of it only the path is needed. */
const HANDED = /\{instancePath(?::(.*?))?,parentData[:,].*?,rootData\}/g;
/** A look whether an object owns a member that is there; needed only for what every object inherits. */
const OWNED =
  / (?:\|\| \(!\(func\d+\.call\([\w.]+, "(s_\d+_)"\)\)\)|&& func\d+\.call\([\w.]+, "(s_\d+_)"\))/g;
/** Where there are many properties ajv looks a name up in the schema. */
const IS_LISTED = /\bfunc\d+\.call\((schema\d+(?:\.\w+|\[\d+\]|\["[^"]+"\])*), (key\d+)\)/g;

function rewritten(made: string, functions: string[], isInherited: (word: string) => boolean): string {
  const schemas = new Map(
    [...made.matchAll(SCHEMA)].map(([, name = '', json = '']) => [name, JSON.parse(json) as JsonObject]),
  );
  const listed = new Map<string, string>();
  const phrases = new Map<string, string>();
  const text = (made.endsWith('\n') ? made : `${made}\n`)
    .replace(EXPORT, (_, i: string | undefined, name: string | undefined) => {
      if (i !== undefined) functions[Number(i)] = name ?? '';
      return '';
    })
    .replace(SCHEMA, '')
    .replace(EVALUATED, '')
    .replace(
      FINDING,
      (
        _,
        _error,
        path = 'instancePath',
        keyword: string,
        params: string,
        schema: string,
        data = 'data',
        ofName?: string,
      ) => {
        const { phrase, at } = phraseOf(keyword, { params, schema }, (place) => placed(schemas, place));
        const says = phrases.get(phrase) ?? `phrase${phrases.size}`;
        phrases.set(phrase, says);
        const note = `errors=(vErrors||(vErrors=[])).push([${path}${at},${says}]);`;
        // A name of the plan's own is no place for a reference, nor is where nothing may be.
        return ofName === undefined && keyword !== 'never' ? `if(!isLater(${data}))${note}` : note;
      },
    )
    .replace(IS_LISTED, (_, place: string, key: string) => {
      const names = JSON.stringify(Object.keys(placed(schemas, place) ?? {}).map((name) => [name]));
      const table = listed.get(names) ?? `names${listed.size}`;
      listed.set(names, table);
      return `${table}.has(${key})`;
    })
    .replace(OWNED, (look: string, missing: string | undefined, there: string | undefined) =>
      isInherited(missing ?? there ?? '') ? look : '',
    )
    .replace(OWNERSHIP, 'const $1={call:hasOwn};')
    .replace(PATTERN_TEST, '{test:$1}')
    .replace(PATTERN_ENGINE, '')
    // Whoever asks would take findings of an earlier call for those of this one, and double them level by level.
    .replace(ENTRANCE, '$1instancePath,question){if(!enter(question)){$2.errors=[];return false;}')
    .replace(TAKEN_OVER, 'vErrors = taken(vErrors, $1.errors);')
    .replace(HANDED, (_, path = 'instancePath') => `${path as string},question`)
    .replaceAll('Object.keys(', 'keysOf(')
    .replaceAll('Array.isArray(', 'isArray(')
    .replaceAll('isFinite(', 'fin(')
    .replaceAll('isNaN(', 'isNotNumber(');
  const strange = FOREIGN.exec(text);
  if (strange) throw new Error(`the validators hold what was not rewritten: ${strange[0]}`);
  const tables = [...listed].map(([names, table]) => `const ${table}=new Map(${names});\n`);
  const said = [...phrases].map(([phrase, says]) => `const ${says}=${JSON.stringify(phrase)};\n`);
  return [...tables, ...said, text].join('');
}

/** What no line may hold any more: a later ajv could write its code in another way. */
const FOREIGN =
  /\b(?:require|Object|Array|RegExp|Math|Number|JSON|schema\d+|import|export)\b[^"\n]*|= \{\};|\.concat\([^\n]*|\{instancePath[^\n]*schemaPath[^\n]*/;

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (isList(value)) return value[Number(key)];
  return isObject(value) ? value[key] : undefined;
}

/** What stands at `schema3.properties.s_1_` in the schemas that ajv has written beside its code. */
function placed(schemas: ReadonlyMap<string, JsonObject>, place: string): JsonObject | null {
  const [name = '', ...keys] = place.match(/\w+|(?<=\[")[^"]*(?="\])/g) ?? [];
  let at: JsonValue | undefined = schemas.get(name);
  for (const key of keys) at = memberOf(at, key);
  if (isObject(at)) return at;
  return isList(at) ? { list: at } : null;
}
