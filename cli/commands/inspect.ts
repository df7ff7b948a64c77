/** `plan-lint inspect`: what is in a bundle. The module runs only if the trust root vouches for it. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { BundleError, closureDigest, verifyBundle } from '@plan-lint/runtime';
import {
  ENFORCEMENTS,
  SEVERITIES,
  type BundlePredicate,
  type ModuleFacts,
} from '@plan-lint/runtime/contract';
import { factsOf, loadModule, parseSidecar, parseStatement, splitSingleFile } from '@plan-lint/runtime/tools';
import { gzipSync } from 'node:zlib';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import { readBundle, readSource } from '../../bundles/files.ts';
import { explain, reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { createFiles } from '../files.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { inspectionHtml } from '../pages/inspection.ts';
import { chainsOf } from '../text/chains.ts';
import { inspectionText } from '../text/inspection.ts';
import { isBadMap, mapReport, readMap } from '../../bundles/source-map.ts';
import type { ExceptionSummary, Inspection, RuleSummary } from '../text/inspection-facts.ts';

export interface InspectOptions {
  readonly file: string;
  /** Without a trust root nothing is verified, the module does not run, and rules are not listed. */
  readonly trust?: string;
  readonly signature?: readonly string[];
  /** Policy directory, for what a module does not say of its exceptions; an archive has its own. */
  readonly sources?: string;
  /** Default: the first environment the bundle is for. */
  readonly audience?: string;
  readonly format?: 'text' | 'json' | 'html';
  /** File to write instead of stdout; never overwritten. */
  readonly output?: string;
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: number;
}

/** Rule rows with their indices looked up. */
function rulesOf({ rules, policies, categories, files }: ModuleFacts): RuleSummary[] {
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

/** Exceptions as the module applies them, with their declarations where there are sources. */
async function exceptionsOf(
  { entries, rules }: ModuleFacts,
  sources: ReadonlyMap<string, Uint8Array> | undefined,
): Promise<ExceptionSummary[]> {
  const all = entries.flatMap(({ name, waivers }) => waivers.map((waiver) => ({ entry: name, ...waiver })));
  if (all.length === 0) return [];
  const names = entries.map(({ name }) => name);
  // The compiler is large, and is needed for this only.
  const declared =
    sources && (await (await import('../trust/declared.ts')).declaredExceptions(sources, names));
  return all.map(({ entry, rule, label, notBefore, expires, applies }) => {
    const [id = ''] = rules[rule] ?? [];
    const found = declared?.find((one) => one.entry === entry && one.rule === id && one.label === label);
    return {
      entry,
      rule: id,
      label,
      not_before: notBefore <= BEGINNING ? null : instantOf(notBefore),
      expires: instantOf(expires),
      covers: asked(() => applies(null, {})) ? 'everything' : 'part',
      declared: found?.exception ?? null,
    };
  });
}

/** What a module answers. @throws BundleError `module_malformed` where it throws */
function asked<T>(ask: () => T): T {
  try {
    return ask();
  } catch {
    throw new BundleError('module_malformed', 'an exception cannot say what it covers');
  }
}

/** @throws BundleError `module_malformed` for what is beyond every calendar */
function instantOf(millis: number): string {
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) throw new BundleError('module_malformed', 'an exception has no end');
  return date.toISOString();
}

/** Earliest instant a JavaScript date can hold (ECMA-262 §21.4.1.1): of an exception without a beginning. */
const BEGINNING = -8.64e15;

/** The signed sources in a directory. @throws UsageError where one of them is not what was signed */
async function signedSources(
  directory: string,
  { sources }: BundlePredicate,
  io: Io,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const { name, sha256 } of sources) {
    const content = await readSource(resolve(io.cwd, directory), name);
    if (!content || sha256Hex(content) !== sha256) {
      throw new UsageError(
        `\`${name}\` in \`${directory}\` is not what was signed`,
        'check out the release the bundle was made from; `plan-lint verify --sources` lists all that differs',
      );
    }
    found.set(name, content);
  }
  return found;
}

interface Parts {
  readonly module: Uint8Array;
  readonly sidecars: readonly Uint8Array[];
  readonly predicate: BundlePredicate;
  readonly sources: ReadonlyMap<string, Uint8Array> | undefined;
}

async function verifiedContent(
  options: InspectOptions,
  bundle: Parts,
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
    const module = factsOf(await loadModule(verified));
    return {
      refusal: null,
      signers: verified.signers.map(({ id, label, algorithm }) => ({ id, label, algorithm })),
      content: {
        rules: rulesOf(module),
        entries: module.entries.map(({ name, aggregate, threshold }) => ({ name, aggregate, threshold })),
        exceptions: await exceptionsOf(module, bundle.sources),
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
  const statement = parseStatement(first.payload);
  const { predicate } = statement;
  const sources =
    options.sources === undefined ? files.sources : await signedSources(options.sources, predicate, io);
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
    chains: chainsOf(predicate),
    source_map: mapReport(basename(options.file), statement, await readMap(options.file, files, io)),
    ...(await verifiedContent(options, { module, sidecars, predicate, sources }, io)),
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
    const isBad = found.refusal !== null || isBadMap(found.source_map);
    return isBad && options.trust !== undefined ? EXIT.trust : EXIT.ok;
  });
}
