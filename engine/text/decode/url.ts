/**
 * Parts of a URL by the URL standard (whatwg.org), where all who read URLs agree: no white space around or in it, both
 * slashes, no backslash in front of the query, one `@` at most. Who stands behind scheme, user, host and port is
 * told as soon as what follows the slashes has come to its end, whatever comes behind.
 */
import { isDecodable, OPEN, UNREADABLE } from './form.ts';
import type { Form } from './form.ts';
import { hostOf } from './host.ts';
import { decodePercent } from './percent.ts';
import { plainPath } from './path.ts';
import type { CharacterOf } from './utf8.ts';

export type UrlPart = 'scheme' | 'userinfo' | 'host' | 'port' | 'path' | 'query' | 'fragment';

/** The schemes that the standard calls special, but for `file`. */
const OF_THE_WEB = [
  { scheme: 'http', port: 80 },
  { scheme: 'https', port: 443 },
  { scheme: 'ws', port: 80 },
  { scheme: 'wss', port: 443 },
  { scheme: 'ftp', port: 21 },
] as const;
const ofTheWeb = (scheme: string): (typeof OF_THE_WEB)[number] | undefined =>
  OF_THE_WEB.find((one) => one.scheme === scheme);

const SCHEME = /^[a-z][a-z\d+.-]*:/i;
/** What may stand between the slashes and the path. */
const AUTHORITY = /^[!-[\]-~]*$/;
/** Nothing that one reader drops, another encodes and a third takes for a slash. */
const BEHIND = /^[^\0- \\\x7f]*$/;

/** A URL as far as its authority. */
interface Head {
  readonly scheme: string;
  /** Between `//` and the path; `null` where there is none. */
  readonly authority: string | null;
  /** Path, query and fragment. */
  readonly rest: string;
  /** Whether more text would change the authority. */
  readonly isOpen: boolean;
}

interface Authority {
  readonly userinfo: string | undefined;
  /** `undefined` for none, as in `file:///tmp`. */
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/** Reads one part of URLs: `undefined` where a URL has none. */
export function urlForm(part: UrlPart, characterOf: CharacterOf): Form {
  if (part === 'scheme') return { whole: (text) => schemeOf(text) ?? UNREADABLE, start: startsWithScheme };
  if (part === 'path' || part === 'query' || part === 'fragment')
    return { whole: (text) => (isDecodable(text) ? partBehind(text, part, characterOf) : UNREADABLE) };
  const partOf = (head: Head | null): unknown => {
    const authority = head && authorityOf(head, characterOf);
    return authority ? authority[part] : UNREADABLE;
  };
  return {
    whole: (text) => partOf(headOf(text)),
    start: (known) => {
      const head = headOf(known);
      return head === null || head.isOpen ? OPEN : partOf(head);
    },
  };
}

/** No host, user and port together are longer. */
const LONGEST_HEAD = 65_536;

const schemeOf = (text: string): string | null => SCHEME.exec(text)?.[0].slice(0, -1).toLowerCase() ?? null;

const startsWithScheme = (known: string): unknown => {
  if (/^(?:[a-z][a-z\d+.-]*)?$/i.test(known)) return OPEN;
  return schemeOf(known) ?? UNREADABLE;
};

/** `null` where readers would not find the same authority. */
function headOf(text: string): Head | null {
  const scheme = schemeOf(text);
  if (scheme === null) return null;
  const behind = text.slice(scheme.length + 1);
  const hasSlashes = behind.startsWith('//');
  const isSpecial = scheme === 'file' || ofTheWeb(scheme) !== undefined;
  if (!hasSlashes) {
    if (isSpecial || behind.startsWith('\\')) return null;
    return { scheme, authority: null, rest: behind, isOpen: behind === '' || behind === '/' };
  }
  const end = behind.slice(2, LONGEST_HEAD).search(/[/?#]/);
  const authority = end < 0 ? behind.slice(2) : behind.slice(2, end + 2);
  return { scheme, authority, rest: end < 0 ? '' : behind.slice(end + 2), isOpen: end < 0 };
}

function authorityOf({ scheme, authority }: Head, characterOf: CharacterOf): Authority | null {
  const none = { userinfo: undefined, host: undefined, port: undefined };
  if (authority === null) return none;
  if (authority.length > LONGEST_HEAD || !AUTHORITY.test(authority)) return null;
  if (scheme === 'file') {
    if (authority === '' || authority.toLowerCase() === 'localhost') return none;
    const host = hostOf(authority);
    return host === null ? null : { ...none, host };
  }
  const pieces = authority.split('@');
  const [place = '', user] = [pieces[pieces.length - 1], pieces.length > 1 ? pieces[0] : undefined];
  const userinfo = user === undefined ? undefined : decodePercent(user, characterOf);
  if (pieces.length > 2 || userinfo === null) return null;
  const digits = /:(\d*)$/.exec(place);
  const written = digits ? place.slice(0, digits.index) : place;
  const web = ofTheWeb(scheme);
  const host = hostIn(written, web !== undefined);
  const port = digits?.[1] ? +digits[1] : web?.port;
  if (host === null || (port ?? 0) > 65_535) return null;
  if (host === undefined && (digits || user !== undefined)) return null;
  return { userinfo, host, port };
}

/** Of other schemes than those of the web the standard takes a host as it is written, so only what reads the same is one. */
function hostIn(written: string, isSpecial: boolean): string | undefined | null {
  if (written === '') return isSpecial ? null : undefined;
  const host = hostOf(written);
  return isSpecial || written.startsWith('[') || host === written.toLowerCase() ? host : null;
}

function partBehind(text: string, part: 'path' | 'query' | 'fragment', characterOf: CharacterOf): unknown {
  const head = headOf(text);
  if (!head || !authorityOf(head, characterOf)) return UNREADABLE;
  const hash = head.rest.indexOf('#');
  const upToHash = hash < 0 ? head.rest : head.rest.slice(0, hash);
  const mark = upToHash.indexOf('?');
  const path = mark < 0 ? upToHash : upToHash.slice(0, mark);
  if (!BEHIND.test(path)) return UNREADABLE;
  if (part === 'path') return pathIn(path, head, characterOf);
  const isQuery = part === 'query';
  if ((isQuery ? mark : hash) < 0) return undefined;
  const written = isQuery ? upToHash.slice(mark + 1) : head.rest.slice(hash + 1);
  if (/[\0- \x7f]/.test(written)) return UNREADABLE;
  // A form sends `+` for a space.
  return decodePercent(isQuery ? written.replaceAll('+', ' ') : written, characterOf) ?? UNREADABLE;
}

/** Decoded, without `.` and `..`; what servers read in more than one way is unreadable. */
function pathIn(path: string, { scheme, authority }: Head, characterOf: CharacterOf): unknown {
  const segments = path.split('/').map((segment) => decodePercent(segment, characterOf));
  const isClear = segments.every((segment) => segment !== null && !/[/\\\p{Cc}]|%[\da-f]{2}/iu.test(segment));
  if (!isClear) return UNREADABLE;
  const decoded = segments.join('/');
  // `mailto:a@b.example` has no segments.
  if (authority === null && !decoded.startsWith('/')) return decoded;
  if (decoded.includes('//')) return UNREADABLE;
  if (scheme === 'file' && /^\/[a-z][:|]/i.test(decoded)) return UNREADABLE;
  return plainPath(decoded === '' ? '/' : decoded);
}
