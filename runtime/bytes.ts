/**
 * Deciding a plan from its bytes: `@plan-lint/runtime/bytes`. A subpath, so that who decides objects carries none of it. Bundles with
 * the capability `bytes` tell plans on which nothing fires without making an object of them; the others are read strictly.
 */
import type { BytesModule, ByteScanner, Decision, OpenBytes, Violation } from './contract.ts';
import { decision } from './decision.ts';
import { attempt } from './errors.ts';
import type { EvaluateOptions, Policy } from './evaluate.ts';
import { JsonError, type JsonErrorCode } from './json.ts';
import { parsePlan } from './plan-text.ts';
import { clock, freeze } from './platform.ts';
import { scannerHost } from './scanner.ts';

/** A plan on which nothing fires. */
export interface QuietPlan {
  readonly planId: string | null;
  readonly decision: Decision;
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
  /**
   * What is told of a plan by its bytes alone, where nothing fires on it; `null`: it has to be read and decided. For who keeps
   * records of many plans.
   */
  quietPlan(plan: Uint8Array, options?: EvaluateOptions): QuietPlan | null;
  /** How many plans were read and decided as objects, by cause; `scanned` is how many were not. `null`: there is no scanner here. */
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

  /** Whether nothing fires, for certain. */
  function isQuiet(plan: Uint8Array, options: EvaluateOptions | undefined): boolean {
    if (!scanner || !counts || problem(options?.now ?? clock())) return false;
    const cause = scanner.scan(plan);
    counts.take(cause);
    return cause === 0;
  }

  return freeze({
    decideText(plan: Uint8Array, options?: EvaluateOptions): Decision {
      if (
        attempt(
          () => isQuiet(plan, options),
          () => false,
        )
      )
        return pass;
      const reading = readText(plan);
      return 'refused' in reading
        ? decision(parties, 'deny', 1, () => [reading.refused])
        : policy.evaluate(reading.plan, options);
    },
    allowsText(plan: Uint8Array, options?: EvaluateOptions): boolean {
      if (
        attempt(
          () => isQuiet(plan, options),
          () => false,
        )
      )
        return true;
      const reading = readText(plan);
      return !('refused' in reading) && policy.allows(reading.plan, options);
    },
    quietPlan(plan: Uint8Array, options?: EvaluateOptions): QuietPlan | null {
      return attempt(
        () => (isQuiet(plan, options) && scanner ? { planId: scanner.planId(), decision: pass } : null),
        () => null,
      );
    },
    get counts() {
      return counts && counts.read();
    },
  });
}

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
  readonly take: (cause: number) => void;
  readonly read: () => Readonly<Record<string, number>>;
}

function newCounts({ causes }: BytesModule): Counts {
  const taken = causes.map(() => 0);
  return {
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
