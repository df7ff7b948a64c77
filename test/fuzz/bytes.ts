import fc from 'fast-check';
import { disagreement } from '../bytes/agree.ts';
import { mutated, pickFrom, spoiled, written } from '../bytes/forms.ts';
import type { Pick } from '../bytes/forms.ts';
import { asked, policyFiles } from '../differential/catalog.ts';
import { openBytes } from '../../runtime/bytes.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';
import type { Compiled } from '../../compiler/index.ts';
import type { PlanLimits } from '../../runtime/contract.ts';

/** Plans a policy is asked about, and the texts of each. */
const PLANS = 100;
const TEXTS = 50;
/** A policy of which so many plans tell nothing by their bytes is asked no more: what is left to the evaluator cannot differ. */
const TRIED = 10;

/** Random conditions may cost more than a plan may, or ask for a tool that the catalog does not have. */
const REFUSED = /error PL(?:3204|3302)\b/;

async function compiledOf(files: Readonly<Record<string, string>>): Promise<Compiled | null> {
  try {
    return await compileMemory(files, [], ['bytes']);
  } catch (error) {
    if (REFUSED.test(String(error))) return null;
    throw error;
  }
}

const encoder = new TextEncoder();

/** What is known of one policy. */
interface Asked {
  readonly compared: number;
  /** How many of them were told by their bytes, each three times: to decide, to allow, and for a report. */
  readonly scanned: number;
  /** Of how many of these some steps were read. */
  readonly inPart: number;
}

/** Asks one policy about the texts of random plans. @throws Error with the text where its bytes are decided otherwise than what it says */
async function ask(files: Readonly<Record<string, string>>, seed: number): Promise<Asked> {
  const compiled = await compiledOf(files);
  if (compiled === null) return { compared: 0, scanned: 0, inPart: 0 };
  const pick = pickFrom(seed);
  const policy = (await bundleOf(compiled, { planLimits: limitsOf(pick) })).policy();
  const bytes = await openBytes(policy);
  const counted = (cause: string): number => bytes.counts?.[cause] ?? 0;
  const scanned = (): number => counted('scanned') + counted('steps');
  let compared = 0;
  for (const [number, { plan, context, now }] of fc.sample(asked, { numRuns: PLANS, seed }).entries()) {
    if (number >= TRIED && scanned() === 0) break;
    for (let i = 0; i < TEXTS; i += 1) {
      const clean = encoder.encode(written(pick(8) === 0 ? repeated(plan, 2 + pick(12)) : plan, pick));
      const text = formOf(clean, pick);
      const values = pick(4) === 0 ? 'later' : 'now';
      const difference = disagreement({ policy, bytes }, text, { context, now, values });
      const units = JSON.stringify(Buffer.from(text).toString('latin1'));
      if (difference !== null)
        throw new Error(`${difference}\nof the bytes ${units}\nunder ${JSON.stringify(files)}, seed ${seed}`);
      compared += 1;
    }
  }
  return { compared, scanned: scanned(), inPart: counted('steps') };
}

/** Half as it is, half with other bytes anywhere, or near its end, behind what fires. */
function formOf(clean: Uint8Array, pick: Pick): Uint8Array {
  const form = pick(6);
  if (form < 3) return clean;
  return form === 3 ? spoiled(clean, pick) : mutated(clean, pick);
}

/** Seldom limits that plans of some steps are near to. */
function limitsOf(pick: Pick): Partial<PlanLimits> {
  if (pick(4) > 0) return {};
  return {
    maxSteps: 1 + pick(20),
    maxDepth: 3 + pick(8),
    maxNodes: 10 + pick(150),
    maxDependencies: pick(6),
    maxStringLength: 4 + pick(60),
  };
}

/** The same steps again and again, under ids of their own: what fires once fires many times. */
function repeated(plan: unknown, times: number): unknown {
  const { steps } = (plan ?? {}) as { readonly steps?: unknown };
  if (!Array.isArray(steps)) return plan;
  const again = Array.from({ length: times }, (_, round) =>
    steps.map((step: unknown) => {
      const id = (step as { readonly id?: unknown } | null)?.id;
      return round > 0 && typeof id === 'string' ? { ...(step as object), id: `${id}_${round}` } : step;
    }),
  );
  return { ...(plan as object), steps: again.flat() };
}

/** Random policies, each signed, loaded and asked about the texts of random plans: as writers write them, and with other bytes in them. */
export async function fuzzBytes(seed: number, texts: number): Promise<number> {
  let compared = 0;
  let scanned = 0;
  let inPart = 0;
  for (let number = 0; compared < texts; number += 1) {
    const own = seed + number * 1_000_003;
    const [files = {}] = fc.sample(policyFiles, { numRuns: 1, seed: own });
    const told = await ask(files, own);
    compared += told.compared;
    scanned += told.scanned;
    inPart += told.inPart;
  }
  if (scanned < compared * 0.1)
    throw new Error(`of ${compared} texts only ${scanned / 3} are told by their bytes`);
  if (inPart === 0) throw new Error('of no plan some steps alone were read');
  return compared;
}
