/** Random schemas of random tools: `validate_args` and Python's `jsonschema` say the same of random arguments. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { filesOf } from '../catalog/support.ts';
import { input } from '../differential/catalog.ts';
import { argumentsOf } from '../fuzz/schemas.ts';

const SCHEMAS = 60;
const ARGS = 100;
const SEED = 20_26_11;

/** Answers, for each schema, which of the values it admits. */
const PEER = `
import json, sys
from jsonschema.validators import validator_for
schemas, values = json.load(sys.stdin)
def ask(schema):
    validator = validator_for(schema)(schema)
    return [validator.is_valid(value) for value in values]
json.dump([ask(schema) for schema in schemas], sys.stdout)
`;

/**
 * draft-07 ignores what stands beside a `$ref`, which counts here: documented, and on the safe side. In 2019-09
 * `contains` evaluates nothing (core §9.3.1.3), and for this peer it does.
 */
function countsAlike(schema: object): boolean {
  const text = JSON.stringify(schema);
  if (text.includes('draft-07')) return !text.includes('"$ref"');
  return !text.includes('2019-09') || !text.includes('"contains"') || !text.includes('"unevaluatedItems"');
}

it('agree', async () => {
  const schemas = fc
    .sample(input, { numRuns: 2 * SCHEMAS, seed: SEED })
    .filter(countsAlike)
    .slice(0, SCHEMAS);
  const values = fc
    .sample(argumentsOf, { numRuns: 2 * ARGS, seed: SEED })
    // What is not known yet satisfies every schema here; Python knows no such thing.
    .filter((each) => !JSON.stringify(each).includes('${'))
    .slice(0, ARGS);
  const { stdout, stderr, status } = spawnSync('python3', ['-c', PEER], {
    input: JSON.stringify([schemas, values]),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const admitted = JSON.parse(stdout) as readonly (readonly boolean[])[];
  const tools = Object.fromEntries(schemas.map((schema, i) => [`t${i}`, schema]));
  const bundle = await bundleOf(await compileMemory(filesOf(tools, 'validate_args: true')));
  const differences = schemas.flatMap((schema, i) =>
    values.flatMap((args, j) => {
      const passes = bundle.policy().allows({ steps: [{ id: 's', tool: `t${i}`, args }] });
      return passes === admitted[i]?.[j]
        ? []
        : [`${passes}: ${JSON.stringify(args)} of ${JSON.stringify(schema)}`];
    }),
  );
  expect(admitted.flat().filter(Boolean).length).toBeGreaterThan(500);
  expect(differences.sort((a, b) => a.length - b.length).slice(0, 3)).toEqual([]);
}, 300_000);
