/** `plan-lint validate`: decides plans with a signed bundle, or, while authoring, with a policy directory. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadBundle } from '@plan-lint/runtime';
import type { Bundle, LoadOptions, Policy } from '@plan-lint/runtime';
import {
  firstTrust,
  generateKey,
  keySigner,
  signBundle,
  signerKey,
  trustBytes,
} from '../../compiler/6-sign/index.ts';
import { reportFailures, UsageError } from '../failure.ts';
import { compileDirectory, readPlan } from '../input.ts';
import { EXIT } from '../io.ts';
import type { Io } from '../io.ts';
import { resultsJson, resultsText } from '../report/decision.ts';
import { describe } from './bundle.ts';
import { readBundle } from '../bundle-files.ts';

export interface ValidateOptions {
  /** Paths of plans; `-` is standard input. */
  readonly plans: readonly string[];
  readonly bundle?: string;
  readonly trust?: string;
  readonly audience?: string;
  readonly policyDir?: string;
  readonly entry?: string;
  /** `key=value` pairs; values are JSON where they parse as such, text otherwise. */
  readonly context?: readonly string[];
  readonly format?: 'text' | 'json';
}

export function validate(options: ValidateOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const policy = choosePolicy(await openBundle(options, io), options.entry);
    const context = parseContext(options.context ?? []);
    const results = [];
    for (const path of options.plans) {
      const plan = await readPlan(path, io);
      results.push({ path, decision: policy.evaluate(plan, { context, now: io.now() }) });
    }
    io.stdout(options.format === 'json' ? resultsJson(results) : resultsText(results));
    return results.every(({ decision }) => decision.valid) ? EXIT.ok : EXIT.findings;
  });
}

function choosePolicy(bundle: Bundle, entry: string | undefined): Policy {
  if (entry !== undefined && !bundle.entries.includes(entry)) {
    throw new UsageError(`the bundle has no entry \`${entry}\``, `its entries: ${bundle.entries.join(', ')}`);
  }
  return bundle.policy(entry);
}

/** Opens the bundle that the options name. @throws UsageError, BundleError, CompileFailure */
export async function openBundle(options: ValidateOptions, io: Io): Promise<Bundle> {
  const { bundle, trust, policyDir } = options;
  if ((bundle === undefined) === (policyDir === undefined)) {
    throw new UsageError(
      'give either --bundle with --trust, or --policy-dir',
      'plan-lint validate plan.json --bundle acme.mjs --trust trust.json',
    );
  }
  const now = io.now();
  if (policyDir !== undefined) return openDirectory(policyDir, options.entry, now, io);
  if (trust === undefined) {
    throw new UsageError(
      '--bundle needs --trust',
      'the trust root says whose signature counts: --trust trust.json',
    );
  }
  const { module, sidecars } = await readBundle(bundle ?? '', undefined, io);
  const load: LoadOptions = {
    now,
    ...(options.audience === undefined ? {} : { audience: options.audience }),
  };
  return loadBundle(module, sidecars, await readFile(resolve(io.cwd, trust)), load);
}

/** Compiles in memory and signs with a key that lives as long as this call: one way of loading for everything. */
async function openDirectory(
  policyDir: string,
  entry: string | undefined,
  now: number,
  io: Io,
): Promise<Bundle> {
  const compiled = await compileDirectory(policyDir, entry === undefined ? [] : [entry], io);
  const module = Buffer.from(compiled.module.code);
  const key = generateKey('p256');
  const predicate = describe({ policyDir, output: '' }, compiled, io);
  const { sidecars } = await signBundle({
    moduleName: 'authoring.mjs',
    module,
    predicate,
    signers: [keySigner(key)],
  });
  return loadBundle(module, sidecars, trustBytes(firstTrust(signerKey(key), 'authoring')), { now });
}

/** `role=analyst` and `limits.daily=5`: dots nest. */
export function parseContext(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  const context: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new UsageError(`\`${pair}\` is not key=value`, '--context role=analyst --context limits.daily=5');
    const path = pair.slice(0, at).split('.');
    const last = path.pop() ?? '';
    let object = context;
    for (const key of path) {
      const inner = Object.hasOwn(object, key) ? object[key] : {};
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
        throw new UsageError(
          `\`${pair}\` sets a member of something that is not an object`,
          'give each key once',
        );
      }
      define(object, key, inner);
      object = inner as Record<string, unknown>;
    }
    define(object, last, contextValue(pair.slice(at + 1)));
  }
  return context;
}

/** As an own property, whatever its name. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

function contextValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
