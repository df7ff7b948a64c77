/** What is written, held to the JSON Schema of its fields by ajv, and told in the words of the field that it breaks. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { nearest } from 'plan-lint/inspect';
import { ConfigError } from './field.ts';
import type { Field } from './field.ts';

export interface Settings<T> {
  /** @throws ConfigError for the first thing that cannot be taken */
  read(written: unknown): T;
}

/** A place in what is written: the path of its reader, and the field that stands there. */
interface Place {
  readonly path: string;
  readonly field: Field<unknown>;
}

function placeOf(root: Field<unknown>, pointer: string): Place {
  let [path, field] = ['', root];
  const names = pointer.split('/').slice(1);
  for (const name of names.map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    const isIndex = field.item !== null && /^\d+$/.test(name) && field.form.expected === 'a list';
    path = isIndex ? `${path}[${name}]` : joined(path, name);
    field = field.members?.[name] ?? field.item ?? field;
  }
  return { path, field };
}

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function unknownSetting({ path, field }: Place, name: string): ConfigError {
  // A single value may stand for a list of one.
  const names = Object.keys(field.members ?? field.item?.members ?? {});
  const near = nearest(name, names);
  return new ConfigError(
    `\`${joined(path, name)}\` is no setting`,
    near === null ? `there are ${names.join(', ')}` : `did you mean \`${joined(path, near)}\`?`,
  );
}

function told(root: Field<unknown>, error: ErrorObject): ConfigError {
  const place = placeOf(root, error.instancePath);
  if (error.keyword === 'additionalProperties')
    return unknownSetting(
      place,
      (error.params as { readonly additionalProperty: string }).additionalProperty,
    );
  const { expected, hint } = place.field.form;
  const named = place.path === '' ? 'the configuration' : `\`${place.path}\``;
  return new ConfigError(`${named} is not ${expected}`, `write ${named} as ${hint}`);
}

/** Of a choice that nothing of satisfies, the deepest refusal is about what was meant. */
const deepest = (errors: readonly ErrorObject[]): ErrorObject | undefined =>
  errors.reduce<ErrorObject | undefined>(
    (best, each) => (best && depthOf(best) >= depthOf(each) ? best : each),
    undefined,
  );
const depthOf = ({ instancePath, keyword }: ErrorObject): number =>
  instancePath.split('/').length + (keyword === 'additionalProperties' ? 1 : 0);

/** Made once for a schema, when it is first asked. */
export function settings<T>(root: Field<T>): Settings<T> {
  let validate: ValidateFunction | null = null;
  return {
    read(written) {
      // That the schema is one is a test’s to say, not every start’s.
      validate ??= new Ajv2020({ allowUnionTypes: true, meta: false, validateSchema: false }).compile(
        root.schema,
      );
      if (validate(written)) return root.read(written);
      const error = deepest(validate.errors ?? []);
      throw error
        ? told(root, error)
        : new ConfigError('the configuration cannot be taken', 'see its schema');
    },
  };
}
