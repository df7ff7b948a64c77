/** What a policy says of a text, read by the strict reader and decided as an object: what `decideText` has to say. */
import { decidePlan } from '../../decisions/record.ts';
import { readPlan } from '../../plans/read.ts';
import type { BytePolicy } from '../../runtime/bytes.ts';
import type { Decision } from '../../runtime/contract.ts';
import type { EvaluateOptions, Policy } from '../../runtime/evaluate.ts';

/** All that is told: verdict, rules, steps, words. */
const told = ({ status, valid, riskScore, violations, complete, pending, entry, bundle }: Decision): string =>
  JSON.stringify({ status, valid, riskScore, violations, complete, pending, entry, bundle });

/** Where the two part on a text, in words; `null` where they agree. */
export function disagreement(
  { policy, bytes }: { readonly policy: Policy; readonly bytes: BytePolicy },
  text: Uint8Array,
  options: EvaluateOptions,
): string | null {
  const reading = readPlan(text);
  const decision = bytes.decideText(text, options);
  const is = told(decision);
  if (!reading.ok) {
    const [one] = decision.violations;
    const { code, message } = reading.problem;
    if (decision.status === 'deny' && one?.rule === code && one.message === message) return null;
    return `bytes say ${is}, the reader ${code}: ${message}`;
  }
  const should = told(policy.evaluate(reading.plan, options));
  if (is !== should) return `bytes say ${is}, the evaluator ${should}`;
  const allows = bytes.allowsText(text, options);
  if (allows !== policy.allows(reading.plan, options)) return `allowsText says ${allows}`;
  return recordsDiffer({ policy, bytes }, text, options);
}

/** What a report has of it: the same record, with the same lines. */
function recordsDiffer(
  { policy, bytes }: { readonly policy: Policy; readonly bytes: BytePolicy },
  text: Uint8Array,
  { context, now = 0, values = 'now' }: EvaluateOptions,
): string | null {
  const options = { policy, context, now, values };
  const [is, should] = [{ ...options, bytes }, options].map((each) =>
    JSON.stringify(decidePlan({ file: 'p.json' }, text, each, 7)),
  );
  return is === should ? null : `a report has ${is} by the bytes, ${should} by the object`;
}
