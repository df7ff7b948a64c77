import type { DecisionData } from '@plan-lint/runtime';
import { printable } from '../../compiler/inspect.ts';

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;
export type Tint = keyof typeof CODES;

/** The colour of an outcome, whatever the word for it. */
export const STATUS_TINTS: Readonly<Record<DecisionData['status'], Tint>> = {
  pass: 'green',
  warn: 'yellow',
  approval: 'yellow',
  deny: 'red',
};

/** Text in a colour, where the terminal takes colours. */
export function paint(text: string, tint: Tint, colour: boolean | undefined): string {
  return colour ? `\x1b[${CODES[tint]}m${text}\x1b[0m` : text;
}

/** Text of our own lines that quotes plans and policies: nothing in it writes to the terminal. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');
