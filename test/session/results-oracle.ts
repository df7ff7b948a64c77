/** What may be handed on of a result, slowly, as the page about sessions says it. */
import { compareTexts, readingsOf } from '../oracle/spelling.ts';
import { matchesGlob } from '../oracle/tools.ts';

/** An entry of `results`, as it is written. */
export interface WrittenResults {
  readonly tool: string;
  readonly deny_tokens_regex: readonly string[];
  readonly action: 'redact' | 'block';
}

export interface HandedOn {
  readonly kept: unknown;
  readonly isBlocked: boolean;
  /** Ids of the rules that found something. */
  readonly rules: readonly string[];
}

const matches = (text: string, regex: string): boolean =>
  compareTexts('matches', text, regex, readingsOf('matches', undefined, undefined)) !== false;

/** All patterns of the generator stand on one line. */
const line = (text: string, regexes: readonly string[]): string =>
  regexes.some((regex) => matches(text, regex)) ? '[redacted]' : text;

export function handedOn(tool: string, result: unknown, written: readonly WrittenResults[]): HandedOn {
  const own = written
    .filter((one) => matchesGlob(one.tool, tool))
    .flatMap((one) => one.deny_tokens_regex.map((regex) => ({ ...one, regex })));
  const found = new Set<string>();
  let isBlocked = false;
  const visit = (value: unknown): unknown => {
    if (typeof value === 'number') {
      const text = String(Number.isInteger(value) ? BigInt(value) : value);
      return visit(text) === text ? value : '[redacted]';
    }
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => [String(visit(key)), visit(member)]),
      );
    if (typeof value !== 'string') return value;
    const firing = own.filter(({ regex }) => matches(value, regex));
    for (const one of firing) found.add(`results[${JSON.stringify(one.tool)}][${JSON.stringify(one.regex)}]`);
    // Where one of two entries blocks, both are one rule, which does.
    const blocking = firing.some(({ tool: glob, regex }) =>
      own.some((one) => one.tool === glob && one.regex === regex && one.action === 'block'),
    );
    if (blocking) isBlocked = true;
    const regexes = firing.map(({ regex }) => regex);
    const left = value
      .split('\n')
      .map((text) => line(text, regexes))
      .join('\n');
    // What stands for the parts that are gone may match, or what is left may.
    return left !== value && own.some(({ regex }) => matches(left, regex)) ? '[redacted]' : left;
  };
  const kept = result === undefined ? undefined : visit(result);
  return { kept: isBlocked ? null : kept, isBlocked, rules: [...found].sort() };
}
