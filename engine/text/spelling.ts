import { ODD, plain } from './plain.ts';

declare const Map: MapConstructor;
declare const RegExp: RegExpConstructor;

export { ODD, plain };

/** Whether the test holds for a text as it is written, or in its plain spelling. */
export function spelt(text: string, test: (text: string) => boolean): boolean {
  if (test(text)) return true;
  const other = plain(text);
  return other !== text && test(other);
}

/** The same for an expression. */
export function like(text: string, pattern: RegExp): boolean {
  if (pattern.test(text)) return true;
  const other = plain(text);
  return other !== text && pattern.test(other);
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
