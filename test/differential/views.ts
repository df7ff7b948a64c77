/** Texts that hold something, and tests of what they hold. */
import fc from 'fast-check';

/** Hosts, one of them in many ways, and what only looks like one. */
const HOSTS = [
  ...[
    'a.example',
    'A.Example',
    'a.example.',
    'b.a.example',
    'a..example',
    'xn--bcher-kva.example',
    'b\u00fccher.example',
  ],
  ...[
    '127.0.0.1',
    '0177.0.0.1',
    '0x7f.1',
    '2130706433',
    '0',
    '127.1',
    '127.0.0.1.',
    '256.1.1.1',
    '1.2.3.4.5',
    '08.1.1.1',
  ],
  ...[
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[2606:4700::1]',
    '[fd00:ec2::254]',
    '[::g]',
    '[1::2::3]',
  ],
  ...[
    '::1',
    'localhost',
    'metadata.google.internal',
    '10.0.0.8',
    '8.8.8.8',
    '169.254.169.254',
    '%31.1.1.1',
    'a_b',
    'a b',
  ],
  ...['127.0.0.1', 'a.example', ''],
] as const;
const SCHEMES = [
  'https:',
  'http:',
  'HTTPS:',
  'ftp:',
  'redis:',
  'file:',
  'mailto:',
  'javascript:',
  ' https:',
  'h\tttp:',
  '',
] as const;
const USERS = ['', '', '', 'u@', 'u:p@', 'a.example@', 'a@b@', 'a%40b@', 'a%zz@', '@'] as const;
const PORTS = ['', '', ':443', ':0443', ':', ':65536', ':8080', ':x'] as const;
const PATHS = [
  ...[
    '',
    '/',
    '/a',
    '/a/../b',
    '/%61',
    '/%2e%2e/b',
    '/a//b',
    '//b',
    '/a%2fb',
    '\\b',
    '/a\\b',
    '/a b',
    '/a/',
    '/%2561',
    '/.',
  ],
  ...[
    '/\u00e9',
    '/%c3%a9',
    '/%ff',
    '/etc/passwd',
    '/srv/data/../../etc',
    '../b',
    'a/./b',
    '.',
    '..',
    '~/a',
    '$HOME/a',
    'C:/a',
  ],
] as const;
const BEHIND = ['', '', '?q=DROP', '?q=%44ROP', '?a+b', '?', '#x', '?x#%58', '?%zz', '?a b'] as const;

/** Of some kinds of piece one in a few is odd: a text with several odd ones is unclear by whichever is read first. */
const mostly = (plain: readonly string[], odd: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...plain) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );

const url = fc
  .tuple(
    mostly(['https:', 'http:', 'redis:', 'file:'], SCHEMES),
    mostly(['//'], ['/', '', '///', '\\\\']),
    mostly(['', '', 'u:p@'], USERS),
    mostly(['a.example', 'A.Example.', '127.1', '[::1]', 'localhost', '8.8.8.8'], HOSTS),
    mostly(['', ':8080'], PORTS),
    mostly(['', '/', '/a/../b', '/%61', '/etc/passwd'], PATHS),
    mostly(['', '?q=%44ROP', '#x'], BEHIND),
  )
  .map((pieces) => pieces.join(''));

const JSONS = [
  ...[
    '{"a":"x","price":7}',
    '[{"price":5},{"price":1000}]',
    '{"items":[{"price":10.5},{"price":7}]}',
    '{"items":7}',
    '"DROP"',
  ],
  ...[
    '{"a":"x","a":"DROP"}',
    '{"\\u0061":"DROP"}',
    '{"__proto__":{"a":"x"}}',
    '[1e400]',
    '[9007199254740993]',
    '[1e21, -0]',
  ],
  ...[
    '{"a":"\\ud800"}',
    '{"a":"\\ud83d\\ude00"}',
    "{'a':1}",
    '{"a":1,}',
    '[01]',
    '',
    ' null ',
    'true',
    '\ufeff{}',
    '[\u00a01]',
  ],
  ...['{"a":{"a":{"a":"a1"}}}', '{"a":null}', '{"a":"7"}', `${'['.repeat(65)}${']'.repeat(65)}`],
  ...['{"a":"tab\there"}', '"\\x41"', '[1,2', '{"constructor":"x"}', `${'['.repeat(64)}${']'.repeat(64)}`],
] as const;
const EMAILS = [
  ...[
    'a@a.example',
    'A.b+c@A.Example',
    '"a b"@a.example',
    'a@b@a.example',
    'Bob <a@a.example>',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
  ],
  ...[
    '.a@a.example',
    'a..b@a.example',
    'a@a.example.',
    'a@a',
    'a@-a.example',
    ' a@a.example',
    'a@\u00e9.example',
    'drop@a.example',
  ],
] as const;
const BASE64 = [
  ...[
    'RFJPUA==',
    'RFJPUA',
    'RFJPUB==',
    'RFJPUA=',
    'eA==',
    'eA',
    '',
    'w6k=',
    '_-8',
    '/+8=',
    'RFJP UA==',
    'YTE',
    '_/8',
    '8J-YgA',
    'YQ==YQ==',
  ],
] as const;
const PERCENTS = [
  '%44ROP',
  'DROP',
  '%',
  '%4',
  '%zz',
  '%c3%a9',
  '%c3',
  '%ff',
  'a+b',
  '%2544',
  '%f0%9f%98%80',
  '%ed%a0%80',
  '%00',
] as const;

