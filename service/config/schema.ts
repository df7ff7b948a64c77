/** The JSON Schema of `plan-lint.service.yaml`. */
import type { JsonSchema } from './field.ts';
import { CONFIG } from './sections.ts';

export const configSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'plan-lint.service.yaml',
  ...CONFIG.schema,
});
