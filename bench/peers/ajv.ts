import type { Engine } from '../engine.ts';
import type { Check } from '../workload.ts';
import { escape } from '../baselines/merge.ts';
import { byStep, peer } from './indexed.ts';

interface Validate {
  (data: unknown): boolean;
  readonly errors?: readonly { readonly schemaPath: string }[] | null;
}
interface AjvModule {
  readonly default: new (options: object) => { compile(schema: object): Validate };
}

/** One schema a tool, all errors reported; the number behind `allOf` names the rule. */
export const ajv: Engine = {
  name: 'ajv (schema a tool)',
  most: 1000,
  async prepare(workload) {
    const { default: Ajv } = await peer<AjvModule>('ajv');
    const compiler = new Ajv({ allErrors: true, strict: false, messages: false });
    let bytes = 0;
    return byStep(
      workload,
      (_tool, { rules, deny }) => {
        const all = [
          ...rules.map(({ arg, check }) => schemaOf(arg, check)),
          ...deny.map((pattern) => ({ additionalProperties: { not: { type: 'string', pattern } } })),
        ];
        const names = [...rules.map(({ name }) => name), ...deny.map((pattern) => `deny ${pattern}`)];
        const validate = compiler.compile({ allOf: all });
        bytes += JSON.stringify(all).length;
        return ({ args }) => {
          if (validate(args)) return [];
          const found = new Set<string>();
          for (const { schemaPath } of validate.errors ?? []) {
            const at = /allOf\/(\d+)/.exec(schemaPath);
            if (at) found.add(names[Number(at[1])] ?? '');
          }
          return [...found];
        };
      },
      () => bytes,
    );
  },
};

function schemaOf(arg: string, check: Check): object {
  switch (check.operation) {
    case 'gt':
      return { required: [arg], properties: { [arg]: { type: 'number', maximum: check.value } } };
    case 'lt':
      return { required: [arg], properties: { [arg]: { type: 'number', minimum: check.value } } };
    case 'equals':
      return { properties: { [arg]: { not: { const: check.value } } } };
    case 'in':
      return { properties: { [arg]: { not: { enum: check.value } } } };
    case 'matches':
      return { properties: { [arg]: { not: { pattern: check.value } } } };
    case 'contains':
      return { properties: { [arg]: { not: { pattern: escape(check.value) } } } };
    case 'starts_with':
      return { properties: { [arg]: { not: { pattern: `^${escape(check.value)}` } } } };
  }
}
