import fc from 'fast-check';
import type { Compiled } from '../../compiler/index.ts';
import { loadBundle } from '../../runtime/load.ts';
import { loadBundle as loadByVm } from '../../runtime/vm.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { disagreement } from '../differential/agree.ts';
import type { Question } from '../differential/agree.ts';
import { asked as question, policyFiles } from '../differential/catalog.ts';
import type { OracleStep } from '../oracle/oracle.ts';
import { reduce } from './reduce.ts';

/** Plans a policy is asked about. */
export const PLANS = 100;

interface Example {
  readonly files: Readonly<Record<string, string>>;
  readonly asked: readonly Question[];
  /** Loaded as services do that swap bundles, rather than imported. */
  readonly byVm: boolean;
}

/**
 * Random conditions may cost more than a plan of any size may, or ask for a tool that the catalog does not have: the
 * compiler says so, and there is nothing to compare.
 */
const REFUSED = /error PL(?:3204|3302)\b/;

async function compiledOf(files: Example['files']): Promise<Compiled | null> {
  try {
    return await compileMemory(files);
  } catch (error) {
    if (REFUSED.test(String(error))) return null;
    throw error;
  }
}

/** The first question on which the two part, in words; `null`: there is none. */
async function differenceOf({ asked, byVm }: Example, compiled: Compiled): Promise<string | null> {
  const bundle = await bundleOf(compiled, {}, byVm ? loadByVm : loadBundle);
  for (const one of asked) {
    const difference = disagreement(compiled, bundle, one);
    if (difference !== null) return `${difference}, of ${JSON.stringify(one)}`;
  }
  return null;
}

const examples: fc.Arbitrary<Example> = fc.record({
  files: policyFiles,
  asked: fc.array(question, { minLength: PLANS, maxLength: PLANS }),
  byVm: fc.boolean(),
});

/**
 * Random policies, each signed, loaded and asked about 100 random plans; throws where the oracle disagrees, with what is
 * left of the example when everything is left out that does not matter.
 */
export async function fuzzDifferential(seed: number, pairs: number): Promise<number> {
  const numRuns = Math.ceil(pairs / PLANS);
  let compared = 0;
  const property = fc.asyncProperty(examples, async (example) => {
    const compiled = await compiledOf(example.files);
    if (compiled === null) return;
    const difference = await differenceOf(example, compiled);
    if (difference !== null) throw new Error(difference);
    compared += PLANS;
  });
  const { counterexample, errorInstance } = await fc.check(property, { numRuns, seed, endOnFailure: true });
  if (counterexample) throw new Error(await explained(...counterexample), { cause: errorInstance });
  if (compared < pairs * 0.95) throw new Error(`of ${numRuns} policies, ${compared / PLANS} compile`);
  return compared;
}

/** What is left of a plan is one still: the oracle knows no others. */
const isWhole = ({ plan }: Partial<Question>): boolean =>
  Array.isArray(plan?.steps) &&
  plan.steps.every(
    ({ id, tool, args }: Partial<OracleStep>) =>
      id !== undefined && tool !== undefined && typeof args === 'object',
  );

async function explained({ files, asked, byVm }: Example): Promise<string> {
  const differs = async (
    parts: Parts | undefined,
    some: readonly Question[] | undefined,
  ): Promise<string | null> => {
    // Either may be what was left out.
    if (!parts || !some?.every(isWhole)) return null;
    try {
      const fewer = { files: written(parts), asked: some, byVm };
      return await differenceOf(fewer, await compileMemory(fewer.files));
    } catch {
      return null;
    }
  };
  const parts = opened(files);
  let one = asked;
  for (const single of asked) if ((await differs(parts, [single])) !== null) one = [single];
  const example = await reduce(
    { parts, one },
    async (less: { readonly parts?: Parts; readonly one?: readonly Question[] }) =>
      (await differs(less.parts, less.one)) !== null,
  );
  const difference = await differs(example.parts, example.one);
  return `${difference ?? 'only together'}, under ${JSON.stringify(example.parts)}`;
}

/** Files of JSON as what stands in them, and back; others as they are. */
type Parts = Readonly<Record<string, unknown>>;

const isJson = (text: string): boolean => text.startsWith('{');

const opened = (files: Example['files']): Parts =>
  Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, isJson(text) ? JSON.parse(text) : text]),
  );
const written = (parts: Parts): Example['files'] =>
  Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      typeof part === 'string' ? part : JSON.stringify(part),
    ]),
  );
