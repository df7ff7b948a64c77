/**
 * The engine's own reader of URLs beside the host's `URL`: where it tells something, that is what the standard says; where it
 * does not, either the standard fails, or the text is one of those that the documentation calls unclear.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_BYTES, OPEN, UNREADABLE } from '../../engine/text/decode/form.ts';
import { hostOf } from '../../engine/text/decode/host.ts';
import { isPrivateHost } from '../../engine/text/decode/private.ts';
import { urlForm } from '../../engine/text/decode/url.ts';
import type { UrlPart } from '../../engine/text/decode/url.ts';
import * as oracle from '../oracle/views.ts';
import { holding } from '../differential/views.ts';

const RUNS = 20_000;
const characterOf = (code: number): string => String.fromCodePoint(code);
const read = (part: UrlPart, text: string): unknown => urlForm(part, characterOf).whole(text);

const digit = fc.constantFrom(
  '0',
  '1',
  '7',
  '8',
  '9',
  'a',
  'f',
  'x',
  'X',
  '00',
  '0x',
  '255',
  '256',
  '65535',
  '4294967295',
);
const number = fc.array(digit, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
const piece = fc.oneof(
  number,
  fc.constantFrom(
    'a',
    'B',
    'example',
    'xn--bcher-kva',
    '-',
    '_',
    '',
    '::',
    ':',
    '[',
    ']',
    '%',
    '@',
    '\u00e9',
    '\u3002',
    ' ',
    '\\',
    '*',
    '~',
  ),
);
const joined = (separator: string): fc.Arbitrary<string> =>
  fc.array(piece, { minLength: 1, maxLength: 8 }).map((all) => all.join(separator));
const hosts = fc.oneof(
  joined('.'),
  joined(''),
  joined(':').map((text) => `[${text}]`),
  fc.ipV6().map((text) => `[${text}]`),
  fc.ipV4Extended(),
  fc.domain(),
);

/** `URL` of the host; a name is the same with a dot at its end. */
function standard(host: string): string | null {
  try {
    return new URL(`http://${host}/`).hostname.replace(/\.$/, '');
  } catch {
    return null;
  }
}

test('a host that is told is the one of the URL standard, and addresses in any notation are told', () => {
  let told = 0;
  let addresses = 0;
  fc.assert(
    fc.property(hosts, (host) => {
      const ours = hostOf(host);
      const theirs = standard(host);
      // Which letters an ASCII name of another script may hold is a matter of tables.
      if (ours !== null && !/(^|\.)xn--/.test(ours)) expect(ours).toBe(theirs);
      if (ours !== null) told += 1;
      const isAddress = theirs !== null && /^(?:\[.*\]|\d+(?:\.\d+){3})$/.test(theirs);
      // But for escapes and other scripts, which are unclear.
      if (!isAddress || /[^!-~]|%/.test(host) || host.includes('@') || host.includes('\\')) return;
      // Behind a colon stands a port; what is no port is no URL.
      if (!host.startsWith('[') && host.includes(':')) return;
      addresses += 1;
      expect(ours, host).toBe(theirs);
    }),
    { seed: 18, numRuns: RUNS },
  );
  expect(told).toBeGreaterThan(RUNS / 4);
  expect(addresses).toBeGreaterThan(RUNS / 8);
});

test('every part of a URL is what the oracle makes of it by the readers of the host', () => {
  const parts: readonly UrlPart[] = ['scheme', 'userinfo', 'host', 'port', 'path', 'query', 'fragment'];
  const plain = (value: unknown): unknown => {
    if (value === UNREADABLE || value === oracle.UNREADABLE) return 'unreadable';
    return value === OPEN || value === oracle.OPEN ? 'open' : value;
  };
  let told = 0;
  fc.assert(
    fc.property(holding, fc.constantFrom(...parts), (text, part) => {
      const view = { as: 'url', part, path: [] } as const;
      const ours = read(part, text);
      expect(plain(ours), `${part} of ${text}`).toBe(plain(oracle.heldIn(view, text)));
      if (ours !== UNREADABLE) told += 1;
      const { start: startsWith = () => OPEN } = urlForm(part, characterOf);
      const start = startsWith(text);
      expect(plain(start), `${part} of what begins with ${text}`).toBe(plain(oracle.heldFrom(view, text)));
      // What is told of a beginning stays so, whatever comes behind.
      if (start !== OPEN)
        for (const more of ['', '/', '@evil.example', '\\', ' ', ':1', '#'])
          expect(plain(read(part, text + more))).toBe(plain(start));
    }),
    { seed: 18, numRuns: RUNS },
  );
  expect(told).toBeGreaterThan(RUNS / 5);
});

