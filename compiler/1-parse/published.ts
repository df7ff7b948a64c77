/**
 * The shapes as files for editors: what validates, and besides what the reader of a document checks and a schema can
 * say, so that an editor completes it. `policies/schema/` is written from here.
 */
import { OPERATION_NAMES } from '../operations/index.ts';
import { configurationSchema } from './configuration-schema.ts';
import { policySchema } from './schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** `amount_gt` as well as `gt`. */
const operation = {
  anyOf: [{ enum: OPERATION_NAMES }, { pattern: `^.+_(?:${OPERATION_NAMES.join('|')})$` }],
};

/** A copy in which the property `operation` of patterns lists the operations. */
function withOperations(schema: Json): Json {
  const defs = schema['$defs'] as Readonly<Record<string, Json>>;
  const properties = defs['pattern']?.['properties'] as Readonly<Record<string, Json>>;
  const pattern = {
    ...defs['pattern'],
    properties: { ...properties, operation: { ...properties['operation'], ...operation } },
  };
  return { ...schema, $defs: { ...defs, pattern } };
}

/** The schemas that are published, by the name that `plan-lint schema` takes. */
export const publishedSchemas = {
  policy: withOperations(policySchema),
  configuration: configurationSchema,
} as const satisfies Readonly<Record<string, Json>>;

/** Where each is, below the policy directory. */
export const SCHEMA_FILES: Readonly<Record<keyof typeof publishedSchemas, string>> = {
  policy: 'schema/policy.schema.json',
  configuration: 'schema/plan-lint.schema.json',
};
