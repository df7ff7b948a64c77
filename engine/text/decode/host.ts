/**
 * Hosts by the URL standard, of special schemes (http, https, ws, wss, ftp), with a parser of our own: the host's `URL` reads
 * names in other scripts by tables that differ by version. What readers could take differently is no host here: other
 * scripts, escapes, empty parts, and characters that the standard lets through but no name of the DNS has.
 */
import { endsInNumber, ipv4Text, ipv6Pieces, ipv6Text } from './ip.ts';
import { UNREADABLE } from './form.ts';
import type { Form } from './form.ts';

/** The longest name of the DNS, as text. */
const LONGEST_NAME = 253;
const NAME = /^[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*$/;

/**
 * A host in its one spelling: in lower case, without a dot at its end, an address as four decimal numbers, or as the
 * shortest form of IPv6 in brackets; `null` where it is none.
 */
export function hostOf(text: string): string | null {
  if (text.startsWith('[')) {
    const pieces = text.endsWith(']') ? ipv6Pieces(text.slice(1, -1)) : null;
    return pieces && `[${ipv6Text(pieces)}]`;
  }
  // `toLowerCase` makes letters of ASCII from some that are none.
  if (!/^[!-~]+$/.test(text)) return null;
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name.length > LONGEST_NAME || !NAME.test(name)) return null;
  const parts = name.split('.');
  return endsInNumber(parts) ? ipv4Text(parts) : name;
}

/** A host by itself; an IPv6 address may stand without its brackets there. */
export const hostForm: Form = {
  whole: (text) => {
    const isBare = text.includes(':') && !text.startsWith('[');
    return hostOf(isBare ? `[${text}]` : text) ?? UNREADABLE;
  },
};
