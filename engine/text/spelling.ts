import { plain, readings } from './plain.ts';

declare const Map: MapConstructor;
declare const RegExp: RegExpConstructor;

export { plain, readings };

type TextTest = (text: string) => boolean;

/** Whether the test holds for a text as it is written, or for anything that it reads like. */
export function spelt(text: string, test: TextTest): boolean {
  return test(text) || readings(text).some(test);
}

/** The same without what is written, where that is not its plain spelling. */
export function read(text: string, test: TextTest): boolean {
  return test(plain(text)) || readings(text).some(test);
}

/** The same as `spelt` for an expression. */
export function like(text: string, pattern: RegExp): boolean {
  return pattern.test(text) || readings(text).some((reading) => pattern.test(reading));
}

/** Expressions by what rules have of them, each made when it is first asked. Without `g` and `y` they keep no state. */
function kept<X>(make: (operand: X) => RegExp): (operand: X) => RegExp {
  const known = new Map<X, RegExp>();
  return (operand) => {
    let made = known.get(operand);
    if (!made) known.set(operand, (made = make(operand)));
    return made;
  };
}

export const patterns = (flags: string): ((source: string) => RegExp) =>
  kept((source) => new RegExp(source, flags));

/** Expressions that find one of some texts in whatever case, between what is to stand before and behind it. */
export const folded = (before: string, behind: string): ((texts: string | readonly string[]) => RegExp) =>
  kept((texts) => {
    const each = typeof texts === 'string' ? quote(texts) : `(?:${texts.map(quote).join('|')})`;
    return new RegExp(`${before}${each}${behind}`, 'iu');
  });

export const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
