/** Makes the scanner that a module carries: WebAssembly, where the host has it and lets it run. */
import type { ScannerHost, ScannerImports, ScannerInstance } from './contract.ts';
import { parsePlan } from './plan-text.ts';
import { fromBase64, fromUtf8, utf8 } from './platform.ts';

/** WebAssembly JavaScript Interface §5, as far as it is used; the runtime compiles without the types of hosts. */
interface HostWebAssembly {
  readonly compile: (bytes: Uint8Array) => Promise<object>;
  readonly Instance: new (
    compiled: object,
    imports: { readonly host: ScannerImports },
  ) => { readonly exports: Omit<ScannerInstance, 'bytes' | 'view'> & { readonly memory: HostMemory } };
}

interface HostMemory {
  readonly buffer: ArrayBuffer;
}

// Captured now, as all that the runtime takes from its host.
const host = (globalThis as { readonly WebAssembly?: HostWebAssembly }).WebAssembly;
const { compile, Instance } = host ?? {};

/**
 * Scanners by their text: nearly every bundle carries the same one, and it is compiled once. A process that follows bundles over
 * versions of the compiler meets a few.
 */
const compiled = new Map<string, Promise<object | null>>();
const MOST_COMPILED = 8;

/** What makes instances; `null` where the host has no WebAssembly or no SIMD, or lets none be compiled. */
export async function scannerHost(scanner: string): Promise<ScannerHost | null> {
  if (!compile || !Instance) return null;
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  let making = compiled.get(scanner);
  if (!making) compiled.set(scanner, (making = compileText(compile, scanner)));
  const made = await making;
  return (
    made && {
      start: (imports) => start(new Instance(made, { host: imports })),
      encode: utf8,
      decode: fromUtf8,
      read: parsePlan,
    }
  );
}

async function compileText(make: HostWebAssembly['compile'], scanner: string): Promise<object | null> {
  try {
    return await make(fromBase64(scanner));
  } catch {
    // A policy of the page, an old engine: plans are read and decided as objects.
    return null;
  }
}

function start({ exports }: InstanceType<HostWebAssembly['Instance']>): ScannerInstance {
  const { memory, ...functions } = exports;
  const { buffer } = memory;
  return { bytes: new Uint8Array(buffer), view: new DataView(buffer), ...functions };
}
