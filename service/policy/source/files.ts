/** Signed bundles in files: one, or all of a directory. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleError } from '@plan-lint/runtime';
import { isBundle, readBundle } from 'plan-lint/bundles';
import { reasonOf } from '../../failure.ts';
import { fingerprintOf } from '../candidate.ts';
import type { Candidate } from '../candidate.ts';
import { lookingAt } from './looking.ts';
import type { Source, SourceOptions } from './source.ts';

/** Bundles of a directory by path, or the one that a path names. Names that begin with a dot are how mounts are made. */
async function bundlePaths(where: string): Promise<readonly string[]> {
  if (!(await stat(where)).isDirectory()) return [where];
  const names = await readdir(where);
  return names.filter((name) => !name.startsWith('.') && isBundle(name)).map((name) => join(where, name));
}

export function fileSource(options: SourceOptions): Source {
  const { where, trust, load, poll, registry, activation, now } = options;
  /** By path, what was looked at last, whether it was taken or refused: the same is not tried again. */
  const seen = new Map<string, string>();
  let trustSeen: Uint8Array | null = null;

  /** A key may have been revoked, or a bundle withdrawn: those in use are asked about, too. */
  async function checkTrust(root: Uint8Array): Promise<void> {
    if (trustSeen !== null && Buffer.compare(trustSeen, root) === 0) return;
    trustSeen = root;
    for (const { bundle } of registry.slots)
      await bundle.check(root, now()).catch((error: unknown) => activation.refuse(error, trust ?? where));
  }

  async function lookAt(path: string, root: Uint8Array): Promise<void> {
    const surroundings = { stderr: () => undefined, now, env: {}, cwd: '/' };
    const { module, sidecars } = await readBundle(path, undefined, surroundings);
    const candidate: Candidate = { module, sidecars, trust: root, load, isSigned: true, origin: path };
    const fingerprint = fingerprintOf(candidate);
    if (seen.get(path) === fingerprint) return;
    seen.set(path, fingerprint);
    await activation.activate(candidate);
  }

  async function look(): Promise<void> {
    try {
      const root = new Uint8Array(await readFile(trust ?? ''));
      await checkTrust(root);
      const paths = await bundlePaths(where);
      if (paths.length === 0) throw new BundleError('source_unreachable', `no bundle in ${where}`);
      let isWell = true;
      for (const path of paths)
        await lookAt(path, root).catch(async (error: unknown) => {
          isWell = false;
          // `activate` has told already.
          if (error instanceof BundleError && seen.has(path)) return;
          seen.delete(path);
          await activation.refuse(error, path);
        });
      if (isWell) for (const [, status] of registry.statuses) if (status.slot) status.heard(now());
    } catch (error) {
      const problem =
        error instanceof BundleError ? error : new BundleError('source_unreachable', reasonOf(error));
      await activation.refuse(problem, where);
    }
  }

  return lookingAt(where, poll, look);
}
