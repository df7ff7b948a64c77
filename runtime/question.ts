import type { BundleIdentity, PredicateModule } from './contract.ts';

/** What was asked, of whom. */
export interface Question {
  readonly bundle: BundleIdentity;
  readonly module: PredicateModule;
  /** Name of the entry that decides, or `null` where all entries do. */
  readonly entry: string | null;
  readonly plan: unknown;
  readonly context: unknown;
  readonly now: number;
}
