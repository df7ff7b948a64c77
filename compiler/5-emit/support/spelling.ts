import { ODD, plain } from '../../spelling/plain.ts';

export { ODD, plain };

/** A test of a text as it is written, or in its plain spelling. */
export const like =
  (pattern: RegExp) =>
  (text: string): boolean =>
    spelt(text, (one) => pattern.test(one));

/** Whether the test holds for a text as it is written, or in its plain spelling. */
export function spelt(text: string, test: (text: string) => boolean): boolean {
  if (test(text)) return true;
  const other = plain(text);
  return other !== text && test(other);
}
