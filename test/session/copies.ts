/** Whether a value holds a copy of what another says, slowly: text against text. Of what the generator makes, no more. */

/** As a reader compares: letters and digits alone, in one case. */
const letters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

interface Said {
  readonly text: string;
  readonly least: number;
}

function saidIn(value: unknown): readonly Said[] {
  if (typeof value === 'string') return [{ text: letters(value), least: 4 }];
  if (typeof value === 'number')
    return [{ text: letters(`${Number.isInteger(value) ? BigInt(value) : value}`), least: 6 }];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(saidIn);
  return Object.entries(value).flatMap(([key, member]) => [...saidIn(key), ...saidIn(member)]);
}

function isCopy(one: Said, other: Said): boolean {
  if (one.text.length < 8 || other.text.length < 8)
    return one.text === other.text && one.text.length >= Math.max(one.least, other.least);
  for (let from = 0; from + 8 <= one.text.length; from += 1)
    if (other.text.includes(one.text.slice(from, from + 8))) return true;
  return false;
}

/** Four to seven characters that stand alone in a text: between marks, or a word with a digit or a capital. */
function partsOf(value: unknown): readonly string[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, member]) => [...partsOf(key), ...partsOf(member)]);
  if (typeof value !== 'string' || letters(value).length < 8) return [];
  const words = value.split(/[^A-Za-z0-9]/).filter((word) => /^[A-Z]|[0-9]/.test(word));
  return [...words, ...value.split(/[,;:|"'()<>\n]/)]
    .map(letters)
    .filter(({ length }) => length > 3 && length < 8);
}

/** The names of arguments are the tool's: all of the generator's are. */
export function holdsCopy(args: object, result: unknown): boolean {
  const own = Object.values(args).flatMap(saidIn);
  const source = saidIn(result);
  const parts = partsOf(result);
  return own.some(
    (one) =>
      source.some((other) => isCopy(one, other)) ||
      (parts.includes(one.text) && one.text.length >= one.least),
  );
}
