/** What the runtime and a module with the capability `bytes` agree on (types only). */
import type { Verdict } from './outcome.ts';
/** An instance of the scanner that a module carries, and its memory. */
export interface ScannerInstance {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly scan: (at: number, length: number) => number;
  readonly hashOfSmall: (at: number, length: number) => bigint;
  readonly hasId: (at: number, length: number) => number;
  /** How many steps the plan has, and how many of them are handed over. */
  readonly stepCount: () => number;
  readonly handedSteps: () => number;
  readonly planIdAt: () => number;
  readonly planIdLength: () => number;
  readonly setFreeCell: (at: number) => void;
  readonly limitSpellings: (texts: number, bytes: number) => void;
  readonly setQuietSteps: (most: number) => void;
  readonly limit: (text: number, depth: number, steps: number, values: number, links: number) => void;
}

/** What the scanner asks the module, by name. */
export type ScannerImports = Readonly<Record<string, (...args: number[]) => number>>;

/** What the host does for the module: it alone knows how to make an instance. */
export interface ScannerHost {
  /** @throws where the host has no room for one */
  readonly start: (imports: ScannerImports) => ScannerInstance;
  readonly encode: (text: string) => Uint8Array;
  /** Of bytes that are UTF-8; a byte order mark stays. */
  readonly decode: (bytes: Uint8Array) => string;
  /** Reads JSON as strictly as a plan. @throws where it is none */
  readonly read: (text: string) => unknown;
}

/** Decides plans by their bytes. */
export interface ByteScanner {
  /**
   * What becomes of a plan, one of the module's `causes`. 0: nothing fires; 1: `decide` may say what does; all others: it has to be
   * read and decided as a whole.
   */
  readonly scan: (plan: Uint8Array) => number;
  /** Decides the plan that was scanned last, by the steps on which rules may fire; `null`: as a whole. */
  readonly decide: (context: unknown, now: number, later: boolean) => StepsVerdict | null;
  /** The `id` of the plan that was scanned last. */
  readonly planId: () => string | null;
}

export interface StepsVerdict {
  /** The plan's `id`, `null` where it has none. */
  readonly planId: string | null;
  /** `null`: nothing fires after all. */
  readonly verdict: Verdict | null;
  /** Where a step begins in the text, in bytes; `null` for one on which nothing fires. */
  readonly offsetOf: (step: number) => number | null;
}

/** What a module has for its capability `bytes`. */
export interface BytesModule {
  /** The scanner, WebAssembly in base64. */
  readonly scanner: string;
  /** What the answers of `scan` are called. */
  readonly causes: readonly string[];
  readonly open: (host: ScannerHost) => ByteScanner;
}
