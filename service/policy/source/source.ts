/** Where bundles come from. A source looks again from time to time and when it is told to; what it finds is activated. */
import type { TrustRoot } from '@plan-lint/runtime';
import type { Capability } from '@plan-lint/runtime/contract';
import type { Activation } from '../activate.ts';
import type { Candidate } from '../candidate.ts';
import type { Registry } from '../registry.ts';

/** What all sources are given. */
export interface SourceOptions {
  /** A path, or an address. */
  readonly where: string;
  /** Path of the trust root; `null` for policies that are compiled here. */
  readonly trust: string | null;
  readonly load: Candidate['load'];
  readonly capabilities: readonly Capability[];
  /** Of a registry: which of its channels; `null` where `where` is a bundle. */
  readonly channel: string | null;
  /** Where the next trust roots are. */
  readonly roots: string | null;
  /** Milliseconds between two looks. */
  readonly poll: number;
  /** Milliseconds. */
  readonly loadTimeout: number;
  /** What outlives a restart; `null` where nothing does. */
  readonly stateDir: string | null;
  readonly now: () => number;
  readonly registry: Registry;
  readonly activation: Activation;
  /** For people: warnings of policies, what was left out. */
  readonly tell: (text: string) => void;
}

export interface Source {
  /** Looks now. Never throws: what fails is in the status. */
  readonly refresh: () => Promise<void>;
  /**
   * The trust root as it is now, which bundles from elsewhere are held against, too.
   *
   * @returns `null` where nothing is signed, or nobody can say yet which one counts
   */
  readonly trust: () => Promise<Uint8Array | TrustRoot | null>;
  readonly stop: () => void;
}
