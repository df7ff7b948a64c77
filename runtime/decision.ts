import type { Decision, Status, Verdict, Violation } from './contract.ts';
import { freeze, hasOwn, isArray } from './platform.ts';

/** Outcomes, weakest first. */
const STATUSES: readonly Status[] = ['pass', 'warn', 'approval', 'deny'];

/** Of whom and by whom a decision is. */
export type Parties = Pick<Decision, 'entry' | 'bundle'>;

/** A decision; its violations are put into words when they are first read. */
export function decision(
  parties: Parties,
  status: Status,
  riskScore: number,
  words: () => readonly Violation[],
): Decision {
  return freeze({
    status,
    valid: status === 'pass' || status === 'warn',
    riskScore,
    get violations(): readonly Violation[] {
      const said = freeze(words());
      // V8 keeps the shapes of objects with a getter of their own for a while: the plan must not hang on this one.
      words = () => said;
      return said;
    },
    ...parties,
  });
}

/** What a module said; what is none of the statuses is a deny. */
export function decided(parties: Parties, { status, risk, violations }: Verdict): Decision {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-conversion -- a module may say anything
  return decision(parties, STATUSES[status] ?? 'deny', +risk, () => {
    try {
      return copied(violations()) as readonly Violation[];
    } catch {
      return refused(parties, 'runtime.error', 'the module could not say why').violations;
    }
  });
}

/** A plan that no policy was asked about, or that none could decide: it is denied. */
export function refused(parties: Parties, rule: string, message: string): Decision {
  const violation: Violation = freeze({
    rule,
    policy: 'plan-lint',
    severity: 'critical',
    enforcement: 'deny',
    category: 'BUNDLE',
    message,
    stepIndex: -1,
    stepId: null,
    argPath: '',
    origin: null,
    waiver: null,
  });
  return decision(parties, 'deny', 1, () => [violation]);
}

/** Data of a module as frozen data of our own: its getters, proxies and prototypes end here. @throws for anything else */
function copied(value: unknown): unknown {
  if (typeof value === 'function') throw new TypeError();
  if (typeof value !== 'object' || !value) return value;
  // Member by member: through lists of members it takes three times as long.
  const copy = (isArray(value) ? [] : {}) as Record<string, unknown>;
  for (const key in value)
    if (hasOwn(value, key) && key !== '__proto__') copy[key] = copied((value as typeof copy)[key]);
  return freeze(copy);
}
