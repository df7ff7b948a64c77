/** The signed bundle that a hook decides with, from its files: a module and the sidecars beside it. */
import { readFile } from 'node:fs/promises';
import type { Bundle, Policy } from '@plan-lint/runtime';
import { loadBundle } from '@plan-lint/runtime/node';
import { HookError } from './dialects.ts';

export interface BundleFiles {
  readonly bundle: string;
  readonly trust: string;
  readonly entry: string | undefined;
  readonly name: string | undefined;
  readonly audience: string | undefined;
}

/** As many as a loader takes. */
const MOST = 16;

async function sidecars(module: string): Promise<readonly Uint8Array[] | undefined> {
  const read: Uint8Array[] = [];
  for (let index = 1; index <= MOST; index += 1) {
    const path = `${module}.${index === 1 ? '' : `${index}.`}sigstore.json`;
    try {
      read.push(await readFile(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') break;
      throw error;
    }
  }
  // Without one, the module holds its own, or is refused.
  return read.length > 0 ? read : undefined;
}

/** @throws BundleError, HookError, the file system's error */
export async function openFiles({
  bundle: path,
  trust,
  entry,
  name,
  audience,
}: BundleFiles): Promise<{ readonly bundle: Bundle; readonly policy: Policy }> {
  const bundle = await loadBundle(await readFile(path), await sidecars(path), await readFile(trust), {
    ...(name !== undefined && { name }),
    ...(audience !== undefined && { audience }),
  });
  if (entry !== undefined && !bundle.entries.includes(entry))
    throw new HookError(`the bundle has no entry \`${entry}\`, but ${bundle.entries.join(', ')}`);
  return { bundle, policy: bundle.policy(entry) };
}
