/** Where the policies are: `--policy-dir`, or the environment for containers. */
import { stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { Host } from '../compiler/index.ts';
import { UsageError } from './failure.ts';
import type { Surroundings } from './surroundings.ts';

/** Environment variable that names a policy directory, or one policy file. */
export const POLICY_PATH = 'PLAN_LINT_POLICY_PATH';

export interface PolicyPlace {
  /** Absolute path. */
  readonly directory: string;
  /** The file to decide with, where a file and not a directory was named. */
  readonly entries: readonly string[];
  /** As a reader of a report finds it: relative to the working directory, `/`-separated, `''` for itself. */
  readonly shown: string;
  /** Reads the directory, or of it the file that was named and what that extends. */
  host(): Promise<Host>;
}

/** @throws UsageError if neither the flag nor the variable says where the policies are */
export function policyPath(written: string | undefined, io: Surroundings): string {
  const path = written ?? io.env[POLICY_PATH];
  if (path) return path;
  throw new UsageError('no policies are named', `--policy-dir policies, or set ${POLICY_PATH}`);
}

/** @throws UsageError as `policyPath`, and the file system's error where there is nothing */
export async function policyPlace(written: string | undefined, io: Surroundings): Promise<PolicyPlace> {
  const absolute = resolve(io.cwd, policyPath(written, io));
  const isFile = (await stat(absolute)).isFile();
  const directory = isFile ? dirname(absolute) : absolute;
  const file = basename(absolute);
  return {
    directory,
    entries: isFile ? [file] : [],
    shown: shownFrom(io.cwd, directory),
    // Reading policies brings the compiler, which whoever has a bundle should not have to load.
    host: async () => {
      const [{ directoryHost }, { requireLocked }] = await Promise.all([
        import('./directory-host.ts'),
        import('./vendor/check.ts'),
      ]);
      // What somebody else has signed is compiled as they did, or not at all.
      await requireLocked(directory);
      if (!isFile) return directoryHost(directory);
      const { fileHost } = await import('./file-host.ts');
      return fileHost(directoryHost(directory), file);
    },
  };
}

/** A path as reports write it: below the working directory it is relative. */
export function shownFrom(cwd: string, path: string): string {
  const inside = relative(cwd, path);
  return (inside.startsWith('..') ? path : inside).split(sep).join('/');
}
