/** Addresses of hosts as the URL standard reads and writes them (whatwg.org: 4.3 *host parsing*, 4.5 *host serializing*). */

/** The number that a part of an IPv4 address stands for, in any of its bases; `null` where it stands for none. */
function partValue(part: string): number | null {
  if (/^0x[\da-f]*$/i.test(part)) return part.length === 2 ? 0 : +part;
  // More digits than any address has lose nothing here: the number is too large either way.
  if (/^0[0-7]+$/.test(part)) return +`0o${part}`;
  return /^(?:0|[1-9]\d*)$/.test(part) ? +part : null;
}

/** Whether a name can only be an address: its last part reads like a number. */
export const endsInNumber = (parts: readonly string[]): boolean =>
  /^(?:\d+|0x[\da-f]*)$/i.test(parts[parts.length - 1] ?? '');

/** Four numbers in decimal; `null` where the parts are no address. */
export function ipv4Text(parts: readonly string[]): string | null {
  const numbers = parts.map(partValue);
  const last = numbers[numbers.length - 1] ?? null;
  if (parts.length > 4 || last === null || last >= 256 ** (5 - parts.length)) return null;
  let address = last;
  for (let i = 0; i < numbers.length - 1; i += 1) {
    const number = numbers[i] ?? null;
    if (number === null || number > 255) return null;
    address += number * 256 ** (3 - i);
  }
  return ipv4Of(address);
}

/** The number of an address of four decimal numbers. */
export const ipv4Number = (text: string): number =>
  text.split('.').reduce((address, part) => address * 256 + +part, 0);

const ipv4Of = (address: number): string =>
  [3, 2, 1, 0].map((place) => ((address - (address % 256 ** place)) / 256 ** place) % 256).join('.');

/** The eight numbers of an IPv6 address, without its brackets; `null` where it is none. */
export function ipv6Pieces(text: string): readonly number[] | null {
  const halves = text.split('::');
  const [front = '', back] = halves;
  if (halves.length > 2) return null;
  const first = piecesOf(front, back === undefined);
  const second = back === undefined ? [] : piecesOf(back, true);
  if (first === null || second === null) return null;
  const missing = 8 - first.length - second.length;
  if (back === undefined ? missing !== 0 : missing < 1) return null;
  return [...first, ...zeros(missing), ...second];
}

function zeros(count: number): readonly number[] {
  const all: number[] = [];
  while (all.length < count) all.push(0);
  return all;
}

/** Pieces between colons; the last two may be written as an IPv4 address, where nothing follows. */
function piecesOf(text: string, isLast: boolean): readonly number[] | null {
  if (text === '') return [];
  const pieces: number[] = [];
  const written = text.split(':');
  for (let i = 0; i < written.length; i += 1) {
    const piece = written[i] ?? '';
    if (/^[\da-f]{1,4}$/i.test(piece)) pieces.push(+`0x${piece}`);
    else if (isLast && i === written.length - 1 && DOTTED.test(piece)) {
      const address = ipv4Number(piece);
      pieces.push((address - (address % 65_536)) / 65_536, address % 65_536);
    } else return null;
  }
  return pieces;
}

const DOTTED = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** The shortest way to write the pieces: the first of the longest runs of zeros, of two or more, is left out (RFC 5952). */
export function ipv6Text(pieces: readonly number[]): string {
  let from = -1;
  let length = 1;
  for (let at = 0; at < 8; at += 1) {
    let end = at;
    while (end < 8 && pieces[end] === 0) end += 1;
    if (end - at > length) {
      from = at;
      length = end - at;
    }
  }
  const hex = (some: readonly number[]): string => some.map((piece) => piece.toString(16)).join(':');
  return from < 0 ? hex(pieces) : `${hex(pieces.slice(0, from))}::${hex(pieces.slice(from + length))}`;
}
