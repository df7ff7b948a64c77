/**
 * The validators of policy files and of `plan-lint.yaml`: compiled by ajv when the compiler is built, for to compile them
 * takes ajv longer than a small policy takes in whole. From sources they are compiled on the spot.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Options, ValidateFunction } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { transformSync } from 'esbuild';
import { configurationSchema } from '../compiler/1-parse/configuration-schema.ts';
import { policySchema } from '../compiler/1-parse/schema.ts';

/** `verbose`: messages are made of the schema that a value breaks. */
const OPTIONS: Options = { allErrors: true, verbose: true, allowUnionTypes: true };

const SCHEMAS = { validatePolicy: policySchema, validateConfiguration: configurationSchema };

/** What ajv's code asks of ajv at run time, as it writes it: an ES module has no `require`. */
const REQUIRED = /^const (\w+) = require\("([^"]+)"\)\.default;$/gm;

/**
 * The module of the validators as text; the same text whenever the schemas are the same.
 *
 * @throws Error where ajv asks for something in a form that is not known here
 */
export function shapeValidatorsText(): string {
  const ajv = new Ajv2020({ ...OPTIONS, code: { source: true, esm: true, optimize: 1 } });
  for (const [name, schema] of Object.entries(SCHEMAS)) ajv.addSchema(schema, name);
  const names = Object.fromEntries(Object.keys(SCHEMAS).map((name) => [name, name]));
  const imports: string[] = [];
  const text = standaloneCode
    .default(ajv, names)
    .replace(/^"use strict";/, '')
    .replace(/(?=const \w+ = require\()/g, '\n')
    .replace(/(?<=^const \w+ = require\("[^"]+"\)\.default;)/gm, '\n')
    .replace(REQUIRED, (_, name: string, path: string) => {
      imports.push(`import ${name}Module from ${JSON.stringify(`${path}.js`)};`);
      // Node gives the exports of such a module, some bundlers their `default`.
      return `const ${name} = ${name}Module.default ?? ${name}Module;`;
    });
  if (text.includes('require(')) throw new Error('a validator asks for a module in an unknown form');
  return transformSync(`${[...imports, text.trim()].join('\n')}\n`, { minify: true, target: 'es2022' }).code;
}

const compile = (schema: object): ValidateFunction => new Ajv2020(OPTIONS).compile(schema);

export const validatePolicy: ValidateFunction = compile(policySchema);
export const validateConfiguration: ValidateFunction = compile(configurationSchema);
