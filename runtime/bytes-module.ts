/** What the runtime and a module with the capability `bytes` agree on (types only). */
/** An instance of the scanner that a module carries, and its memory. */
export interface ScannerInstance {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly scan: (at: number, length: number) => number;
  readonly hashOfSmall: (at: number, length: number) => bigint;
  readonly hasId: (at: number, length: number) => number;
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
}

/** Tells plans on which nothing fires by their bytes. */
export interface ByteScanner {
  /** Why the plan has to be read and decided as a whole, one of the module's `causes`; 0: nothing fires. */
  readonly scan: (plan: Uint8Array) => number;
  /** The `id` of the plan on which nothing fired, `null` where it has none. */
  readonly planId: () => string | null;
}

/** What a module has for its capability `bytes`. */
export interface BytesModule {
  /** The scanner, WebAssembly in base64. */
  readonly scanner: string;
  /** What the answers of `scan` are called. */
  readonly causes: readonly string[];
  readonly open: (host: ScannerHost) => ByteScanner;
}
