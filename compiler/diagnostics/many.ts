/** `1 plan`, `2 plans`, `1,234 plans`: a number and what it counts. */
export function many(n: number, word: string): string {
  return `${n.toLocaleString('en-US')} ${word}${n === 1 ? '' : 's'}`;
}
