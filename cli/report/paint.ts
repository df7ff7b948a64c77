const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;
export type Tint = keyof typeof CODES;

/** Text in a colour, where the terminal takes colours. */
export function paint(text: string, tint: Tint, colour: boolean | undefined): string {
  return colour ? `\x1b[${CODES[tint]}m${text}\x1b[0m` : text;
}

/** Text of plans and policies as one can show it: nothing in it writes to the terminal. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (c) => (c === '\n' ? c : '\ufffd'));
