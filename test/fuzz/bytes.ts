import fc from 'fast-check';
import { disagreement } from '../bytes/agree.ts';
import { mutated, pickFrom, written } from '../bytes/forms.ts';
import { asked, policyFiles } from '../differential/catalog.ts';
import { openBytes } from '../../runtime/bytes.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';
import type { Compiled } from '../../compiler/index.ts';

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
  /** How many of them were told by their bytes, each once to decide and once to allow. */
  readonly scanned: number;
}

/** Asks one policy about the texts of random plans. @throws Error with the text where its bytes are decided otherwise than what it says */
async function ask(files: Readonly<Record<string, string>>, seed: number): Promise<Asked> {
  const compiled = await compiledOf(files);
  if (compiled === null) return { compared: 0, scanned: 0 };
  const policy = (await bundleOf(compiled)).policy();
  const bytes = await openBytes(policy);
  const pick = pickFrom(seed);
  const scanned = (): number => bytes.counts?.['scanned'] ?? 0;
  let compared = 0;
  for (const [number, { plan, context, now }] of fc.sample(asked, { numRuns: PLANS, seed }).entries()) {
    if (number >= TRIED && scanned() === 0) break;
    for (let i = 0; i < TEXTS; i += 1) {
      const clean = encoder.encode(written(plan, pick));
      const text = pick(2) === 0 ? clean : mutated(clean, pick);
      const values = pick(4) === 0 ? 'later' : 'now';
      const difference = disagreement({ policy, bytes }, text, { context, now, values });
      const units = JSON.stringify(Buffer.from(text).toString('latin1'));
      if (difference !== null)
        throw new Error(`${difference}\nof the bytes ${units}\nunder ${JSON.stringify(files)}, seed ${seed}`);
      compared += 1;
    }
  }
  return { compared, scanned: scanned() };
}

/** Random policies, each signed, loaded and asked about the texts of random plans: as writers write them, and with other bytes in them. */
export async function fuzzBytes(seed: number, texts: number): Promise<number> {
  let compared = 0;
  let scanned = 0;
  for (let number = 0; compared < texts; number += 1) {
    const own = seed + number * 1_000_003;
    const [files = {}] = fc.sample(policyFiles, { numRuns: 1, seed: own });
    const told = await ask(files, own);
    compared += told.compared;
    scanned += told.scanned;
  }
  if (scanned < compared * 0.1)
    throw new Error(`of ${compared} texts only ${scanned / 2} are told by their bytes`);
  return compared;
}
