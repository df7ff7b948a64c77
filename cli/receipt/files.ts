/** The files of a receipt: the plan as canonical JSON, its signatures beside it, and what the context was. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { BundleError } from '@plan-lint/runtime';
import { JsonError, parseJson, type JsonValue } from '@plan-lint/runtime/json';
import type { ContextOpening } from '@plan-lint/runtime/receipt';
import { readSidecars, sidecarPath } from '../../bundles/files.ts';
import { UsageError } from '../../bundles/failure.ts';
import type { Io } from '../terminal/io.ts';

const EXTENSION = '.jcs';

/** Where `receipt create` writes, as paths the user would write. */
export interface ReceiptPaths {
  /** The plan, the blob that is signed. */
  readonly plan: string;
  /** What opens the digest of the context. */
  readonly context: string;
}

/** The plan's canonical JSON, by convention beside the plan: for a plan that is it already, itself. */
const blobPath = (plan: string): string =>
  plan.endsWith(EXTENSION) ? plan : `${plan.replace(/\.json$/, '')}${EXTENSION}`;

/** @throws UsageError */
export function receiptPaths(plan: string, output: string | undefined): ReceiptPaths {
  if (output === undefined && plan === '-')
    throw new UsageError('a plan from standard input has no name', '--output plan.jcs');
  const path = output ?? blobPath(plan);
  if (!path.endsWith(EXTENSION))
    throw new UsageError(
      `\`${path}\` must end in ${EXTENSION}`,
      'it holds the plan as canonical JSON: --output plan.jcs',
    );
  return { plan: path, context: contextPath(path) };
}

const contextPath = (plan: string): string => `${plan.replace(/\.(?:jcs|json)$/, '')}.context.json`;

/** The signatures that are named, or those beside the plan. @throws BundleError `signature_missing` */
export async function readReceipt(
  plan: string,
  receipt: readonly string[] | undefined,
  io: Io,
): Promise<readonly Uint8Array[]> {
  if (receipt) return Promise.all(receipt.map((path) => readFile(resolve(io.cwd, path))));
  const blob = blobPath(plan);
  const sidecars = plan === '-' ? [] : await readSidecars(resolve(io.cwd, blob));
  if (sidecars.length === 0) throw new BundleError('signature_missing', `no ${sidecarPath(blob, 0)}`);
  return sidecars;
}

const HINT = 'it is the file that `plan-lint receipt create` wrote, such as plan.context.json';

function openingOf(value: JsonValue): ContextOpening | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { context, salt, ...more } = value as { readonly [name: string]: JsonValue };
  if (context === undefined || typeof salt !== 'string' || Object.keys(more).length > 0) return null;
  return { context, salt };
}

/** Reads what opens a context's digest. @throws UsageError */
export async function readOpening(path: string, io: Io): Promise<ContextOpening> {
  const text = await readFile(resolve(io.cwd, path), 'utf8');
  try {
    const opening = openingOf(parseJson(text, 200));
    if (opening) return opening;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new UsageError(`the context \`${path}\` cannot be read: ${error.message}`, HINT);
  }
  throw new UsageError(`\`${path}\` does not hold a context and its salt`, HINT);
}

/** The context named, or the one beside the plan. */
export const openingPath = (plan: string, named: string | undefined): string => named ?? contextPath(plan);

/** What the plan is called in its receipt. */
export const planName = (path: string): string => basename(path, EXTENSION);
