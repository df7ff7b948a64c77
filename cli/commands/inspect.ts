/** `plan-lint inspect`: what is in a bundle. The module runs only if the trust root vouches for it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BundleError, closureDigest, verifyBundle } from '@plan-lint/runtime';
import {
  ENFORCEMENTS,
  SEVERITIES,
  type BundlePredicate,
  type PredicateModule,
} from '@plan-lint/runtime/contract';
import { loadModule, parseSidecar, parseStatement, splitSingleFile } from '@plan-lint/runtime/tools';
import { gzipSync } from 'node:zlib';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import { readBundle } from '../bundle-files.ts';
import { explain, reportFailures } from '../failure.ts';
import { createFiles } from '../files.ts';
import { EXIT, type Io } from '../io.ts';
import { inspectionHtml } from '../report/inspection-html.ts';
import { inspectionText } from '../report/inspection-text.ts';
import type { Inspection, RuleSummary } from '../report/inspection.ts';

export interface InspectOptions {
  readonly file: string;
  /** Without a trust root nothing is verified, the module does not run, and rules are not listed. */
  readonly trust?: string;
  readonly signature?: readonly string[];
  /** Default: the first environment the bundle is for. */
  readonly audience?: string;
  readonly format?: 'text' | 'json' | 'html';
  /** File to write instead of stdout; never overwritten. */
  readonly output?: string;
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: number;
}

/** Rule rows with their indices looked up. */
function rulesOf({ rules, policies, categories, files }: PredicateModule): RuleSummary[] {
  return rules.map(
    ([id, policy, category, severity, enforcement, weight, description, file, line, column]) => ({
      id,
      policy: policies[policy] ?? '',
      category: categories[category] ?? '',
      severity: SEVERITIES[severity] ?? '',
      enforcement: ENFORCEMENTS[enforcement] ?? '',
      weight,
      description,
      origin: `${files[file] ?? ''}:${line}:${column}`,
    }),
  );
}

async function verifiedContent(
  options: InspectOptions,
  bundle: { module: Uint8Array; sidecars: readonly Uint8Array[]; predicate: BundlePredicate },
  io: Io,
): Promise<Pick<Inspection, 'refusal' | 'signers' | 'content'>> {
  try {
    if (options.trust === undefined) throw new BundleError('key_unknown', 'no trust root was given');
    const trust = await readFile(resolve(io.cwd, options.trust));
    const audience = options.audience ?? bundle.predicate.audience[0];
    const verified = await verifyBundle(bundle.module, bundle.sidecars, trust, {
      ...(audience === undefined ? {} : { audience }),
      ...(options.now === undefined ? {} : { now: options.now }),
    });
    const module = await loadModule(verified);
    return {
      refusal: null,
      signers: verified.signers.map(({ id, label, algorithm }) => ({ id, label, algorithm })),
      content: {
        rules: rulesOf(module),
        entries: module.entries.map(({ name, aggregate, threshold }) => ({ name, aggregate, threshold })),
      },
    };
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return { refusal: explain(error), signers: [], content: null };
  }
}

/** @throws BundleError if the sidecar cannot even be read */
export async function inspection(options: InspectOptions, io: Io): Promise<Inspection> {
  const files = await readBundle(options.file, options.signature, io);
  const { module, sidecars } = files.sidecars
    ? { module: files.module, sidecars: files.sidecars }
    : splitSingleFile(files.module);
  const parsed = sidecars.map(parseSidecar);
  const [first] = parsed;
  if (!first) throw new BundleError('signature_missing');
  const { predicate } = parseStatement(first.payload);
  return {
    file: options.file,
    digest: sha256Hex(module),
    closure: await closureDigest(predicate),
    bytes: {
      module: module.length,
      gzip: gzipSync(module).length,
      sidecars: sidecars.map((sidecar) => sidecar.length),
    },
    claimed: parsed.map((sidecar) => sidecar.hint),
    predicate,
    ...(await verifiedContent(options, { module, sidecars, predicate }, io)),
  };
}

const formats: Readonly<Record<'text' | 'json' | 'html', (found: Inspection) => string>> = {
  text: inspectionText,
  json: (found) => `${JSON.stringify(found, null, 2)}\n`,
  html: inspectionHtml,
};

export function inspect(options: InspectOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const found = await inspection(options, io);
    const text = formats[options.format ?? 'text'](found);
    if (options.output === undefined) io.stdout(text);
    else await createFiles([{ path: resolve(io.cwd, options.output), content: text }]);
    // Without a trust root nothing was asked, so nothing failed.
    return found.refusal && options.trust !== undefined ? EXIT.trust : EXIT.ok;
  });
}
