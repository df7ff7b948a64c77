/** What an operand of a test of texts is compared with, in the spellings that the test takes for the same. */
import { drawn, faces, plain, seen } from './plain.ts';

/** Whether a form of a text counts: `no`, `yes`, or both as it is written and so. */
type Choice = 'no' | 'yes' | 'either';

export interface OperandSpelling {
  readonly ignoreCase: Choice;
  readonly normalize: Choice;
}

/**
 * What the plain spelling of a text is compared with; `null` where it is not looked at. An operand of which only
 * spaces and signs are left is about just these characters (a no-break space), so it is looked for as it is written,
 * unless the policy says `normalize: true`.
 */
export function plainOperand(operand: string, { normalize }: OperandSpelling): string | null {
  if (normalize === 'no') return null;
  const spelled = plain(operand);
  const isAboutSigns = spelled !== operand && !/[\p{L}\p{N}]/u.test(spelled);
  return normalize === 'either' && isAboutSigns ? null : spelled;
}

/**
 * Everything that what a text reads like is compared with: the plain spelling, where case does not matter also that of
 * the capitals and of the small letters. An operand that is `whole` is compared without the white space around it, too.
 */
export function plainOperands(operand: string, spelling: OperandSpelling, whole: boolean): readonly string[] {
  if (plainOperand(operand, spelling) === null) return [];
  const clean = seen(operand);
  const forms =
    spelling.ignoreCase === 'no' ? [plain(operand)] : [plain(operand), ...faces(clean).map(drawn)];
  const found: string[] = [];
  const take = (form: string): void => {
    if (!found.includes(form)) found.push(form);
  };
  forms.forEach(take);
  if (whole) for (const form of forms) if (form.trim() !== '') take(form.trim());
  return found;
}
