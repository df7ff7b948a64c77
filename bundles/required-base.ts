/** Files that every entry must extend, as a command line names them. */
import type { RequiredBase } from '@plan-lint/runtime';
import { UsageError } from './failure.ts';

/**
 * `FILE` or `FILE#sha256=<64 hex digits>`.
 *
 * @throws UsageError for anything else behind a `#`
 *
 * @example
 * namedBase('base/core.yaml') // { name: 'base/core.yaml' }
 */
export function namedBase(text: string): RequiredBase {
  const at = text.indexOf('#');
  if (at < 0 && text !== '') return { name: text };
  const sha256 = /^#sha256=([0-9a-f]{64})$/.exec(text.slice(at))?.[1];
  if (at > 0 && sha256 !== undefined) return { name: text.slice(0, at), sha256 };
  throw new UsageError(
    `\`--require-base ${text}\` names no file that can be required`,
    'write base/core.yaml, or base/core.yaml#sha256=<64 hex digits>; `sha256sum` prints them',
  );
}
