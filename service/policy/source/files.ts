/** Signed bundles in files: one, or all of a directory. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleError } from '@plan-lint/runtime';
import { isBundle, readBundle } from 'plan-lint/bundles';
import { reasonOf } from '../../failure.ts';
import { fingerprintOf } from '../candidate.ts';
import type { Candidate } from '../candidate.ts';
import { TrialTimeout } from '../trial.ts';
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
  const seen = new Map<string, { readonly fingerprint: string; readonly isGood: boolean }>();
  let trustSeen: Uint8Array | null = null;

  async function checkTrust(root: Uint8Array): Promise<void> {
    if (trustSeen !== null && Buffer.compare(trustSeen, root) === 0) return;
    trustSeen = root;
    await activation.check(root, trust ?? where);
  }

  /** @returns whether what is there is in use, now or since before */
  async function lookAt(path: string, root: Uint8Array): Promise<boolean> {
    const surroundings = { stderr: () => undefined, now, env: {}, cwd: '/' };
    try {
      const { module, sidecars } = await readBundle(path, undefined, surroundings);
      const candidate: Candidate = { module, sidecars, trust: root, load, isSigned: true, origin: path };
      const fingerprint = fingerprintOf(candidate);
      const before = seen.get(path);
      // What was refused stays refused, and is not forgotten for being the same.
      if (before?.fingerprint === fingerprint) return before.isGood;
      const isGood = await activation.activate(candidate).then(
        () => true,
        (error: unknown) => {
          // Not for what it is: it is tried again.
          if (!(error instanceof BundleError) || error instanceof TrialTimeout) throw error;
          return false;
        },
      );
      seen.set(path, { fingerprint, isGood });
      return isGood;
    } catch (error) {
      seen.delete(path);
      await activation.refuse(error, path);
      return false;
    }
  }

  const readRoot = async (): Promise<Uint8Array> => new Uint8Array(await readFile(trust ?? ''));

  async function look(): Promise<void> {
    try {
      const root = await readRoot();
      await checkTrust(root);
      const paths = await bundlePaths(where);
      if (paths.length === 0) throw new BundleError('source_unreachable', `no bundle in ${where}`);
      const good = await Promise.all(paths.map((path) => lookAt(path, root)));
      if (good.every(Boolean))
        for (const [, status] of registry.statuses) if (status.slot) status.heard(now());
    } catch (error) {
      const problem =
        error instanceof BundleError ? error : new BundleError('source_unreachable', reasonOf(error));
      await activation.refuse(problem, where);
    }
  }

  return { ...lookingAt(where, poll, look), trust: readRoot };
}
