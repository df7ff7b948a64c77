import type { TrustedKey } from '@plan-lint/runtime';
import type { BundlePredicate } from '@plan-lint/runtime/contract';

/** Everything `inspect` shows. */
export interface Inspection {
  readonly file: string;
  /** Why it is not verified, or `null` if it is. */
  readonly refusal: { readonly code: string; readonly message: string; readonly hint: string } | null;
  readonly digest: string;
  /** sha256 over the closure of sources; the loader can be pinned to it. */
  readonly closure: string;
  readonly bytes: { readonly module: number; readonly gzip: number; readonly sidecars: readonly number[] };
  /** Key ids the sidecars claim. */
  readonly claimed: readonly string[];
  /** Keys whose signatures count; empty while it is not verified. */
  readonly signers: readonly Pick<TrustedKey, 'id' | 'label' | 'algorithm'>[];
  readonly predicate: BundlePredicate;
  /** `null` while it is not verified: reading them would mean running the module. */
  readonly content: {
    readonly rules: readonly RuleSummary[];
    readonly entries: readonly EntrySummary[];
  } | null;
}

export interface RuleSummary {
  readonly id: string;
  readonly policy: string;
  readonly category: string;
  readonly severity: string;
  readonly enforcement: string;
  readonly weight: number;
  readonly description: string;
  /** `file:line:column` in the policy sources. */
  readonly origin: string;
}

export interface EntrySummary {
  readonly name: string;
  readonly aggregate: string;
  readonly threshold: number;
}