test('evasions that were found are private, however the address is written', () => {
  const inside = [
    ...[
      '0',
      '0.0.0.0',
      '0177.0.0.1',
      '0x7f.1',
      '127.1',
      '2130706433',
      '017700000001',
      '0x7f000001',
      '127.0.0.1.',
      '10.1',
    ],
    ...[
      '[0:0:0:0:0:0:0:1]',
      '[::]',
      '[::ffff:7f00:1]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[fe80::1]',
    ],
    ...[
      '[fd00:ec2::254]',
      '[fec0::1]',
      '[2001:db8::1]',
      '169.254.169.254',
      '0xa9fea9fe',
      '100.100.100.200',
      '168.63.129.16',
    ],
    ...[
      'localhost',
      'LOCALHOST.',
      'a.localhost',
      'metadata.google.internal',
      'printer.local',
      'intranet',
      '192.168.0.1',
      '255.255.255.255',
    ],
  ];
  const outside = [
    ...[
      '8.8.8.8',
      '1.1.1.1',
      '[2606:4700:4700::1111]',
      '[::ffff:808:808]',
      '[2002:808:808::]',
      'example.com',
      '172.32.0.1',
    ],
    ...[
      '100.128.0.1',
      '198.20.0.1',
      'localhost.example',
      'xn--bcher-kva.example',
      '223.255.255.255',
      '11.0.0.1',
    ],
  ];
  const isInside = (host: string): unknown => {
    const told = hostOf(host);
    return told === null ? 'no host' : isPrivateHost(told);
  };
  expect(inside.filter((host) => isInside(host) !== true)).toEqual([]);
  expect(outside.filter((host) => isInside(host) !== false)).toEqual([]);
});

test('addresses are private for the engine where they are for the oracle', () => {
  const first = fc.constantFrom(
    0,
    0x64,
    0x2001,
    0x2002,
    0x2606,
    0x3fff,
    0xfc00,
    0xfe80,
    0xff02,
    0x5f00,
    0x1fff,
    0x4000,
  );
  const second = fc.constantFrom(0, 0xff9b, 1, 0x1ff, 0x200, 0xdb8, 0xfff, 0x1000, 0x7f00, 0x808);
  const any = fc.constantFrom(0, 0, 0, 1, 0xffff, 0x7f00, 0x808, 0xa00);
  const v6 = fc
    .tuple(first, second, any, any, any, any, any, any)
    .map((all) => `[${all.map((one) => one.toString(16)).join(':')}]`);
  fc.assert(
    fc.property(
      fc.oneof(
        v6,
        fc.ipV4(),
        fc.ipV6().map((text) => `[${text}]`),
      ),
      (host) => {
        const told = hostOf(host);
        expect(told, host).not.toBeNull();
        expect(isPrivateHost(String(told)), host).toBe(oracle.isPrivateHost(String(told)));
      },
    ),
    { seed: 18, numRuns: RUNS / 4 },
  );
});

test('a text of more than 64 KiB is not decoded, and a host in front of a long path is', () => {
  const long = `https://a.example/${'x'.repeat(MOST_BYTES)}`;
  expect(read('path', long)).toBe(UNREADABLE);
  expect(read('host', long)).toBe('a.example');
  expect(read('path', `https://a.example/${'\u00e9'.repeat(MOST_BYTES / 2)}`)).toBe(UNREADABLE);
  expect(read('path', `https://a.example/${'\u00e9'.repeat(MOST_BYTES / 2 - 9)}`)).toContain('\u00e9');
});
