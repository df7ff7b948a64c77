/** What the caller of a command vouches for. */
import { UsageError } from '../bundles/failure.ts';

/** `role=analyst` and `limits.daily=5`: dots nest. */
export function parseContext(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  const context: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new UsageError(`\`${pair}\` is not key=value`, '--context role=analyst --context limits.daily=5');
    const path = pair.slice(0, at).split('.');
    const last = path.pop() ?? '';
    let object = context;
    for (const key of path) {
      const inner = Object.hasOwn(object, key) ? object[key] : {};
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
        throw new UsageError(
          `\`${pair}\` sets a member of something that is not an object`,
          'give each key once',
        );
      }
      define(object, key, inner);
      object = inner as Record<string, unknown>;
    }
    define(object, last, contextValue(pair.slice(at + 1)));
  }
  return context;
}

/** As an own property, whatever its name. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

function contextValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
