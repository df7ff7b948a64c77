/**
 * Deciding a plan from its bytes: `@plan-lint/runtime/bytes`. A subpath, so that who decides objects carries none of it. Bundles with
 * the capability `bytes` make no object of a plan, but of the steps on which rules may fire; what they cannot tell is read strictly.
 */
import type { BytesModule, ByteScanner, Decision, OpenBytes, StepsVerdict, Violation } from './contract.ts';
import { decided, decision } from './decision.ts';
import { attempt } from './errors.ts';
import type { EvaluateOptions, Policy } from './evaluate.ts';
import { JsonError, type JsonErrorCode } from './json.ts';
import { parsePlan } from './plan-text.ts';
import { clock, freeze } from './platform.ts';
import { scannerHost } from './scanner.ts';

/** A plan that is decided without reading all of it. */
export interface ScannedPlan {
  readonly planId: string | null;
  readonly decision: Decision;
  /** Where in the text a step begins on which something fires, in bytes from 0; `null` for other steps. */
  readonly offsetOf: (step: number) => number | null;
}

/** A policy that decides plans as they came over the wire. */
export interface BytePolicy {
  /**
   * Decides the text of a plan, UTF-8: what `evaluate` says of what a strict reader makes of it. What that refuses is denied
   * with the rule `plan.unreadable`, `plan.duplicate_member` or `plan.inexact_number`. Synchronous, never throws.
   */
  decideText(plan: Uint8Array, options?: EvaluateOptions): Decision;
  /** Whether `decideText` would say `valid`. */
  allowsText(plan: Uint8Array, options?: EvaluateOptions): boolean;
  /** The same for who keeps records of many plans; `null`: the plan has to be read, and decided as an object. */
  scanPlan(plan: Uint8Array, options?: EvaluateOptions): ScannedPlan | null;
  /**
   * How many plans were read and decided as objects, by cause. `scanned` is how many were not read at all, `steps` of how many only
   * some steps were. `null`: there is no scanner here.
   */
  readonly counts: Readonly<Record<string, number>> | null;
}

declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** A byte order mark may open a text (RFC 8259 §8.1). */
const MARK = '\ufeff';

const RULES: Readonly<Record<JsonErrorCode, string>> = {
  not_json: 'plan.unreadable',
  too_deep: 'plan.unreadable',
  duplicate_member: 'plan.duplicate_member',
  inexact_number: 'plan.inexact_number',
};

/**
 * Opens a policy for plans as bytes. Awaits the scanner, which is compiled once for all bundles that carry the same one; each policy
 * has an instance of its own, of 8 MiB, which goes with it. Where the host has no WebAssembly with SIMD, or the bundle no scanner,
 * plans are read and decided as objects: the answers are the same.
 *
 * @example
 * const policy = await openBytes(bundle.policy('finance'));
 * const decision = policy.decideText(body, { context: { role: 'analyst' } });
 */
export async function openBytes(policy: Policy): Promise<BytePolicy> {
  const { parties, problem, module, entries, planLimits = {} } = policy.parts;
  const opened = (module.bytes as OpenBytes | undefined)?.(entries, planLimits);
  const scanner = opened ? await startScanner(opened) : null;
  const counts = opened && scanner ? newCounts(opened) : null;
  const pass = decision(parties, 'pass', 0, () => []);

  /** What the bytes tell; `null`: the plan has to be read and decided as a whole. */
  function told(plan: Uint8Array, options: EvaluateOptions | undefined, later: boolean): StepsVerdict | null {
    if (!scanner || !counts) return null;
    try {
      const now = options?.now ?? clock();
      if (problem(now)) return null;
      const cause = scanner.scan(plan);
      if (cause !== STEPS) {
        counts.take(cause);
        return cause === NOTHING ? QUIET : null;
      }
      const verdict = scanner.decide(options?.context, now, later);
      counts.take(verdict ? STEPS : counts.whole);
      return verdict;
    } catch {
      // A context that throws: the way over objects says what becomes of it.
      return null;
    }
  }

  const decisionOf = ({ verdict }: StepsVerdict): Decision => (verdict ? decided(parties, verdict) : pass);

  return freeze({
    decideText(plan: Uint8Array, options?: EvaluateOptions): Decision {
      const answer = told(plan, options, options?.values === 'later');
      if (answer) return decisionOf(answer);
      const reading = readText(plan);
      return 'refused' in reading
        ? decision(parties, 'deny', 1, () => [reading.refused])
        : policy.evaluate(reading.plan, options);
    },
    allowsText(plan: Uint8Array, options?: EvaluateOptions): boolean {
      // What is not known counts.
      const answer = told(plan, options, false);
      if (answer) return decisionOf(answer).valid;
      const reading = readText(plan);
      return !('refused' in reading) && policy.allows(reading.plan, options);
    },
    scanPlan(plan: Uint8Array, options?: EvaluateOptions): ScannedPlan | null {
      const answer = told(plan, options, options?.values === 'later');
      if (!answer || !scanner) return null;
      const planId = answer === QUIET ? scanner.planId() : answer.planId;
      return { planId, decision: decisionOf(answer), offsetOf: answer.offsetOf };
    },
    get counts() {
      return counts && counts.read();
    },
  });
}

/** Answers of `scan`: nothing fires; rules may fire on some steps. */
const NOTHING = 0;
const STEPS = 1;
const QUIET: StepsVerdict = freeze({ planId: null, verdict: null, offsetOf: () => null });

/** `null` where this host cannot have one. */
async function startScanner(opened: BytesModule): Promise<ByteScanner | null> {
  const host = await scannerHost(opened.scanner);
  // No room for its memory: plans are read as objects.
  return (
    host &&
    attempt<ByteScanner | null>(
      () => opened.open(host),
      () => null,
    )
  );
}

interface Counts {
  /** The cause of plans of which a rule asks for the whole. */
  readonly whole: number;
  readonly take: (cause: number) => void;
  readonly read: () => Readonly<Record<string, number>>;
}

function newCounts({ causes }: BytesModule): Counts {
  const taken = causes.map(() => 0);
  return {
    whole: causes.indexOf('plan'),
    take(cause) {
      taken[cause] = (taken[cause] ?? 0) + 1;
    },
    read: () =>
      freeze(
        Object.fromEntries(taken.map((count, i) => [i === 0 ? 'scanned' : (causes[i] ?? 'other'), count])),
      ),
  };
}

type Reading = { readonly plan: unknown } | { readonly refused: Violation };

function readText(bytes: Uint8Array): Reading {
  try {
    const text = decoder.decode(bytes);
    return { plan: parsePlan(text.startsWith(MARK) ? text.slice(1) : text) };
  } catch (error) {
    const isJson = error instanceof JsonError;
    const rule = isJson ? RULES[error.code] : 'plan.unreadable';
    const message = isJson ? error.message : 'not UTF-8 text';
    return { refused: unreadable(rule, message) };
  }
}

const unreadable = (rule: string, message: string): Violation =>
  freeze({
    rule,
    policy: 'plan-lint',
    message,
    severity: 'critical',
    enforcement: 'deny',
    category: 'SCHEMA_INVALID',
    stepIndex: -1,
    stepId: null,
    argPath: '',
    origin: null,
    waiver: null,
  });
