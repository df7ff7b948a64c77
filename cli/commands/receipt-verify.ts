/** `plan-lint receipt verify`: whether a plan may run by a receipt, for the executor that is about to run it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BundleError, loadBundle, parseTrustRoot } from '@plan-lint/runtime';
import type { TrustRoot } from '@plan-lint/runtime';
import { verifyReceipt } from '@plan-lint/runtime/receipt';
import type { ReceiptDemands, VerifiedReceipt } from '@plan-lint/runtime/receipt';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import { UsageError } from '../../bundles/failure.ts';
import { bundleSource } from '../../bundles/source.ts';
import type { Demands } from '../../bundles/source.ts';
import { askedAt } from '../context.ts';
import { readPlan } from '../plan-input.ts';
import { readOpening, readReceipt } from '../receipt/files.ts';
import { explain, reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { receiptJson, receiptText } from '../text/receipt.ts';

export interface ReceiptVerifyOptions extends Demands {
  /** Path of the plan, as it is or as canonical JSON. */
  readonly plan: string;
  /** Paths of the signatures; default: those beside the plan. */
  readonly receipt?: readonly string[];
  readonly trust: string;
  /** Who is about to act. */
  readonly executor: string;
  /** The bundle in use. */
  readonly bundle?: string;
  /** Or digests of the bundles whose decisions count. */
  readonly bundleDigest?: readonly string[];
  readonly entry?: string;
  /** What opens the context's digest. */
  readonly contextFile?: string;
  /** The plan runs where the checks that wait are asked. */
  readonly inRun?: boolean;
  readonly now?: string;
  readonly format?: 'text' | 'json';
}

/** Which decisions count: of which bundles, by which entry. */
interface Deciders {
  readonly bundles: ReceiptDemands['bundles'];
  readonly entry: string | null;
}

function digestFrom(written: string): string {
  const sha256 = written.replace(/^sha256:/, '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new UsageError(
    `\`${written}\` is no digest`,
    '`plan-lint inspect acme.mjs` prints it: --bundle-digest sha256:…',
  );
}

/** @throws UsageError, BundleError for a bundle that is not to be trusted itself */
async function decidersOf(options: ReceiptVerifyOptions, io: Io): Promise<Deciders> {
  const { bundleDigest, entry } = options;
  if (bundleDigest) {
    const { name = '' } = options;
    const bundles = bundleDigest.map((written) => ({ name, digest: digestFrom(written) }));
    return { bundles, entry: entry ?? null };
  }
  if (options.bundle === undefined)
    throw new UsageError(
      'which bundle has to have decided?',
      'name the one in use: --bundle acme.mjs, or its digest: --bundle-digest sha256:… --name acme',
    );
  const source = await bundleSource(options, io);
  const now = askedAt(options.now, io);
  const bundle = await loadBundle(source.module, source.sidecars, source.trust, { ...source.load, now });
  return { bundles: [bundle.identity], entry: choosePolicy(bundle, entry).entry };
}

async function verified(options: ReceiptVerifyOptions, root: TrustRoot, io: Io): Promise<VerifiedReceipt> {
  const opening = options.contextFile === undefined ? undefined : await readOpening(options.contextFile, io);
  return verifyReceipt(await readReceipt(options.plan, options.receipt, io), root, {
    plan: await readPlan(options.plan, io),
    audience: options.executor,
    ...(await decidersOf(options, io)),
    ...(opening && { context: opening }),
    now: askedAt(options.now, io),
  });
}

/** What no program checks for whoever asks here. */
function notes({ verdict, statement }: VerifiedReceipt, inRun: boolean): readonly string[] {
  const { nonce } = statement.predicate;
  const waits =
    'the plan waits for values: hold it to a run (`openRun`, `plan-lint session`), and say so with --in-run';
  return [
    ...(verdict === 'run_with_checks' && !inRun ? [waits] : []),
    ...(verdict.startsWith('run') ? [`whether it was used before is yours to know: nonce ${nonce}`] : []),
  ];
}

export function receiptVerify(options: ReceiptVerifyOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { inRun = false } = options;
    try {
      const root = parseTrustRoot(await readFile(resolve(io.cwd, options.trust)));
      const receipt = await verified(options, root, io);
      const { verdict } = receipt;
      io.stdout(options.format === 'json' ? receiptJson(receipt, verdict) : receiptText(receipt, verdict));
      for (const note of notes(receipt, inRun)) io.stderr(`note: ${note}\n`);
      return verdict === 'run' || (verdict === 'run_with_checks' && inRun) ? EXIT.ok : EXIT.findings;
    } catch (error) {
      if (options.format !== 'json' || !(error instanceof BundleError)) throw error;
      io.stdout(`${JSON.stringify({ verdict: null, error: explain(error) }, null, 2)}\n`);
      return EXIT.trust;
    }
  });
}
