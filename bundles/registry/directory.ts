/** A registry in a directory: any web server can hand it out, and `rsync` can mirror it. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filePath, headPath, takeTurn } from '@plan-lint/runtime/tools';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import { readIfThere } from '../files.ts';
import type { RegistryStore } from './store.ts';

export function directoryStore(directory: string): RegistryStore {
  const read = (path: string): Promise<Uint8Array | undefined> => readIfThere(path);

  /** One writer at a time; a killed one leaves what was there. */
  async function write(
    path: string,
    content: Uint8Array,
    isStill: (now: Uint8Array | undefined) => boolean,
  ): Promise<boolean> {
    await mkdir(dirname(path), { recursive: true });
    for (;;) {
      const turn = await takeTurn(path);
      try {
        if (!isStill(await read(path))) return false;
        if (await turn.commit(content)) return true;
      } finally {
        await turn.end();
      }
    }
  }

  return {
    name: directory,
    async readHead(channel) {
      const bytes = await read(join(directory, headPath(channel)));
      return bytes ? { bytes, tag: sha256Hex(bytes) } : null;
    },
    readFile: async (sha256) => (await read(join(directory, filePath(sha256)))) ?? null,
    async addFile(sha256, content) {
      await write(join(directory, filePath(sha256)), content, (there) => there === undefined);
    },
    replaceHead: (channel, { bytes }, tag) =>
      write(
        join(directory, headPath(channel)),
        bytes,
        (there) => (there === undefined ? null : sha256Hex(there)) === tag,
      ),
  };
}
