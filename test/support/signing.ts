/** Small signed bundles for the tests of trust. */
import type { KeyObject } from 'node:crypto';
import { MODULE_HEAD, MODULE_TAIL } from '@plan-lint/runtime/contract';
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import {
  firstTrust,
  generateKey,
  keySigner,
  sha256Hex,
  signBundle,
  signerKey,
  trustBytes,
  type TrustFile,
} from '../../compiler/6-sign/index.ts';

/** Counts how often any test module has run; modules call it by its bare name. */
export const sentinel = { runs: 0 };
Object.defineProperty(globalThis, 'planLintSentinel', {
  value: () => (sentinel.runs += 1),
  configurable: true,
});

/** A module that reports having run. `salt` makes it a new module for the engine's module cache. */
export function moduleText(salt: string): string {
  const members = '{format:2,entries:[],open:()=>0,facts:()=>0}';
  return `${MODULE_HEAD}function(){planLintSentinel();/*${salt}*/return${members}}${MODULE_TAIL}`;
}

export const NOW = Date.parse('2026-06-01T00:00:00Z');

export function predicateOf(overrides: Partial<BundlePredicate> = {}): BundlePredicate {
  return {
    name: 'acme',
    version: '1.0.0',
    sequence: 7,
    audience: [],
    not_before: null,
    expires: null,
    entries: [],
    default_entry: null,
    issued: null,
    require_base: [],
    chains: [],
    names: [],
    zones: null,
    capabilities: [],
    format: 2,
    minimum_runtime: '0.2.0',
    compiler: '0.2.0',
    sources: [{ name: 'base.yaml', sha256: sha256Hex('base') }],
    catalog: null,
    tests: null,
    ...overrides,
  };
}

export interface TestBundle {
  readonly key: KeyObject;
  readonly module: Uint8Array;
  readonly sidecar: Uint8Array;
  readonly trust: TrustFile;
  readonly trustBytes: Uint8Array;
}

/** A P-256 key pair shared by tests that do not care which. */
export const sharedKey = generateKey('p256');

export async function testBundle(
  options: {
    key?: KeyObject;
    salt?: string;
    predicate?: Partial<BundlePredicate>;
    trust?: Partial<TrustFile>;
    sourceMap?: Uint8Array;
  } = {},
): Promise<TestBundle> {
  const key = options.key ?? sharedKey;
  const module = Buffer.from(moduleText(options.salt ?? 'shared'));
  const predicate = predicateOf(options.predicate);
  const signed = await signBundle({
    moduleName: 'acme.mjs',
    module,
    predicate,
    sourceMap: options.sourceMap ?? null,
    signers: [keySigner(key)],
  });
  const trust = { ...firstTrust(signerKey(key), 'tests'), ...options.trust };
  return {
    key,
    module,
    sidecar: signed.sidecars[0] ?? new Uint8Array(),
    trust,
    trustBytes: trustBytes(trust),
  };
}

/** The code a promise is refused with, or `accepted`. */
export async function verdict(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'accepted';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}
