/** Reading files that somebody else has made: no further than what any of their kind has. */
import { open } from 'node:fs/promises';
import { BundleError, type ErrorCode } from '@plan-lint/runtime';

/** Largest file of each kind, in bytes. A loader's own limits are lower; these keep a command from reading for ever. */
const LIMITS = {
  module_too_large: 64 * 1024 * 1024,
  // Of a signed trust root, which it holds.
  sidecar_too_large: 4 * 1024 * 1024,
} as const satisfies Partial<Record<ErrorCode, number>>;

const CHUNK = 1024 * 1024;

/**
 * A file's bytes. Its size is not asked beforehand: a device says none, and a pipe has none.
 *
 * @param code - what to refuse it with where there is more, and so which limit holds
 */
export async function readCapped(path: string, code: keyof typeof LIMITS): Promise<Buffer> {
  const file = await open(path);
  try {
    const parts: Buffer[] = [];
    for (let length = 0; ;) {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(CHUNK) });
      if (bytesRead === 0) return Buffer.concat(parts);
      length += bytesRead;
      if (length > LIMITS[code]) throw new BundleError(code);
      parts.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
