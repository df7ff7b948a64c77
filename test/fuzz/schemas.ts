/** Validators alone: many random schemas a module, each asked about many random arguments, held to the oracle. */
import fc from 'fast-check';
import { compileMemory, bundleOf } from '../support/decide.ts';
import { filesOf } from '../catalog/support.ts';
import { input } from '../differential/catalog.ts';
import { breaks } from '../oracle/args.ts';
import { withReferences } from '../oracle/references.ts';

const SCHEMAS = 50;
const ARGS = 200;

const LATER = '${s0.result.x}';
const NAMES = ['amount', 'to', 'items', 'constructor', '__proto__', 'name', 'price', 'b', LATER] as const;
const scalar = fc.constantFrom('x', 'DROP', 'abcd', 'ab', 'import(', 5, 7, 1000, 0, -0.25, true, null, LATER);

const members = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), of), { maxLength: 4, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: scalar, weight: 4 },
    { arbitrary: fc.array(tie('value'), { maxLength: 3 }), weight: 3 },
    { arbitrary: fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 3 }), weight: 1 },
    { arbitrary: members(tie('value')), weight: 3 },
  ),
})).value;

/** A member's name that holds a reference is refused whatever the schema says. */
function namesReference(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  return Object.entries(part).some(([name, member]) => name === LATER || namesReference(member));
}

/** Random arguments of a tool. */
export const argumentsOf = members(value);

const round = fc.tuple(
  fc.array(input, { minLength: SCHEMAS, maxLength: SCHEMAS }),
  fc.array(argumentsOf, { minLength: ARGS, maxLength: ARGS }),
);

/** Throws with the shortest disagreement of a round; returns how many pairs of schema and arguments agreed. */
export async function fuzzSchemas(seed: number, pairs: number): Promise<number> {
  const numRuns = Math.ceil(pairs / (SCHEMAS * ARGS));
  for (const [schemas, args] of fc.sample(round, { numRuns, seed })) {
    const tools = Object.fromEntries(schemas.map((schema, i) => [`t${i}`, schema]));
    const compiled = await compileMemory(filesOf(tools, 'validate_args: true'));
    const { catalog } = compiled.policies;
    if (!catalog) throw new Error('a policy without its catalog');
    const policy = (await bundleOf(compiled)).policy();
    const differences = Object.entries(tools).flatMap(([tool, schema]) =>
      args.flatMap((each) => {
        const plan = {
          steps: [
            { id: 's0', tool: 'other', args: {} },
            { id: 's1', tool, args: each },
          ],
        };
        // What a reference stands for is asked at the call; here only what is certain without it.
        const passes = policy.evaluate(plan, { values: 'later' }).valid;
        const asked = withReferences(each) as Readonly<Record<string, unknown>>;
        const isBroken =
          namesReference(each) || breaks(catalog, tool, asked).every((broken) => broken === true);
        if (passes !== isBroken) return [];
        return [`${passes ? 'passes' : 'denies'} ${JSON.stringify(each)} of ${JSON.stringify(schema)}`];
      }),
    );
    const [shortest] = differences.sort((a, b) => a.length - b.length);
    if (shortest !== undefined) throw new Error(`emitted code ${shortest}, and the oracle does not`);
  }
  return numRuns * SCHEMAS * ARGS;
}
