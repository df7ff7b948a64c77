/** A file that holds its own signatures: another one of them makes another file, which replaces nothing unasked. */
import { basename, resolve } from 'node:path';
import { pssPath } from '../../bundles/files.ts';
import { UsageError } from '../../bundles/failure.ts';
import { createFiles, replaceFile } from '../files.ts';
import type { SignTarget } from './target.ts';

/** The file, and where the one with a signature more goes. */
export interface FileToSign {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Absolute, or as given on the command line of `cwd`. */
  readonly output: string | undefined;
  readonly force: boolean;
  readonly cwd: string;
}

interface Form {
  /** Why it needs another file. */
  readonly what: string;
  /** A name for it. */
  readonly example: string;
  readonly accepts: (path: string) => boolean;
  readonly make: (made: readonly Uint8Array[]) => Uint8Array;
}

export function rewritten(
  { path, bytes, output, force, cwd }: FileToSign,
  { what, example, accepts, make }: Form,
): Pick<SignTarget, 'ready' | 'with' | 'write'> {
  const to = output === undefined ? path : resolve(cwd, output);
  return {
    ready() {
      if (output === undefined && !force) {
        throw new UsageError(
          what,
          `name it with --output ${example}, or replace \`${basename(path)}\` with --force`,
        );
      }
      if (accepts(to)) return;
      const suffix = example.slice(example.indexOf('.'));
      throw new UsageError(`\`${basename(to)}\` must end in ${suffix}`, `--output ${example}`);
    },
    async with(made, sign) {
      // The raw signature is about the file that carries it in its name.
      if (made.length === 0) return sign ? [{ path: pssPath(path), content: await sign(bytes) }] : [];
      const content = make(made);
      const files = [{ path: to, content }];
      return sign ? [...files, { path: pssPath(to), content: await sign(content) }] : files;
    },
    async write(files) {
      if (!force) return createFiles(files);
      for (const file of files) await replaceFile(file);
    },
  };
}
