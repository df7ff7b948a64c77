/** Hosts that are no place on the public internet: special-purpose addresses (RFC 6890 and IANA's registries) and names. */
import { ipv4Number, ipv6Pieces } from './ip.ts';

/** An IPv4 network: its first address and the bits that all of its addresses share. */
const NETWORKS = [
  { first: '0.0.0.0', bits: 8 }, // this host on this network
  { first: '10.0.0.0', bits: 8 },
  { first: '100.64.0.0', bits: 10 }, // shared by customers of a provider; metadata of some clouds
  { first: '127.0.0.0', bits: 8 },
  { first: '168.63.129.16', bits: 32 }, // the host of a virtual machine on Azure, a public address by number only
  { first: '169.254.0.0', bits: 16 }, // link-local; metadata of most clouds
  { first: '172.16.0.0', bits: 12 },
  { first: '192.0.0.0', bits: 24 },
  { first: '192.0.2.0', bits: 24 },
  { first: '192.88.99.0', bits: 24 },
  { first: '192.168.0.0', bits: 16 },
  { first: '198.18.0.0', bits: 15 },
  { first: '198.51.100.0', bits: 24 },
  { first: '203.0.113.0', bits: 24 },
  { first: '224.0.0.0', bits: 3 }, // multicast, reserved, broadcast
] as const;

const isPrivateV4 = (address: number): boolean =>
  NETWORKS.some(({ first, bits }) => {
    const size = 2 ** (32 - bits);
    return address - (address % size) === ipv4Number(first);
  });

/** Where an IPv6 address holds one of IPv4 by which it is routed, this one decides. */
function isPrivateV6(pieces: readonly number[]): boolean {
  const [first = 0, second = 0] = pieces;
  const ofV4 = (at: number): number => (pieces[at] ?? 0) * 65_536 + (pieces[at + 1] ?? 0);
  const startsWithZeros = (count: number): boolean => pieces.slice(0, count).every((piece) => piece === 0);
  // ::ffff:0:0/96 mapped, 64:ff9b::/96 translated, 2002::/16 6to4.
  if (startsWithZeros(5) && pieces[5] === 0xffff) return isPrivateV4(ofV4(6));
  if (first === 0x64 && second === 0xff9b && pieces.slice(2, 6).every((piece) => piece === 0))
    return isPrivateV4(ofV4(6));
  if (first === 0x2002) return isPrivateV4(ofV4(1));
  // Only 2000::/3 is given out, and of it not 2001::/23 and 2001:db8::/32, nor 3fff::/20.
  if (first < 0x2000 || first > 0x3fff) return true;
  if (first === 0x2001) return second < 0x200 || second === 0xdb8;
  return first === 0x3fff && second < 0x1000;
}

/** Names that are never looked up outside: RFC 6761, 6762, 8375, and what ICANN keeps for private use (`internal`). */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa|lan|intranet|corp|home|localdomain)$/;

/**
 * Whether a host in its one spelling (`hostOf`) is a private address, or a name that only a private network knows: one
 * of those above, or one without a dot. Where another name leads, no text can tell.
 */
export function isPrivateHost(host: string): boolean {
  if (host.startsWith('[')) {
    const pieces = ipv6Pieces(host.slice(1, -1));
    return pieces === null || isPrivateV6(pieces);
  }
  if (/^\d+(?:\.\d+){3}$/.test(host)) return isPrivateV4(ipv4Number(host));
  return !host.includes('.') || LOCAL_NAME.test(host);
}
