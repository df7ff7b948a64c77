/** Values of a plan or a context as an explanation shows them: short, and without what is secret. */
import type { ResolvedPolicy } from '../ir/resolved.ts';
import { rulesIn } from '../ir/layer.ts';

/** Shows the value that stands at a path. */
export type ShowValue = (path: readonly string[], value: unknown) => string;

const MOST = 80;
/** Members that hold a secret whatever it looks like. */
const SECRET_NAME = /pass(?:word|phrase)?$|secret|token|api_?key|authorization|credential|private_?key/i;

/**
 * @param entries - what one of their `deny_tokens_regex`, of results too, finds in a value is shown as `[secret]`, and so is what stands under a
 * telling name
 */
export function valueShower(entries: readonly ResolvedPolicy[]): ShowValue {
  const tokens = entries.flatMap(({ layer }) =>
    rulesIn(layer).flatMap((rule) =>
      rule.kind === 'deny-token' || rule.kind === 'result' ? [patternOf(rule.regex)] : [],
    ),
  );
  const isSecret = (text: string): boolean => tokens.some((token) => token === null || token.test(text));
  const masked = (key: string, value: unknown): unknown => {
    if (SECRET_NAME.test(key)) return '[secret]';
    if (typeof value === 'string' || typeof value === 'number')
      return isSecret(String(value)) ? '[secret]' : value;
    if (Array.isArray(value)) return value.map((item) => masked('', item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [isSecret(name) ? '[secret]' : name, masked(name, item)]),
    );
  };
  return (path, value) => {
    if (value === undefined) return 'missing';
    const text = JSON.stringify(masked(path.at(-1) ?? '', value));
    return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
  };
}

/** `null` where JavaScript does not take the pattern: then nothing is shown. */
function patternOf(regex: string): RegExp | null {
  try {
    return new RegExp(regex, 'iu');
  } catch {
    return null;
  }
}
