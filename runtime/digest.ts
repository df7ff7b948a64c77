/** Digests of values, plans and steps: `@plan-lint/runtime/digest`. */
import { CanonicalError, canonicalJson } from './jcs.ts';
import { climb, leafOf, pathOf, rootOf, type InclusionProof } from './merkle.ts';
import { fromHex, isArray, toHex, utf8 } from './platform.ts';
import { sha256Now } from './sha256.ts';

export { CanonicalError, canonicalJson } from './jcs.ts';
export type { InclusionProof } from './merkle.ts';

/**
 * sha256 of a value's canonical JSON (RFC 8785), in lower-case hex; synchronous.
 *
 * @throws CanonicalError for what JSON cannot hold
 * @example
 * digestOf({ b: 1, a: 2 }); // printf '{"a":2,"b":1}' | sha256sum
 */
export const digestOf = (value: unknown): string => sha256Now(utf8(canonicalJson(value)));

/**
 * sha256 of a text's UTF-8, in lower-case hex; synchronous, in browsers too.
 *
 * @example
 * textDigest('max_steps: 20\n'); // as `sha256sum` prints it of the file
 */
export const textDigest = (text: string): string => sha256Now(utf8(text));

/** What stands for a plan's steps: how many there are, and the root over them. */
export interface StepsDigest {
  readonly steps_count: number;
  /** Lower-case hex. */
  readonly steps_root: string;
}

function leavesOf(plan: unknown): readonly Uint8Array[] {
  const steps = (plan as { readonly steps?: unknown } | null)?.steps;
  if (!isArray(steps)) throw new CanonicalError('no list of steps', ['steps']);
  return steps.map(leaf);
}

/** Of a step as it stands in its plan. */
const leaf = (step: unknown): Uint8Array => leafOf(utf8(canonicalJson(step)));

/** @throws CanonicalError for what is no plan */
export function stepsDigest(plan: unknown): StepsDigest {
  const leaves = leavesOf(plan);
  return { steps_count: leaves.length, steps_root: toHex(rootOf(leaves)) };
}

/**
 * Proves that a step is in its plan, to somebody who sees no other step.
 *
 * @param index - of the step, from 0
 * @throws CanonicalError for what is no plan, RangeError where the plan has no such step
 */
export function proveStep(plan: unknown, index: number): InclusionProof {
  const leaves = leavesOf(plan);
  const { length: count } = leaves;
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new RangeError(`no step ${index} in a plan of ${count}`);
  return { index, count, path: pathOf(leaves, index).map(toHex) };
}

/**
 * Whether this very step, references and all, stands at the proof's index in the plan with that digest of its steps. Never
 * throws: what cannot be read proves nothing.
 *
 * @example
 * verifyStep(step, proof, receipt.predicate);
 */
export function verifyStep(step: unknown, proof: InclusionProof, steps: StepsDigest): boolean {
  try {
    const { index, count, path } = proof;
    // The root alone would not say how many steps there are, and so at which of them this one stands.
    if (!Number.isSafeInteger(index) || count !== steps.steps_count) return false;
    const root = climb(leaf(step), { index, count, path: path.map(fromHex) });
    return root !== undefined && toHex(root) === steps.steps_root;
  } catch {
    return false;
  }
}
