/** A plan that was decided by a signed bundle, and its receipt: compiled, signed, loaded, decided and signed as users do it. */
import type { KeyObject } from 'node:crypto';
import { parsePlan } from '@plan-lint/runtime';
import type { Bundle, EvaluateOptions } from '@plan-lint/runtime';
import { verifyReceipt } from '@plan-lint/runtime/receipt';
import type { DecisionPredicate, ReceiptDemands } from '@plan-lint/runtime/receipt';
import { decisionPredicate, type ReceiptTerms } from '../../decisions/receipt.ts';
import {
  firstTrust,
  generateKey,
  keySigner,
  preAuthenticationEncoding,
  sidecar,
  signerKey,
  signReceipt,
  trustBytes,
  trustKey,
  type TrustFile,
} from '../../compiler/6-sign/index.ts';
import { bundleFrom } from '../support/decide.ts';
import { NOW, sharedKey } from '../support/signing.ts';

export const MINUTE = 60_000;
export const decisionKey = generateKey('p256');
export const policyKey = sharedKey;
export const strangerKey = generateKey('p256');

const { id: decisionId } = signerKey(decisionKey);

/** Who may do what: one key signs policies, another decides. */
export const trustFile: TrustFile = {
  ...firstTrust(signerKey(policyKey), 'policies', ['acme']),
  keys: [trustKey(signerKey(policyKey), 'policies'), trustKey(signerKey(decisionKey), 'decisions')],
  decisions: [
    {
      keys: [decisionId],
      threshold: 1,
      audiences: ['payments', 'refunds'],
      bundles: ['acme'],
      max_life: 900,
    },
  ],
};
export const trust = trustBytes(trustFile);

const POLICIES = {
  'finance.yaml': `rules:
  - rule: limit
    severity: high
    pattern: { tool: payments.transfer, operation: amount_gt, value: 1000 }
  - rule: second_look
    severity: medium
    enforcement: require_approval
    pattern: { tool: payments.transfer, operation: amount_gt, value: 100 }
  - rule: memo
    severity: low
    pattern: { tool: payments.transfer, arg: memo, operation: matches, value: urgent }
`,
  'lenient.yaml': 'max_steps: 100\n',
};
export const bundle: Bundle = await bundleFrom(POLICIES);

export const planOf = (amount: unknown, memo = 'rent'): unknown =>
  parsePlan(
    JSON.stringify({
      id: 'pay-rent',
      steps: [
        { id: 'look', tool: 'db.query', args: { table: 'invoices' } },
        {
          id: 'pay',
          tool: 'payments.transfer',
          args: { amount, memo, to: 'DE89 3704' },
          depends_on: ['look'],
        },
        { id: 'tell', tool: 'mail.send', args: { to: 'ada@acme.example' } },
      ],
    }),
  );

export const OPENING = { context: { role: 'clerk', user: 'lovelace' }, salt: '5a'.repeat(32) };

export const terms = (plan: unknown, changes: Partial<ReceiptTerms> = {}): ReceiptTerms => ({
  plan,
  opening: OPENING,
  values: 'now',
  approvals: [],
  audience: 'payments',
  run: 'run-17',
  nonce: 'c0'.repeat(16),
  issued: NOW,
  expires: NOW + 5 * MINUTE,
  engine: 'plan-lint 0.2.0',
  ...changes,
});

export function decide(plan: unknown, options: EvaluateOptions = {}, entry = 'finance'): DecisionPredicate {
  const decision = bundle.policy(entry).evaluate(plan, { context: OPENING.context, now: NOW, ...options });
  return decisionPredicate(decision, terms(plan, { values: options.values ?? 'now' }));
}

export async function receiptOf(
  plan: unknown,
  predicate: DecisionPredicate = decide(plan),
  key: KeyObject = decisionKey,
): Promise<Uint8Array> {
  const { sidecars } = await signReceipt({
    planName: 'pay-rent',
    plan,
    predicate,
    signers: [keySigner(key)],
  });
  return sidecars[0] ?? new Uint8Array();
}

export const demands = (plan: unknown, changes: Partial<ReceiptDemands> = {}): ReceiptDemands => ({
  plan,
  audience: 'payments',
  bundles: [bundle.identity],
  entry: 'finance',
  now: NOW + MINUTE,
  ...changes,
});

/** A sidecar over any payload, made as a signer would. */
export async function seal(
  payload: Uint8Array | string,
  key: KeyObject = decisionKey,
  payloadType = 'application/vnd.in-toto+json',
): Promise<Uint8Array> {
  const bytes = Buffer.from(payload);
  const signer = keySigner(key);
  return sidecar(
    bytes,
    signer.key.id,
    await signer.sign(preAuthenticationEncoding(bytes, payloadType)),
    payloadType,
  );
}

/** The verdict, or the code of the refusal. */
export async function answer(
  sidecars: Uint8Array | readonly Uint8Array[],
  asked: ReceiptDemands,
  root: Parameters<typeof verifyReceipt>[1] = trust,
): Promise<string> {
  try {
    return (await verifyReceipt(sidecars, root, asked)).verdict;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}
