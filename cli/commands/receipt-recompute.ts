/** `plan-lint receipt recompute`: decides a plan again, by the same bundle in the same context, and compares. */
import { loadBundle } from '@plan-lint/runtime';
import { digestOf } from '@plan-lint/runtime/digest';
import { openReceipt, verdictOf } from '@plan-lint/runtime/receipt';
import type { DecisionPredicate, OpenedReceipt } from '@plan-lint/runtime/receipt';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import { bundleSource } from '../../bundles/source.ts';
import type { BundleSource } from '../../bundles/files.ts';
import type { Demands } from '../../bundles/source.ts';
import { decisionPredicate, firstDifference, type Difference } from '../../decisions/receipt.ts';
import { readPlan } from '../plan-input.ts';
import { openingPath, readOpening, readReceipt } from '../receipt/files.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { shown } from '../text/shown.ts';
import { receiptJson, receiptText } from '../text/receipt.ts';

export interface ReceiptRecomputeOptions extends Demands {
  readonly plan: string;
  readonly receipt?: readonly string[];
  readonly bundle: string;
  readonly trust: string;
  /** What opens the context's digest; default: the one beside the plan. */
  readonly contextFile?: string;
  readonly format?: 'text' | 'json';
}

/** What a decision follows from, and what it is: in the order in which a difference explains those behind it. */
const comparable = (plan: string, predicate: DecisionPredicate): object => {
  const { context_digest, bundle, entry, steps_count, steps_root, decision } = predicate;
  return { plan, context_digest, bundle, entry, steps_count, steps_root, decision };
};

/** The decision as it comes out now, as at the instant of the receipt. */
async function recomputed(
  options: ReceiptRecomputeOptions,
  signed: DecisionPredicate,
  source: BundleSource,
  io: Io,
): Promise<object> {
  const plan = await readPlan(options.plan, io);
  const opening = await readOpening(openingPath(options.plan, options.contextFile), io);
  const issued = Date.parse(signed.issued);
  const load = { ...source.load, now: issued };
  const bundle = await loadBundle(source.module, source.sidecars, source.trust, load);
  const { values } = signed.decision;
  const policy = choosePolicy(bundle, signed.entry ?? undefined);
  const decision = policy.evaluate(plan, { context: opening.context, now: issued, values });
  const { approvals, audience, run, nonce, engine } = signed;
  const expires = Date.parse(signed.expires);
  const again = { plan, opening, values, approvals, audience, run, nonce, issued, expires, engine };
  return comparable(digestOf(plan), decisionPredicate(decision, again));
}

const valueText = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

const differenceText = ({ path, left, right }: Difference): string =>
  shown`DIFFERENT    ${path}: the receipt says ${valueText(left)}, deciding it again ${valueText(right)}\n`;

function report(
  receipt: OpenedReceipt,
  difference: Difference | null,
  format: ReceiptRecomputeOptions['format'],
): string {
  const verdict = verdictOf(receipt);
  if (format !== 'json')
    return (
      receiptText(receipt, verdict) +
      (difference
        ? differenceText(difference)
        : 'recomputed   plan, context and bundle give the same decision\n')
    );
  const said = difference && {
    path: difference.path,
    receipt: difference.left ?? null,
    recomputed: difference.right ?? null,
  };
  return receiptJson(receipt, verdict, { same: !difference, difference: said });
}

export function receiptRecompute(options: ReceiptRecomputeOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const source = await bundleSource(options, io);
    const sidecars = await readReceipt(options.plan, options.receipt, io);
    const receipt = await openReceipt(sidecars, source.trust, 'issued');
    const { predicate } = receipt.statement;
    const again = await recomputed(options, predicate, source, io);
    const difference = firstDifference(comparable(receipt.planDigest, predicate), again);
    io.stdout(report(receipt, difference, options.format));
    return difference ? EXIT.findings : EXIT.ok;
  });
}
