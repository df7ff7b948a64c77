/**
 * What the text of an argument holds, with the host's own readers where the engine has its own: `URL`, `JSON.parse`,
 * `Buffer`, `decodeURIComponent`, `path.posix`. What the documentation leaves out of account is taken out first.
 */
import { posix } from 'node:path';
import type { View } from '../../compiler/ir/document.ts';

/** It is not in its form, or readers disagree. */
export const UNREADABLE = Symbol('unreadable');

/** What is not known in the rest decides, too. */
export const OPEN = Symbol('open');

const MOST = 65_536;
const isDecodable = (text: string): boolean => Buffer.byteLength(text) <= MOST && text.isWellFormed();

export function heldIn({ as, part }: View, text: string): unknown {
  if (as === 'url') return urlPart(text, String(part));
  if (as === 'host') return hostOf(/^[^[]*:/.test(text) ? `[${text}]` : text, 'http') ?? UNREADABLE;
  if (as === 'email') return emailPart(text, part);
  if (as === 'base64') return fromBase64(text);
  if (!isDecodable(text)) return UNREADABLE;
  if (as === 'percent') return unescaped(text);
  if (as === 'json') return fromJson(text);
  const isClear = text !== '' && text.trim() === text && !/[\\$\p{Cc}]|^~|^[a-z][a-z0-9+.-]*:/iu.test(text);
  return isClear ? resolved(text) : UNREADABLE;
}

/** The same of a text that begins so: only who is behind a URL can be told of one. */
export function heldFrom({ as, part }: View, known: string): unknown {
  if (as !== 'url') return OPEN;
  if (part === 'scheme')
    return /^([a-z][a-z0-9+.-]*)?$/i.test(known) ? OPEN : heldIn({ as, part, path: [] }, known);
  if (part === 'path' || part === 'query' || part === 'fragment') return OPEN;
  const [, scheme = '', behind] = /^([a-z][a-z0-9+.-]*):([^]*)$/i.exec(known) ?? [];
  if (behind === undefined) return OPEN;
  const isTold = behind.startsWith('//')
    ? /[/?#]/.test(behind.slice(2))
    : !isOfStandard(scheme) && /^(?:[^/\\]|\/[^/])/.test(behind);
  return isTold ? heldIn({ as, part, path: [] }, known) : OPEN;
}

const isOfStandard = (scheme: string): boolean => /^(?:https?|wss?|ftp|file)$/i.test(scheme);

function unescaped(text: string): unknown {
  try {
    return decodeURIComponent(text);
  } catch {
    return UNREADABLE;
  }
}

function fromBase64(text: string): unknown {
  const digits = text.replace(/=+$/, '');
  const bytes = Buffer.from(digits, 'base64url');
  const isWhole = [bytes.toString('base64'), bytes.toString('base64url')].some((again) =>
    [again, again.replace(/=+$/, ''), again.padEnd(Math.ceil(again.length / 4) * 4, '=')].includes(text),
  );
  if (!isWhole || bytes.length > MOST) return UNREADABLE;
  const spelled = bytes.toString('utf8');
  return Buffer.from(spelled).equals(bytes) ? spelled : UNREADABLE;
}

/** No name twice, none that changes what the object is, no number that is not what is written, nothing that UTF-8 cannot hold. */
function fromJson(text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
  const plain = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const numbers = plain.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? [];
  const isHeld = (written: string): boolean =>
    /[.eE]/.test(written) ? Number.isFinite(Number(written)) : Number.isSafeInteger(Number(written));
  const members = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? (Array.isArray(value) ? 0 : Object.keys(value).length) +
        Object.values(value).reduce((sum: number, inner) => sum + members(inner), 0)
      : 0;
  const written = plain.match(/:/g)?.length ?? 0;
  const depth = [...plain].reduce(
    (at, c) => {
      const now = at.now + (/[[{]/.test(c) ? 1 : 0) - (/[\]}]/.test(c) ? 1 : 0);
      return { now, most: Math.max(now, at.most) };
    },
    { now: 0, most: 0 },
  ).most;
  const isStrict = numbers.every(isHeld) && members(parsed) === written && depth <= 64 && areWhole(parsed);
  return isStrict ? parsed : UNREADABLE;
}

function areWhole(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(
    ([key, member]) => key.isWellFormed() && key !== '__proto__' && areWhole(member),
  );
}

/** As the directory itself and what lies above it read; a slash at the end says nothing. */
const resolved = (path: string): string => {
  const normal = posix.normalize(path.replace(/^\/+/, '/'));
  return normal === '/' ? normal : normal.replace(/\/$/, '');
};

/** "Hosts by the URL standard", without what readers take differently: escapes, other scripts, odd names. */
function hostOf(written: string, scheme: string): string | null {
  if (!/^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/i.test(written)) return null;
  const name = written.replace(/\.$/, '').toLowerCase();
  if (
    !name.startsWith('[') &&
    (name.length > 253 || name.split('.').some((part) => part === '' || part.length > 63))
  )
    return null;
  // An ASCII name of another script is compared as it is written; which letters may stand in it is the host's to say.
  const labels = name.split('.');
  const shown = labels.map((label) => (label.startsWith('xn--') ? 'x' : label)).join('.');
  const read = hostnameOf(`http://${shown}/`);
  if (read === null) return null;
  const host = labels.some((label) => label.startsWith('xn--')) ? name : read;
  if (['http', 'https', 'ws', 'wss', 'ftp', 'file'].includes(scheme) || name.startsWith('[')) return host;
  return host === written.toLowerCase() ? host : null;
}

function hostnameOf(url: string): string | null {
  try {
    return new URL(url).hostname;
  } catch {
    return null;
  }
}

function urlPart(text: string, part: string): unknown {
  const [, written = '', behind] = /^([a-z][a-z0-9+.-]*):([^]*)$/i.exec(text) ?? [];
  if (behind === undefined) return UNREADABLE;
  const scheme = written.toLowerCase();
  if (part === 'scheme') return scheme;
  const [, authority] = /^\/\/([^/?#]*)/.exec(behind) ?? [];
  if (authority === undefined && (isOfStandard(scheme) || behind.startsWith('\\'))) return UNREADABLE;
  const whom = authority === undefined ? {} : partsOf(authority, scheme);
  if (whom === null) return UNREADABLE;
  if (part === 'host' || part === 'port' || part === 'userinfo') return whom[part];
  if (!isDecodable(text)) return UNREADABLE;
  const rest = authority === undefined ? behind : behind.slice(authority.length + 2);
  const [, path = '', query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/.exec(rest) ?? [];
  if (/[\0-\x20\x7f\\]/.test(path)) return UNREADABLE;
  if (part === 'path') return pathOf(path, authority !== undefined || path.startsWith('/'), scheme);
  const one = part === 'query' ? query : fragment;
  if (one === undefined) return undefined;
  return /[\0-\x20\x7f]/.test(one)
    ? UNREADABLE
    : unescaped(part === 'query' ? one.replaceAll('+', '%20') : one);
}

interface Whom {
  readonly userinfo?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

function partsOf(authority: string, scheme: string): Whom | null {
  if (/[^\x21-\x7e]|\\/.test(authority)) return null;
  if (scheme === 'file' && /^(?:localhost)?$/i.test(authority)) return {};
  const [, user, name = '', port] = /^(?:([^@]*)@)?([^@]*?)(?::([0-9]*))?$/.exec(authority) ?? [];
  if (scheme === 'file') {
    const host = user === undefined && port === undefined ? hostOf(name, scheme) : null;
    return host === null ? null : { host };
  }
  const userinfo = user === undefined ? undefined : unescaped(user);
  if (userinfo === UNREADABLE || authority.split('@').length > 2) return null;
  const ports: Readonly<Record<string, number>> = { http: 80, https: 443, ws: 80, wss: 443, ftp: 21 };
  const number = port ? Number(port) : ports[scheme];
  if ((number ?? 0) > 65_535) return null;
  const others = { userinfo: userinfo as string | undefined, port: number };
  if (name === '')
    return Object.hasOwn(ports, scheme) || user !== undefined || port !== undefined ? null : others;
  const host = hostOf(name, scheme);
  return host === null ? null : { ...others, host };
}

function pathOf(path: string, hasSegments: boolean, scheme: string): unknown {
  const segments = path.split('/').map(unescaped);
  const isClear = segments.every(
    (segment) => typeof segment === 'string' && !/[/\\\p{Cc}]|%[0-9a-f]{2}/iu.test(segment),
  );
  if (!isClear) return UNREADABLE;
  const decoded = segments.join('/');
  if (!hasSegments) return decoded;
  if (decoded.includes('//') || (scheme === 'file' && /^\/[a-z][:|]/i.test(decoded))) return UNREADABLE;
  return resolved(decoded || '/');
}

function emailPart(text: string, part: string | null): unknown {
  const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
  const shape = new RegExp(`^(${atom}(?:\\.${atom})*)@(${label}(?:\\.${label})*)$`);
  const [, local = '', name = ''] = text.length < 400 ? (shape.exec(text) ?? []) : [];
  const domain = hostOf(name, 'other');
  if (local === '' || local.length > 64 || domain === null || /^[\d.]+$/.test(domain)) return UNREADABLE;
  const parts: Readonly<Record<string, string>> = { local, domain };
  return part === null ? `${local}@${domain}` : parts[part];
}

/** Networks that are no public place, written as people write them. */
const PRIVATE_V4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '168.63.129.16/32', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
];
const PRIVATE_V6 = [...['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '3fff::/20']];
const LOCAL = [
  'localhost',
  'local',
  'internal',
  'home.arpa',
  'lan',
  'intranet',
  'corp',
  'home',
  'localdomain',
];

const bitsOf = (address: string): string => {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  const [front = '', back] = address.split('::');
  const [first, second] = [front, back ?? ''].map((half) => (half === '' ? [] : half.split(':')));
  const missing = back === undefined ? 0 : 8 - (first?.length ?? 0) - (second?.length ?? 0);
  const pieces = [...(first ?? []), ...Array.from({ length: missing }, () => '0'), ...(second ?? [])];
  return pieces.map((piece) => parseInt(piece, 16).toString(2).padStart(16, '0')).join('');
};

const lies = (bits: string, network: string): boolean => {
  const [first = '', length = ''] = network.split('/');
  return bits.startsWith(bitsOf(first).slice(0, Number(length)));
};

const dotted = (bits: string): string =>
  (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)).join('.');

export function isPrivateHost(host: string): boolean {
  if (/^\d+(\.\d+){3}$/.test(host)) return PRIVATE_V4.some((network) => lies(bitsOf(host), network));
  if (!host.startsWith('['))
    return !host.includes('.') || LOCAL.some((name) => host === name || host.endsWith(`.${name}`));
  const bits = bitsOf(host.slice(1, -1));
  if (lies(bits, '::ffff:0:0/96') || lies(bits, '64:ff9b::/96')) return isPrivateHost(dotted(bits.slice(96)));
  if (lies(bits, '2002::/16')) return isPrivateHost(dotted(bits.slice(16, 48)));
  return PRIVATE_V6.some((network) => lies(bits, network));
}
