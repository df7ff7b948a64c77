/**
 * The official JSON Schema Test Suite, asked of `validate_args` as users ask it: each group is a tool whose argument `x`
 * has the group's schema. What is refused is counted by reason; of what compiles every assertion must be decided right.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compile, memoryHost } from '../../compiler/index.ts';
import { bundleOf } from '../support/decide.ts';
import { filesOf, findings } from '../catalog/support.ts';

const folder = process.env['JSON_SCHEMA_SUITE'] ?? '';

interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** References count from the root, which the group's schema is no more; data and names of members are left alone. */
function moved(schema: unknown, isSchema = true): unknown {
  if (Array.isArray(schema)) return schema.map((each) => moved(each, isSchema));
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (isSchema && key === '$ref' && typeof value === 'string' && /^#(\/|$)/.test(value))
        return [key, `#/properties/x${value.slice(1)}`];
      if (isSchema && (key === 'enum' || key === 'const' || key === 'default')) return [key, value];
      const holdsNames = isSchema && /^(properties|patternProperties|\$defs|definitions|dependen)/.test(key);
      return [key, moved(value, !holdsNames)];
    }),
  );
}

/** `$schema` and the schema's own address stand at the root of a tool's input. */
function inputOf(draft: string, schema: unknown): object {
  const { $schema = draft, ...other } = isObject(schema) ? schema : {};
  const key = draft.includes('draft-04') ? 'id' : '$id';
  const { [key]: id, ...rest } = other;
  const x = moved(isObject(schema) ? rest : schema);
  return { $schema, ...(id !== undefined && { [key]: id }), type: 'object', properties: { x } };
}

/** [folder, `$schema`] */
const DRAFTS = [
  ['draft2020-12', 'https://json-schema.org/draft/2020-12/schema'],
  ['draft2019-09', 'https://json-schema.org/draft/2019-09/schema'],
  ['draft7', 'http://json-schema.org/draft-07/schema#'],
  ['draft6', 'http://json-schema.org/draft-06/schema#'],
  ['draft4', 'http://json-schema.org/draft-04/schema#'],
] as const;

/** Assertions that are decided and groups that are refused, of the suite that comes with jsonschema 4.26.0. */
const COUNTS: Readonly<Record<string, { readonly decided: number; readonly groups: number }>> = {
  'draft2020-12': { decided: 1129, groups: 60 },
  'draft2019-09': { decided: 1105, groups: 50 },
  draft7: { decided: 850, groups: 29 },
  draft6: { decided: 774, groups: 25 },
  draft4: { decided: 579, groups: 15 },
};

interface Outcome {
  readonly decided: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

/** Why a group is refused: the code and the reason, without what the group itself says. */
const reasonOf = (said: string): string =>
  said
    .replace(/^[^:]*:\d+:\d+: /, '')
    .split('\n')[0]
    ?.replaceAll(/`[^`]*`/g, '…') ?? '';

async function outcomeOf(draft: string, $schema: string): Promise<Outcome> {
  const refused: Record<string, number> = {};
  const wrong: string[] = [];
  let decided = 0;
  for (const file of readdirSync(join(folder, draft)).filter((name) => name.endsWith('.json'))) {
    for (const group of JSON.parse(readFileSync(join(folder, draft, file), 'utf8')) as readonly Group[]) {
      const files = filesOf({ t: inputOf($schema, group.schema) }, 'validate_args: true');
      const { result, diagnostics } = await compile(memoryHost(files));
      if (!result) {
        const [first] = diagnostics;
        const reason = reasonOf(`${first?.code ?? ''} ${first?.message ?? ''}`);
        refused[reason] = (refused[reason] ?? 0) + 1;
        continue;
      }
      const bundle = await bundleOf(result);
      for (const { description, data, valid } of group.tests) {
        decided += 1;
        const passes = findings(bundle, { x: data }).length === 0;
        if (passes !== valid) wrong.push(`${file} › ${group.description} › ${description}`);
      }
    }
  }
  return { decided, refused, wrong };
}

it.each(DRAFTS)(
  '%s',
  async (draft, $schema) => {
    const { decided, refused, wrong } = await outcomeOf(draft, $schema);
    const groups = Object.values(refused).reduce((a, b) => a + b, 0);
    console.log(
      `${draft}: ${decided} assertions, ${wrong.length} otherwise, ${groups} groups refused`,
      refused,
    );
    expect({ decided, groups }).toEqual(COUNTS[draft]);
    // Keywords beside a `$ref` count, which older drafts ignore: documented, and on the safe side.
    const beside = draft.startsWith('draft20')
      ? []
      : ['ref.json › ref overrides any sibling keywords › ref valid, maxItems ignored'];
    expect(wrong).toEqual(beside);
  },
  600_000,
);
