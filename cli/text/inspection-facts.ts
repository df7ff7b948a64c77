import type { TrustedKey } from '@plan-lint/runtime';
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import type { EntryChain } from './chains.ts';
import type { MapReport } from '../../bundles/source-map.ts';

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
  /** The files that each entry is made of. */
  readonly chains: readonly EntryChain[];
  /** `null` where no source map is signed and none is there. */
  readonly source_map: MapReport | null;
  /** `null` while it is not verified: reading them would mean running the module. */
  readonly content: {
    readonly rules: readonly RuleSummary[];
    readonly entries: readonly EntrySummary[];
    readonly exceptions: readonly ExceptionSummary[];
  } | null;
}

/** An exception in force of an entry, as its module applies it. */
export interface ExceptionSummary {
  readonly entry: string;
  readonly rule: string;
  /** Ticket, reason, who approved it and until when, in one sentence. */
  readonly label: string;
  /** Instants; `null`: from the beginning. */
  readonly not_before: string | null;
  readonly expires: string;
  /** Whether it holds for every tool and whoever asks; else its declaration says for which. */
  readonly covers: 'everything' | 'part';
  /** `null` without the sources. */
  readonly declared: DeclaredException | null;
}

/** What the policy sources say about an exception. */
export interface DeclaredException {
  /** The policy that grants it. */
  readonly policy: string;
  readonly ticket: string;
  readonly reason: string;
  readonly requested_by: string;
  readonly approved_by: string;
  readonly scope: {
    /** `null`: any tool. */
    readonly tools: readonly string[] | null;
    /** What the caller must vouch for: one of the values, each. */
    readonly context: readonly { readonly path: string; readonly values: readonly unknown[] }[];
  };
  /** `file:line:column` in the policy sources. */
  readonly origin: string;
}

/** The scope of an exception in words. */
export function scopeText({ covers, declared }: ExceptionSummary): string {
  if (covers === 'everything') return 'every tool, whoever asks';
  if (!declared) return 'some tools or callers; the sources say which';
  const { tools, context } = declared.scope;
  const asking = context.map(({ path, values }) => `${path} is ${values.map(String).join(' or ')}`);
  return [tools ? tools.join(', ') : 'every tool', ...(asking.length > 0 ? [asking.join(', ')] : [])].join(
    '; ',
  );
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