/** A text that holds something, or nearly does. */
export const holding: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: url },
  fc.constantFrom(...HOSTS),
  fc.constantFrom(...PATHS),
  { weight: 2, arbitrary: fc.constantFrom(...JSONS) },
  fc.constantFrom(...EMAILS),
  fc.constantFrom(...BASE64),
  fc.constantFrom(...PERCENTS),
);

/** Beginnings of which what comes behind may be told, or not. */
export const BEGINNINGS = [
  ...[
    'https://a.example/',
    'https://a.example',
    'https://',
    'http:',
    'redis://127.0.0.1:6379?',
    'https://u@0177.1/#',
    'mailto:a',
    'mailto:',
  ],
  ...[
    '{"to":"',
    'RFJP',
    '/srv/',
    'https://a b/',
    'file:///',
    'h',
    'https://[::1]:443/x',
    'http:\\\\',
    'https://a.example\\',
  ],
] as const;

interface ViewKeys {
  readonly as: string;
  readonly part?: string;
  readonly path?: string;
}

const VIEWS: readonly ViewKeys[] = [
  ...['scheme', 'userinfo', 'host', 'host', 'host', 'port', 'path', 'query', 'fragment'].map((part) => ({
    as: 'url',
    part,
  })),
  ...['host', 'path', 'base64', 'percent', 'json', 'email'].map((as) => ({ as })),
  ...['local', 'domain'].map((part) => ({ as: 'email', part })),
  ...['a', 'items[*].price', '[*].price', 'a.a', '__proto__.a', '[*]'].map((path) => ({ as: 'json', path })),
];

/** What some forms are compared with: other spellings are refused. */
const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  'url host': ['a.example', '127.0.0.1', '[::1]', 'localhost', '0.0.0.0'],
  host: ['a.example', '127.0.0.1', '[::1]', '8.8.8.8'],
  'email domain': ['a.example', 'a'],
  'email local': ['a', 'drop', 'A.b+c'],
  email: ['a@a.example', 'drop@a.example'],
  path: ['/a', '/etc', 'a/b', '../b', '/', '.'],
  'url scheme': ['https', 'http', 'redis', 'javascript'],
};

interface Leaf {
  readonly operation: string;
  readonly arg?: string | undefined;
  readonly value?: unknown;
}

const OF_WHOLE_TEXTS = ['equals', 'not_equals', 'in', 'not_in'];

/** The test, of what its argument holds. */
export const viewed = <L extends Leaf>(leaf: L): fc.Arbitrary<L & Partial<ViewKeys>> =>
  fc.constantFrom(...VIEWS).chain((view) => {
    const known = OPERANDS[`${view.as} ${view.part ?? ''}`.trim()];
    if (!known || leaf.value === undefined || !OF_WHOLE_TEXTS.includes(leaf.operation))
      return fc.constant({ ...leaf, ...view });
    return fc
      .uniqueArray(fc.constantFrom(...known), { minLength: 1, maxLength: 2 })
      .map((some) => ({ ...leaf, ...view, value: Array.isArray(leaf.value) ? some : some[0] }));
  });

/** A test that only hosts can be asked. */
export const ofHost = fc.constantFrom(
  { as: 'url', part: 'host' },
  { as: 'host' },
  { as: 'email', part: 'domain' },
);
