/** Where a request comes from, as far as fairness goes: whoever has an IPv6 address has the 2^64 beside it, too. */
import type { IncomingMessage } from 'node:http';

/** The first four groups of an address that is written with or without `::`. */
function prefixOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${all.slice(0, 4).join(':')}::/64`;
}

/** An IPv4 address as it is, an IPv6 address as its /64. */
export function sourceOfAddress(address: string | undefined): string {
  const [plain = ''] = (address ?? '').split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain);
  if (mapped) return mapped[1] ?? plain;
  return plain.includes(':') ? prefixOf(plain.toLowerCase()) : plain;
}

export const sourceOf = ({ socket }: Pick<IncomingMessage, 'socket'>): string =>
  sourceOfAddress(socket.remoteAddress);
