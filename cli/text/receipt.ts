/** Receipts for people. */
import type { OpenedReceipt, ReceiptFinding, ReceiptVerdict } from '@plan-lint/runtime/receipt';
import { many } from '../../compiler/inspect.ts';
import { shown } from './shown.ts';

const SENTENCES: Readonly<Record<ReceiptVerdict, string>> = {
  run: 'the plan may run',
  run_with_checks: 'the plan may run, by a run that asks the checks which wait for values',
  approval: 'somebody has to approve the plan before it runs',
  deny: 'DENIED: the plan must not run',
};

const findingText =
  (what: string) =>
  ({ rule, enforcement, origin, waived }: ReceiptFinding): string =>
    shown`${what.padEnd(12)} ${rule} (${enforcement}${waived ? ', waived' : ''})${origin ? `  ${origin.file}:${origin.line}:${origin.column}` : ''}\n`;

/** What a receipt says, a line a fact. */
export function receiptText(
  { statement, planDigest, signers }: OpenedReceipt,
  verdict: ReceiptVerdict,
): string {
  const { decision, bundle, entry, approvals, audience, run, issued, expires, steps_count } =
    statement.predicate;
  return [
    `verdict      ${SENTENCES[verdict]}\n`,
    `plan         sha256:${planDigest}, ${many(steps_count, 'step')}\n`,
    shown`decided      ${decision.status}, risk ${decision.risk}, by ${bundle.name} ${bundle.version} (sequence ${bundle.sequence}), ${entry ?? 'all entries'}\n`,
    `bundle       sha256:${bundle.digest}\n`,
    ...decision.findings.map(findingText('finding')),
    ...decision.pending.map(findingText('waits')),
    ...approvals.map(
      ({ by, method, digest, at }) => shown`approved     by ${by} (${method}), ${at}, of ${digest}\n`,
    ),
    shown`for          ${audience}${run === null ? '' : `, run ${run}`}\n`,
    `holds        from ${issued} until ${expires}\n`,
    ...signers.map(
      ({ id, label }) => shown`signed by    ${id.slice(0, 16)}${label === '' ? '' : ` (${label})`}\n`,
    ),
  ].join('');
}

/** The same for programs. */
export function receiptJson(
  { statement, planDigest, signers }: OpenedReceipt,
  verdict: ReceiptVerdict,
  more: object = {},
): string {
  const named = signers.map(({ id, label }) => ({ id, label }));
  return `${JSON.stringify({ verdict, plan_digest: planDigest, signers: named, ...statement.predicate, ...more }, null, 2)}\n`;
}
