/** Signed receipts: what was decided of which plan, for whoever carries it out and believes nobody on the way. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { RUNTIME_VERSION } from '@plan-lint/runtime';
import { decisionPredicate } from 'plan-lint/decisions';
import { keySigner, readPrivateKey, signReceipt } from 'plan-lint/sign';
import type { Signer } from 'plan-lint/sign';
import type { ReceiptApproval } from '@plan-lint/runtime/receipt';
import type { Config } from '../config/sections.ts';
import type { Chosen } from '../policy/registry.ts';
import { planIdOf } from './decision.ts';
import type { Question } from './decision.ts';

export interface Receipt {
  /** The signature with its statement, base64 of the file that `plan-lint receipt verify` takes. */
  readonly sidecar: string;
  /** The context and its salt: who has it can show what the receipt’s digest is of. */
  readonly opening: { readonly context: unknown; readonly salt: string };
}

export class Receipts {
  readonly #signer: Signer;
  readonly #audience: string;
  readonly #life: number;

  constructor(signer: Signer, audience: string, life: number) {
    this.#signer = signer;
    this.#audience = audience;
    this.#life = life;
  }

  /** @returns `null` where no decision key is configured */
  static async open({ receipts, environment }: Config): Promise<Receipts | null> {
    if (!receipts) return null;
    const signer = keySigner(readPrivateKey(await readFile(receipts.key_file, 'utf8')));
    return new Receipts(signer, receipts.audience ?? environment, receipts.life);
  }

  /** Asks the policy once more, in the same circumstances, and signs what it says. @throws CanonicalError */
  async sign(
    { policy }: Chosen,
    { plan, context, now, values }: Omit<Question, 'sha256'>,
    approvals: readonly ReceiptApproval[] = [],
  ): Promise<Receipt> {
    const opening = { context, salt: randomBytes(32).toString('hex') };
    const predicate = decisionPredicate(policy.evaluate(plan, { context, now, values }), {
      plan,
      opening,
      values,
      approvals,
      audience: this.#audience,
      run: null,
      nonce: randomBytes(16).toString('hex'),
      issued: now,
      expires: now + this.#life,
      engine: `plan-lint ${RUNTIME_VERSION}`,
    });
    const { sidecars } = await signReceipt({
      planName: planIdOf(plan),
      plan,
      predicate,
      signers: [this.#signer],
    });
    return { sidecar: Buffer.from(sidecars[0] ?? []).toString('base64'), opening };
  }
}
