/** The Merkle root over a plan's steps: RFC 6962's own vectors, every proof of every size, and what proves nothing. */
import { createHash } from 'node:crypto';
import { expect, describe, it } from 'vitest';
import { canonicalJson, digestOf, proveStep, stepsDigest, verifyStep } from '../../runtime/digest.ts';
import type { InclusionProof } from '../../runtime/digest.ts';
import { leafOf, rootOf } from '../../runtime/merkle.ts';

const hash = (...parts: readonly (string | Uint8Array)[]): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The inputs and roots that implementations of RFC 6962 test themselves with (certificate-transparency). */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
it.each(ROOTS.map((root, count) => ({ root, count })))('RFC 6962: the root of $count', ({ root, count }) => {
  const leaves = INPUTS.slice(0, count).map((input) => leafOf(Buffer.from(input, 'hex')));
  expect(hex(rootOf(leaves))).toBe(root);
});

const planOf = (count: number): { readonly id: string; readonly steps: readonly object[] } => ({
  id: 'p',
  steps: Array.from({ length: count }, (_, i) => ({
    id: `s${i}`,
    tool: 'payments.transfer',
    args: { amount: i, memo: '${s0.result.note}' },
  })),
});
const stepOf = (plan: { readonly steps: readonly unknown[] }, index: number): unknown => plan.steps[index];

describe('proofs', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33])(
    'of %i steps: each step at its own place, and at no other',
    (count) => {
      const plan = planOf(count);
      const steps = stepsDigest(plan);
      const surprises: string[] = [];
      for (let i = 0; i < count; i += 1) {
        const proof = proveStep(plan, i);
        expect(proof.path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)));
        for (const j of new Set([0, i - 1, i, i + 1, i ^ 1, count - 1]).values()) {
          if (j < 0 || j >= count) continue;
          if (verifyStep(stepOf(plan, j), proof, steps) !== (i === j)) surprises.push(`step ${j} at ${i}`);
          // The same path said to be of another place.
          if (i !== j && verifyStep(stepOf(plan, i), { ...proof, index: j }, steps))
            surprises.push(`${i} as ${j}`);
        }
      }
      expect(surprises).toEqual([]);
    },
  );

  it('a step is bound with its references, and whatever else stands in it', () => {
    const plan = planOf(5);
    const step = stepOf(plan, 2) as Record<string, unknown>;
    const accepts = (changed: unknown): boolean => verifyStep(changed, proveStep(plan, 2), stepsDigest(plan));
    expect(accepts(Object.fromEntries(Object.entries(step).reverse()))).toBe(true);
    expect(accepts({ ...step, tool: 'payments.refund' })).toBe(false);
    expect(accepts({ ...step, args: { amount: 2, memo: 'note' } })).toBe(false);
    expect(accepts({ ...step, depends_on: [] })).toBe(false);
    expect(accepts(undefined)).toBe(false);
  });

  it('a proof that is cut, longer, of another size, or malformed proves nothing', () => {
    const plan = planOf(7);
    const steps = stepsDigest(plan);
    const proof = proveStep(plan, 3);
    const [first = '', second = ''] = proof.path;
    const forged: readonly Partial<Record<keyof InclusionProof, unknown>>[] = [
      { path: proof.path.slice(1) },
      { path: proof.path.slice(0, -1) },
      { path: [] },
      { path: [...proof.path, first] },
      { path: [second, first, ...proof.path.slice(2)] },
      { path: proof.path.map((each) => each.toUpperCase()) },
      { path: [`${first}00`, ...proof.path.slice(1)] },
      { path: null },
      { count: 8 },
      { count: 6 },
      { count: 0 },
      { index: 7 },
      { index: -1 },
      { index: 3.5 },
      { index: NaN },
      { index: '3' },
    ];
    for (const change of forged)
      expect(verifyStep(stepOf(plan, 3), { ...proof, ...change } as InclusionProof, steps)).toBe(false);
    expect(verifyStep(stepOf(plan, 3), null as unknown as InclusionProof, steps)).toBe(false);
  });

  it('a node is no step, and a step no node', () => {
    const plan = planOf(4);
    const leaves = plan.steps.map((step) => hash('\0', canonicalJson(step)));
    const [a = '', b = '', c = '', d = ''] = leaves;
    const [left, right] = [hash('\x01', a, b), hash('\x01', c, d)];
    expect(stepsDigest(plan).steps_root).toBe(hex(hash('\x01', left, right)));
    // A plan of two "steps" that are the nodes of the other has another root, and no text of them is canonical JSON.
    expect(hex(rootOf([leafOf(left), leafOf(right)]))).not.toBe(stepsDigest(plan).steps_root);
    expect(
      verifyStep(left.toString('latin1'), { index: 0, count: 2, path: [hex(right)] }, stepsDigest(plan)),
    ).toBe(false);
  });

  it('odd steps are not doubled: plans that end in a step twice have roots of their own', () => {
    const plan = planOf(3);
    const doubled = { ...plan, steps: [...plan.steps, stepOf(plan, 2)] };
    expect(stepsDigest(doubled).steps_root).not.toBe(stepsDigest(plan).steps_root);
  });

  it('what is no plan has no digest of its steps', () => {
    expect(() => stepsDigest({ steps: {} })).toThrow('no list of steps at /steps');
    expect(() => stepsDigest(null)).toThrow('no list of steps');
    expect(() => stepsDigest({ steps: [{ id: NaN }] })).toThrow('a number without a value at /id');
    expect(() => proveStep(planOf(3), 3)).toThrow('no step 3 in a plan of 3');
    expect(stepsDigest({ steps: [] }).steps_root).toBe(ROOTS[0]);
  });
});

it('the digest of a plan is that of its canonical text', () => {
  const plan = planOf(2);
  expect(digestOf(plan)).toBe(hex(hash(canonicalJson(plan))));
});
