/** What a receipt lets an executor do, and every way in which one is not for it. */
import { describe, expect, it } from 'vitest';
import { BundleError, loadBundle } from '@plan-lint/runtime';
import { proveStep } from '@plan-lint/runtime/digest';
import { openReceipt, parseReceipt } from '@plan-lint/runtime/receipt';
import type { DecisionPredicate } from '@plan-lint/runtime/receipt';
import { parseSidecar } from '@plan-lint/runtime/tools';
import { bundleStatement, signerKey, trustBytes, trustKey } from '../../compiler/6-sign/index.ts';
import { moduleText, NOW, predicateOf, verdict } from '../support/signing.ts';
import {
  answer,
  bundle,
  decide,
  decisionKey,
  demands,
  MINUTE,
  OPENING,
  planOf,
  policyKey,
  receiptOf,
  seal,
  strangerKey,
  trust,
  trustFile,
} from './support.ts';

const plan = planOf(50);
const good = await receiptOf(plan);
const payloadOf = (sidecar: Uint8Array): string => Buffer.from(parseSidecar(sidecar).payload).toString();

const approvedBy = (digest: string, at = NOW): DecisionPredicate['approvals'] => [
  { by: 'grace', method: 'sso', digest, at: new Date(at).toISOString() },
];

describe('what an authentic receipt says', () => {
  it('the plan may run', async () => {
    expect(await answer(good, demands(plan))).toBe('run');
    expect(await answer(await receiptOf(planOf(50, 'urgent')), demands(planOf(50, 'urgent')))).toBe('run');
  });

  it('the plan is denied', async () => {
    expect(await answer(await receiptOf(planOf(5000)), demands(planOf(5000)))).toBe('deny');
  });

  it('somebody has to approve; and has approved this plan, or another one', async () => {
    const waiting = planOf(500);
    const asked = demands(waiting);
    const predicate = decide(waiting);
    const receipt = await receiptOf(waiting, predicate);
    const { planDigest } = await openReceipt(receipt, trust, NOW);
    expect(await answer(receipt, asked)).toBe('approval');
    const approved = async (digest: string): Promise<string> =>
      answer(await receiptOf(waiting, { ...predicate, approvals: approvedBy(digest) }), asked);
    expect(await approved(planDigest)).toBe('run');
    expect(await approved('0'.repeat(64))).toBe('approval');
    // A denied plan stays denied, whoever approves.
    const denied = planOf(5000);
    const digest = (await openReceipt(await receiptOf(denied), trust, NOW)).planDigest;
    const overruled = await receiptOf(denied, { ...decide(denied), approvals: approvedBy(digest) });
    expect(await answer(overruled, demands(denied))).toBe('deny');
  });

  it('checks wait for values', async () => {
    const later = planOf('${look.result.total}');
    expect(await answer(await receiptOf(later), demands(later))).toBe('deny');
    const predicate = decide(later, { values: 'later' });
    expect(predicate.decision.pending.map(({ rule }) => rule)).toEqual(['limit', 'second_look']);
    expect(await answer(await receiptOf(later, predicate), demands(later))).toBe('run_with_checks');
  });

  it('no value of an argument, nor of the context, stands in it', () => {
    const secret = planOf(5000.125, 'urgent: the password is hunter2');
    const text = JSON.stringify(decide(secret));
    for (const value of ['hunter2', 'DE89', 'invoices', '5000.125', 'clerk', 'lovelace'])
      expect(text).not.toContain(value);
    expect(decide(secret).decision).toMatchObject({
      status: 'deny',
      findings: [
        { rule: 'limit', enforcement: 'deny', origin: { file: 'finance.yaml', line: 2 }, waived: false },
        { rule: 'second_look', enforcement: 'require_approval' },
        { rule: 'memo', enforcement: 'warn' },
      ],
    });
  });

  it('what is no plan has a receipt, and it says denied', async () => {
    const none = { steps: 'all of them' };
    const predicate = decide(none);
    expect(predicate.steps_count).toBe(0);
    expect(await answer(await receiptOf(none, predicate), demands(none))).toBe('deny');
  });
});

