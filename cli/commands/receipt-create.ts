/** `plan-lint receipt create`: decides a plan, and signs what was decided. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BundleError, loadBundle, parsePlan, parseTrustRoot } from '@plan-lint/runtime';
import type { TrustRoot } from '@plan-lint/runtime';
import { RUNTIME_VERSION } from '@plan-lint/runtime/contract';
import { CanonicalError, canonicalJson, digestOf } from '@plan-lint/runtime/digest';
import { JsonError } from '@plan-lint/runtime/json';
import { decisionRole, verifyReceipt } from '@plan-lint/runtime/receipt';
import type { DecisionPredicate, ReceiptApproval, VerifiedReceipt } from '@plan-lint/runtime/receipt';
import { signReceipt, type SignedReceipt } from '../../compiler/6-sign/index.ts';
import { decisionPredicate } from '../../decisions/receipt.ts';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import { readSidecars, sidecarPath } from '../../bundles/files.ts';
import { UsageError } from '../../bundles/failure.ts';
import { bundleSource } from '../../bundles/source.ts';
import type { SourceOptions } from '../../bundles/source.ts';
import { parseContext } from '../context.ts';
import { createFiles, replaceFile, type NewFile } from '../files.ts';
import { readPlan } from '../plan-input.ts';
import { planName, receiptPaths, type ReceiptPaths } from '../receipt/files.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { receiptJson, receiptText } from '../text/receipt.ts';
import { writtenFiles, type PrintFormat } from '../text/written.ts';
import { signersFrom, type SignerOptions } from '../trust/signers.ts';

export interface ReceiptCreateOptions extends SourceOptions, SignerOptions {
  /** Path of the plan; `-` is standard input. */
  readonly plan: string;
  /** Who may act on the receipt. */
  readonly executor: string;
  /** `key=value` pairs that the caller vouches for. */
  readonly context?: readonly string[];
  readonly values?: 'now' | 'later';
  /** How long it holds, in milliseconds; default five minutes, or as long as the trust root allows. */
  readonly life?: number;
  readonly run?: string;
  readonly approvedBy?: readonly string[];
  readonly approvalMethod?: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly format?: PrintFormat;
}

const USUAL_LIFE = 300_000;

/** A plan whose canonical text reads back as the same plan. @throws UsageError */
function canonicalText(plan: unknown, path: string): string {
  try {
    const text = canonicalJson(plan);
    parsePlan(text);
    return text;
  } catch (error) {
    if (error instanceof CanonicalError)
      throw new UsageError(
        `the plan \`${path}\` has no canonical form: ${error.message}`,
        'a receipt is about one text of the plan (RFC 8785): numbers are finite, texts are whole',
      );
    if (error instanceof JsonError)
      throw new UsageError(
        `the plan \`${path}\` holds a number that its canonical form rounds`,
        'integers are exact up to 9007199254740991; quote it if it is an identifier',
      );
    throw error;
  }
}

/** How long the receipt is to hold, in milliseconds. @throws BundleError `receipt_not_trusted` */
function lifeOf(root: TrustRoot, { life, executor }: ReceiptCreateOptions, bundle: string): number {
  const role = decisionRole(root, { bundle, audience: executor });
  if (!role) throw new BundleError('receipt_not_trusted', `${bundle} for ${executor}`);
  return life ?? Math.min(USUAL_LIFE, role.max_life * 1000);
}

function approvalsOf(
  { approvedBy = [], approvalMethod = 'cli' }: ReceiptCreateOptions,
  digest: string,
  now: number,
): readonly ReceiptApproval[] {
  const at = new Date(now).toISOString();
  return approvedBy.map((by) => ({ by, method: approvalMethod, digest, at }));
}

/** A signed receipt, tried as its executor will. */
interface Made {
  readonly signed: SignedReceipt;
  readonly verified: VerifiedReceipt;
  /** Canonical JSON of the context and its salt. */
  readonly opening: string;
}

async function make(options: ReceiptCreateOptions, io: Io): Promise<Made> {
  const source = await bundleSource(options, io);
  const bundle = await loadBundle(source.module, source.sidecars, source.trust, source.load);
  const root = parseTrustRoot(source.trust);
  const plan = await readPlan(options.plan, io);
  canonicalText(plan, options.plan);
  const now = io.now();
  const { executor, values = 'now' } = options;
  const policy = choosePolicy(bundle, source.entry);
  const opening = { context: parseContext(options.context ?? []), salt: randomBytes(32).toString('hex') };
  const decision = policy.evaluate(plan, { context: opening.context, now, values });
  const predicate: DecisionPredicate = decisionPredicate(decision, {
    plan,
    opening,
    values,
    approvals: approvalsOf(options, digestOf(plan), now),
    audience: executor,
    run: options.run ?? null,
    nonce: randomBytes(16).toString('hex'),
    issued: now,
    expires: now + lifeOf(root, options, bundle.identity.name),
    engine: `plan-lint ${RUNTIME_VERSION}`,
  });
  const signed = await signReceipt({
    planName: planName(options.output ?? options.plan),
    plan,
    predicate,
    signers: await signersFrom(options, io),
  });
  // What no executor would take is not written.
  const verified = await verifyReceipt(signed.sidecars, root, {
    plan,
    audience: executor,
    bundles: [bundle.identity],
    entry: policy.entry,
    context: opening,
    now,
  });
  return { signed, verified, opening: canonicalJson(opening) };
}

function filesOf({ signed, opening }: Made, paths: ReceiptPaths, io: Io): readonly NewFile[] {
  const at = (path: string): string => resolve(io.cwd, path);
  return [
    { path: at(paths.plan), content: signed.plan },
    ...signed.sidecars.map((content, i) => ({ path: at(sidecarPath(paths.plan, i)), content })),
    // Who knows it can tell the context; the receipt tells nobody.
    { path: at(paths.context), content: opening, mode: 0o600 },
  ];
}

/** Replaces an earlier receipt, and leaves no signature of it beside this one. */
async function replaceFiles(files: readonly NewFile[], plan: string): Promise<void> {
  const before = (await readSidecars(plan)).map((_, i) => sidecarPath(plan, i));
  for (const file of files) await replaceFile(file);
  const kept = new Set(files.map(({ path }) => path));
  for (const path of before) if (!kept.has(path)) await rm(path, { force: true });
}

export function receiptCreate(options: ReceiptCreateOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const paths = receiptPaths(options.plan, options.output);
    const made = await make(options, io);
    const files = filesOf(made, paths, io);
    if (options.force) await replaceFiles(files, resolve(io.cwd, paths.plan));
    else await createFiles(files);
    const { verified } = made;
    const written = files.map(({ path }) => path);
    io.stdout(
      options.format === 'json'
        ? receiptJson(verified, verified.verdict, { files: written })
        : receiptText(verified, verified.verdict) + writtenFiles('written', written),
    );
    return verified.verdict === 'run' || verified.verdict === 'run_with_checks' ? EXIT.ok : EXIT.findings;
  });
}
