/** What a follower keeps over a restart. Nothing of it is believed before it has been verified again. */
import { BundleError } from '../errors.ts';
import { fileStore } from '../file-store.ts';
import { codeOf, takeTurn } from '../file-turn.ts';
import { builtin } from '../host.ts';
import type { LoaderGuard } from '../options.ts';
import { memoryStore, rollbackGuard, type RollbackLimits } from '../state.ts';

export interface Memory {
  /** Of bundles. */
  readonly guard: LoaderGuard;
  /** Of the heads of channels. */
  readonly heads: LoaderGuard;
  keep(name: string, content: Uint8Array): Promise<void>;
  recall(name: string): Promise<Uint8Array | undefined>;
}

/** @param directory - where it is kept; without one, until the process ends, and nothing but the guard's */
export function memoryOf(directory: string | undefined, limits: RollbackLimits | undefined): Memory {
  if (directory === undefined)
    return {
      guard: rollbackGuard(memoryStore(), limits),
      heads: rollbackGuard(memoryStore(), limits),
      keep: () => Promise.resolve(),
      recall: () => Promise.resolve(undefined),
    };
  const fs = builtin('node:fs/promises') as { readonly readFile: (path: string) => Promise<Uint8Array> };
  const at = (name: string): string => `${directory}/${name}`;
  return {
    guard: rollbackGuard(fileStore(at('state.json')), limits),
    heads: rollbackGuard(fileStore(at('channels.json')), limits),
    async keep(name, content) {
      const turn = await takeTurn(at(name));
      try {
        if (!(await turn.commit(content))) throw new BundleError('state_unreadable', at(name));
      } finally {
        await turn.end();
      }
    },
    async recall(name) {
      try {
        return new Uint8Array(await fs.readFile(at(name)));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw new BundleError('state_unreadable', at(name));
      }
    },
  };
}