describe('what the executor knows by itself', () => {
  const other = { ...OPENING, context: { role: 'admin', user: 'lovelace' } };
  it.each<readonly [string, Partial<Parameters<typeof demands>[1]>, string]>([
    ['another plan', { plan: planOf(51) }, 'receipt_plan_mismatch'],
    ['a plan with a member more', { plan: { ...(plan as object), meta: {} } }, 'receipt_plan_mismatch'],
    ['no plan at all', { plan: { id: NaN } }, 'receipt_plan_mismatch'],
    ['another audience', { audience: 'refunds' }, 'receipt_audience_mismatch'],
    ['another entry', { entry: 'lenient' }, 'receipt_entry_mismatch'],
    ['all entries', { entry: null }, 'receipt_entry_mismatch'],
    ['another bundle', { bundles: [{ name: 'acme', digest: '0'.repeat(64) }] }, 'receipt_bundle_mismatch'],
    [
      'a bundle of another name',
      { bundles: [{ ...bundle.identity, name: 'sandbox' }] },
      'receipt_bundle_mismatch',
    ],
    ['no bundle', { bundles: [] }, 'receipt_bundle_mismatch'],
    ['another context', { context: other }, 'receipt_context_mismatch'],
    ['another salt', { context: { ...OPENING, salt: '00'.repeat(32) } }, 'receipt_context_mismatch'],
    ['the last moment', { now: NOW + 5 * MINUTE - 1 }, 'run'],
    ['the moment after', { now: NOW + 5 * MINUTE }, 'receipt_expired'],
    ['a clock a little behind', { now: NOW - 30_000 }, 'run'],
    ['a clock far behind', { now: NOW - 30_001 }, 'receipt_not_yet_valid'],
    ['a time that is none', { now: NaN }, 'input_invalid'],
    ['the same context', { context: OPENING }, 'run'],
    ['several bundles', { bundles: [{ name: 'acme', digest: '0'.repeat(64) }, bundle.identity] }, 'run'],
  ])('%s', async (_, changes, expected) => {
    expect(await answer(good, demands(plan, changes ?? {}))).toBe(expected);
  });

  it('what is not said is not taken for anything', async () => {
    for (const name of ['plan', 'audience', 'bundles', 'entry'] as const)
      expect(await answer(good, demands(plan, { [name]: undefined }))).toBe('input_invalid');
    expect(await answer(good, demands(plan, { bundles: bundle.identity.digest as never }))).toBe(
      'input_invalid',
    );
    expect(await answer([], demands(plan))).toBe('signature_missing');
  });

  it('a step is enough, with its proof', async () => {
    const { steps } = plan as { readonly steps: readonly unknown[] };
    const asked = (step: unknown, index: number): ReturnType<typeof demands> =>
      demands(undefined, { step: { step, proof: proveStep(plan, index) } });
    expect(await answer(good, asked(steps[1], 1))).toBe('run');
    expect(await answer(good, asked(steps[2], 1))).toBe('receipt_step_mismatch');
    const pay = steps[1] as { readonly args: object };
    expect(await answer(good, asked({ ...pay, args: { ...pay.args, amount: 51 } }, 1))).toBe(
      'receipt_step_mismatch',
    );
    // Proofs of another plan, or with steps cut off.
    const longer = { steps: [...steps, steps[0]] };
    const foreign = demands(undefined, { step: { step: steps[0], proof: proveStep(longer, 3) } });
    expect(await answer(good, foreign)).toBe('receipt_step_mismatch');
    expect(await answer(good, demands(plan, { step: { step: steps[1], proof: proveStep(plan, 1) } }))).toBe(
      'input_invalid',
    );
  });
});

describe('single use is state', () => {
  it('the store is asked last, of what may run, and once it has seen the nonce the receipt is used', async () => {
    const used = new Map<string, number>();
    const firstUse = (nonce: string, expires: number): boolean => {
      if (used.has(nonce)) return false;
      used.set(nonce, expires);
      return true;
    };
    expect(await answer(good, demands(plan, { firstUse, audience: 'refunds' }))).toBe(
      'receipt_audience_mismatch',
    );
    expect(await answer(await receiptOf(planOf(5000)), demands(planOf(5000), { firstUse }))).toBe('deny');
    expect(used.size).toBe(0);
    expect(await answer(good, demands(plan, { firstUse }))).toBe('run');
    expect([...used]).toEqual([['c0'.repeat(16), NOW + 5 * MINUTE]]);
    expect(await answer(good, demands(plan, { firstUse }))).toBe('receipt_used');
  });

  it('a store that fails, or answers something else, refuses', async () => {
    const broken = (): never => {
      throw new Error('no connection');
    };
    expect(await answer(good, demands(plan, { firstUse: broken }))).toBe('state_unreadable');
    expect(await answer(good, demands(plan, { firstUse: () => Promise.reject(new Error('down')) }))).toBe(
      'state_unreadable',
    );
    expect(await answer(good, demands(plan, { firstUse: () => 'yes' as never }))).toBe('receipt_used');
  });
});

