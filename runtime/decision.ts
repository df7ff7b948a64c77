import type {
  Decision,
  DecisionData,
  PendingCheck,
  PendingData,
  Status,
  Verdict,
  Violation,
  ViolationData,
} from './contract.ts';
import { attempt } from './errors.ts';
import { entriesOf, freeze, fromEntries } from './platform.ts';
import { list, nullable, string, type Reader } from './shape.ts';

/** Outcomes, weakest first. */
export const STATUSES: readonly Status[] = ['pass', 'warn', 'approval', 'deny'];

/** Of whom and by whom a decision is. */
export type Parties = Pick<Decision, 'entry' | 'bundle'>;

/** A finding with the names that the enterprise guide gives its members: `stepIndex` is `step_index` there. */
export const asData = <Data extends ViolationData>(finding: Violation): Data =>
  fromEntries(
    entriesOf(finding).map(([name, value]: [string, unknown]) => [
      name.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`),
      // No step: the plan as a whole.
      value === -1 ? null : value,
    ]),
  ) as unknown as Data;

/** What decisions inherit: as a property of their own, no thread could be sent one. */
const written = freeze({
  toJSON(this: Decision): DecisionData {
    const { valid, status, riskScore, violations, pending, entry, bundle } = this;
    return {
      is_valid: valid,
      status,
      risk_score: riskScore,
      violations: violations.map<ViolationData>(asData),
      ...(pending[0] && { pending: pending.map<PendingData>(asData) }),
      entry,
      bundle,
    };
  },
});

/** A decision; its violations are put into words when they are first read. */
export function decision(
  parties: Parties,
  status: Status,
  riskScore: number,
  words: () => readonly Violation[],
  waits?: (() => readonly PendingCheck[]) | null,
): Decision {
  let open: readonly PendingCheck[] | undefined;
  let said: readonly Violation[] | undefined;
  const members: Omit<Decision, 'toJSON'> & { readonly __proto__: typeof written } = {
    __proto__: written,
    status,
    valid: status === 'pass' || status === 'warn',
    riskScore,
    get violations(): readonly Violation[] {
      return (said ??= freeze(words()));
    },
    complete: !waits,
    get pending(): readonly PendingCheck[] {
      return (open ??= freeze(waits ? waits() : []));
    },
    ...parties,
  };
  return freeze(members as Omit<Decision, 'toJSON'> as Decision);
}

/** What a module said; what is none of the statuses is a deny. */
export function decided(parties: Parties, { status, risk, violations, pending }: Verdict): Decision {
  const unsaid = (): readonly Violation[] =>
    refused(parties, 'runtime.error', 'the module could not say why').violations;
  return decision(
    parties,
    STATUSES[status] ?? 'deny',
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-conversion -- a module may say anything
    +risk,
    () => attempt(() => readViolations(violations(), ''), unsaid),
    // A module of format 1 puts nothing off.
    pending &&
      (() =>
        attempt(
          () => readPending(pending(), ''),
          () => unsaid().map((one) => freeze({ ...one, mayFail: true })),
        )),
  );
}

/** A plan that no policy was asked about, or that none could decide: it is denied. */
export function refused(parties: Parties, rule: string, message: string): Decision {
  const violation: Violation = freeze({
    rule,
    policy: 'plan-lint',
    message,
    severity: 'critical',
    enforcement: 'deny',
    category: 'BUNDLE',
    stepIndex: -1,
    stepId: null,
    argPath: '',
    origin: null,
    waiver: null,
  });
  return decision(parties, 'deny', 1, () => [violation]);
}

const textOrNull = nullable(string);

/**
 * What a module says fired, as frozen data of our own: its getters, proxies and prototypes end here, and whoever reads a
 * decision finds texts and numbers where they belong. Which severities there are is the module's business. Member by member:
 * through a reader of any shape it takes three times as long.
 */
function copied(given: Violation, at: string): Violation {
  const { origin } = given;
  /* eslint-disable @typescript-eslint/no-unnecessary-type-conversion -- a module may say anything */
  return freeze({
    rule: string(given.rule, at),
    policy: string(given.policy, at),
    message: string(given.message, at),
    severity: string(given.severity, at) as Violation['severity'],
    enforcement: string(given.enforcement, at) as Violation['enforcement'],
    category: string(given.category, at),
    stepIndex: +given.stepIndex,
    stepId: textOrNull(given.stepId, at),
    argPath: string(given.argPath, at),
    origin: origin
      ? freeze({ file: string(origin.file, at), line: +origin.line, column: +origin.column })
      : null,
    waiver: textOrNull(given.waiver, at),
  });
  /* eslint-enable @typescript-eslint/no-unnecessary-type-conversion */
}

export const readViolations = list(copied as Reader<Violation>);

const readPending = list(((given: PendingCheck, at: string) =>
  freeze({
    ...copied(given, at),
    mayFail: !((given.mayFail as unknown) === false),
  })) as Reader<PendingCheck>);
