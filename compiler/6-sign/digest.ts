import { createHash } from 'node:crypto';
import type { Digest } from '@plan-lint/runtime/contract';

/** SHA-256 in lower-case hex, of bytes or of a text's UTF-8. */
export function sha256Hex(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A named digest, as the predicate lists sources, the tool catalog and the test report. */
export function digestOf(name: string, content: Uint8Array | string): Digest {
  return { name, sha256: sha256Hex(content) };
}