describe('the trust root', () => {
  const role = trustFile.decisions[0];
  if (!role) throw new Error('no role');
  const rootWith = (changes: Partial<typeof trustFile>): Uint8Array =>
    trustBytes({ ...trustFile, ...changes });
  const ask = (root: Uint8Array): Promise<string> => answer(good, demands(plan), root);

  it('says for whom, with which bundles and for how long', async () => {
    expect(await ask(rootWith({ decisions: [] }))).toBe('receipt_not_trusted');
    expect(await ask(rootWith({ decisions: [{ ...role, audiences: ['refunds'] }] }))).toBe(
      'receipt_not_trusted',
    );
    expect(await ask(rootWith({ decisions: [{ ...role, bundles: ['acme-*'] }] }))).toBe(
      'receipt_not_trusted',
    );
    expect(await ask(rootWith({ decisions: [{ ...role, max_life: 299 }] }))).toBe('receipt_life_too_long');
    expect(await ask(rootWith({ decisions: [{ ...role, max_life: 300 }] }))).toBe('run');
    expect(await ask(rootWith({ decisions: [{ ...role, audiences: [] }] }))).toBe('run');
    expect(
      await ask(
        rootWith({
          decisions: [
            { ...role, audiences: ['refunds'] },
            { ...role, bundles: ['ac*'] },
          ],
        }),
      ),
    ).toBe('run');
  });

  it('a key for one bundle decides for no other by giving it a name of its own', async () => {
    const sandboxKey = trustKey(signerKey(strangerKey));
    const decisions = [...trustFile.decisions, { ...role, keys: [sandboxKey.id], bundles: ['sandbox'] }];
    const root = rootWith({ keys: [...trustFile.keys, sandboxKey], decisions });
    const predicate = decide(plan);
    const named = { ...predicate, bundle: { ...predicate.bundle, name: 'sandbox' } };
    const receipt = await receiptOf(plan, named, strangerKey);
    // Authentic, for the key may say anything of bundles that it calls by that name.
    expect((await openReceipt(receipt, root, NOW)).statement.predicate.bundle.name).toBe('sandbox');
    expect(await answer(receipt, demands(plan), root)).toBe('receipt_bundle_mismatch');
    expect(await answer(await receiptOf(plan, predicate, strangerKey), demands(plan), root)).toBe(
      'key_not_allowed',
    );
  });

  it('demands its threshold of decision keys', async () => {
    const second = trustKey(signerKey(strangerKey));
    const keys = [...trustFile.keys, second];
    const root = rootWith({ keys, decisions: [{ ...role, keys: [...role.keys, second.id], threshold: 2 }] });
    const co = await receiptOf(plan, decide(plan), strangerKey);
    expect(await ask(root)).toBe('threshold_not_met');
    expect(await answer([good, good], demands(plan), root)).toBe('threshold_not_met');
    expect(await answer([good, co], demands(plan), root)).toBe('run');
    const longer = await receiptOf(plan, { ...decide(plan), run: 'run-18' }, strangerKey);
    expect(await answer([good, longer], demands(plan), root)).toBe('statements_differ');
  });

  it('revokes, expires, withdraws and outdates', async () => {
    const revoked = trustFile.keys.map((key) => ({ ...key, revoked: '2026-05-01T00:00:00Z' }));
    expect(await ask(rootWith({ keys: revoked }))).toBe('key_revoked');
    expect(await ask(rootWith({ expires: '2026-05-01T00:00:00Z' }))).toBe('trust_expired');
    const withdrawn = [{ sha256: bundle.identity.digest, since: '2026-05-01T00:00:00Z', reason: '' }];
    expect(await ask(rootWith({ withdrawn }))).toBe('bundle_withdrawn');
    const policies = trustFile.policies.map((rule) => ({ ...rule, minimum_sequence: 8 }));
    expect(await ask(rootWith({ policies }))).toBe('sequence_rollback');
    expect(await answer(good, demands(plan), Buffer.from('{}'))).toBe('trust_malformed');
  });
});

describe('policy keys and decision keys never mix', () => {
  it('a policy key signs no decision', async () => {
    expect(await answer(await receiptOf(plan, decide(plan), policyKey), demands(plan))).toBe(
      'key_not_allowed',
    );
    expect(await answer(await receiptOf(plan, decide(plan), strangerKey), demands(plan))).toBe('key_unknown');
  });

  it('a decision key signs no policies', async () => {
    const module = Buffer.from(moduleText('by a decision key'));
    const sidecar = await seal(bundleStatement('acme.mjs', module, predicateOf()));
    expect(await verdict(loadBundle(module, sidecar, trust, { now: NOW }))).toBe('key_not_allowed');
  });

  it('a trust root that gives both to one key is none for receipts', async () => {
    const [role] = trustFile.decisions;
    const keys = [...(role?.keys ?? []), signerKey(policyKey).id];
    const mixed = trustBytes({
      ...trustFile,
      decisions: [{ ...trustFile.decisions[0], keys } as NonNullable<typeof role>],
    });
    expect(await answer(good, demands(plan), mixed)).toBe('trust_malformed');
    expect(await answer(await receiptOf(plan, decide(plan), policyKey), demands(plan), mixed)).toBe(
      'trust_malformed',
    );
  });

  it('neither statement passes for the other', async () => {
    const module = Buffer.from(moduleText('confused'));
    const statement = Buffer.from(bundleStatement('acme.mjs', module, predicateOf()));
    expect(await answer(await seal(statement), demands(plan))).toBe('receipt_malformed');
    const receipt = await seal(payloadOf(good), policyKey);
    expect(await verdict(loadBundle(Buffer.from('x'), receipt, trust, { now: NOW }))).toBe('predicate_type');
  });
});

it('looking back, a receipt is asked as at the instant of its decision', async () => {
  await expect(openReceipt(good, trust, NOW + 1000 * MINUTE)).rejects.toThrow(BundleError);
  const { statement, signers } = await openReceipt(good, trust, 'issued');
  expect(statement).toEqual(parseReceipt(parseSidecar(good).payload));
  expect(signers.map(({ id }) => id)).toEqual([signerKey(decisionKey).id]);
});
