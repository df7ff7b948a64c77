/** Runs tests against a loaded bundle. */
import type { Bundle, Decision, Policy, Violation } from '@plan-lint/runtime';
import { nearest } from '../../compiler/inspect.ts';
import type { ExpectedViolation, TestCase } from './case.ts';

export interface Outcome {
  readonly test: TestCase;
  /** What is not as expected; empty where the test passes. */
  readonly differences: readonly string[];
  /** `null` where nothing could be asked. */
  readonly decision: Decision | null;
}

export function runTests(bundle: Bundle, tests: readonly TestCase[], now: number): readonly Outcome[] {
  return tests.map((test): Outcome => {
    const { entry } = test;
    if (entry !== undefined && !bundle.entries.includes(entry)) {
      const near = nearest(entry, bundle.entries);
      const hint = near === null ? `entries: ${bundle.entries.join(', ')}` : `did you mean \`${near}\`?`;
      return { test, decision: null, differences: [`there is no entry \`${entry}\`; ${hint}`] };
    }
    const decision = decide(bundle.policy(entry), test, now);
    return { test, decision, differences: compare(test, decision) };
  });
}

/** Whether all tests pass, as fast as it can be said. */
export function allPass(bundle: Bundle, tests: readonly TestCase[], now: number): boolean {
  return tests.every((test) => compare(test, decide(bundle.policy(test.entry), test, now)).length === 0);
}

export function decide(policy: Policy, test: TestCase, now: number): Decision {
  return policy.evaluate(test.plan, {
    context: test.context,
    now: test.now ?? now,
    values: test.values,
  });
}

function compare({ expect }: TestCase, decision: Decision): readonly string[] {
  const differences: string[] = [];
  const { status, violations: expected, not, exact } = expect;
  if (status !== undefined && status !== decision.status) {
    differences.push(`status: expected ${status}, got ${decision.status}`);
  }
  // A decision that is not asked for its violations does not put them into words.
  if (expected === undefined && not.length === 0 && !exact) return differences;
  const { violations } = decision;
  for (const each of expected ?? []) {
    if (!violations.some((violation) => matches(each, violation))) {
      differences.push(`missing:  ${each.rule}${whereOf(each)}`);
    }
  }
  const complete = exact || expected?.length === 0;
  for (const violation of violations) {
    const listed = expected?.some((each) => matches(each, violation)) ?? false;
    if (not.includes(violation.rule) || (complete && !listed))
      differences.push(`unwanted: ${named(violation)}`);
  }
  return differences;
}

const matches = ({ rule, step, stepIndex }: ExpectedViolation, violation: Violation): boolean =>
  rule === violation.rule &&
  (step === undefined || step === violation.stepId) &&
  (stepIndex === undefined || stepIndex === violation.stepIndex);

const stepNumber = (stepIndex: number): string => ` on step ${stepIndex + 1}`;

function whereOf({ step, stepIndex }: ExpectedViolation): string {
  if (step !== undefined) return ` on step ${step}`;
  return stepIndex === undefined ? '' : stepNumber(stepIndex);
}

const named = ({ rule, stepId, stepIndex }: Violation): string =>
  stepIndex < 0 ? rule : `${rule}${stepId === null ? stepNumber(stepIndex) : ` on step ${stepId}`}`;
