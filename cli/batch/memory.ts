/** Memory that files are read into. It goes to the threads and comes back: fresh memory costs more than reading. */
import { open } from 'node:fs/promises';

/** Bytes that are read at a time. */
export const CHUNK_BYTES = 256 * 1024;
/** Chunks that are kept for later. */
const MOST_FREE = 16;

export class Memory {
  readonly #free: ArrayBuffer[] = [];
  readonly #ours = new WeakSet<ArrayBufferLike>();

  /** A file's content; each chunk is the reader's until it gives it back. */
  async *read(path: string): AsyncGenerator<Uint8Array> {
    const file = await open(path);
    try {
      for (;;) {
        const buffer = this.#free.pop() ?? new ArrayBuffer(CHUNK_BYTES);
        this.#ours.add(buffer);
        const { bytesRead } = await file.read(new Uint8Array(buffer), 0, CHUNK_BYTES, null);
        if (bytesRead === 0) {
          this.give([buffer]);
          return;
        }
        yield new Uint8Array(buffer, 0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  /** Whether memory comes from here, and not from something that may still need it. */
  owns(buffer: ArrayBufferLike): buffer is ArrayBuffer {
    return this.#ours.has(buffer);
  }

  give(buffers: readonly ArrayBuffer[]): void {
    for (const buffer of buffers) if (this.#free.length < MOST_FREE) this.#free.push(buffer);
  }
}
