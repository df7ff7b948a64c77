/** A plan as text in the forms that writers give it, and in those that attackers do. */

/** Numbers from 0 up to `below`, the same for the same seed (mulberry32). */
export type Pick = (below: number) => number;

export function pickFrom(seed: number): Pick {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const one = <T>(pick: Pick, all: readonly T[]): T => all[pick(all.length)] as T;

const BLANKS = ['', '', '', ' ', '\n', '\t', '\r\n', '  '] as const;

/** Bits of a style: how often something is written otherwise. */
interface Style {
  readonly blanks: boolean;
  readonly escapes: number;
  readonly shuffles: boolean;
}

/** The text of a value. Now and then a character is written with an escape, a member stands elsewhere, a blank stands between. */
export function written(value: unknown, pick: Pick): string {
  const style: Style = {
    blanks: pick(4) === 0,
    escapes: one(pick, [0, 0, 0, 2, 20]),
    shuffles: pick(4) === 0,
  };
  return write(value, pick, style);
}

function write(value: unknown, pick: Pick, style: Style): string {
  const blank = (): string => (style.blanks ? one(pick, BLANKS) : '');
  if (typeof value === 'string') return text(value, pick, style);
  if (typeof value === 'number') return number(value, pick);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${blank()}${value.map((each) => write(each, pick, style)).join(`${blank()},${blank()}`)}${blank()}]`;
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  if (style.shuffles && members.length > 1) members.push(...members.splice(0, pick(members.length)));
  const all = members.map(
    ([name, each]) => `${text(name, pick, style)}${blank()}:${blank()}${write(each, pick, style)}`,
  );
  return `{${blank()}${all.join(`${blank()},${blank()}`)}${blank()}}`;
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function text(value: string, pick: Pick, { escapes }: Style): string {
  if (escapes === 0) return JSON.stringify(value);
  let all = '';
  for (const character of value.split('')) {
    const isPlain = JSON.stringify(character).length === 3;
    if (isPlain && pick(escapes) > 0) all += character;
    else if (SHORT[character] !== undefined && pick(2) === 0) all += SHORT[character];
    else {
      const digits = character.charCodeAt(0).toString(16).padStart(4, '0');
      all += `\\u${pick(2) === 0 ? digits : digits.toUpperCase()}`;
    }
  }
  return `"${all}"`;
}

function number(value: number, pick: Pick): string {
  const plain = JSON.stringify(value);
  if (pick(6) > 0) return plain;
  return one(pick, [
    `${plain}${plain.includes('.') || plain.includes('e') ? '' : '.0'}`,
    plain.includes('e') ? plain : `${plain}e0`,
    plain === '0' ? '-0' : plain,
    `${plain}${plain.includes('.') ? '0000' : '.000'}`,
    plain.includes('e') ? plain : `${plain}E+00`,
  ]);
}

const bytesOf = (all: readonly number[]): string => String.fromCharCode(...all);

/** Texts of bytes (each a unit) that stand where nobody expects them. */
const HOSTILE = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\0', '\x1f', '\x7f', '\n', '-', '+', '.', 'e', '0', '1'],
  ...[
    '-0',
    '1e400',
    '-1e400',
    '1e-400',
    '9007199254740993',
    '9007199254740992',
    '123456789012345678',
    '01',
    '1.',
    '.5',
    '-',
  ],
  ...[
    '0.1234567890123456789',
    '1e5',
    '1E+2',
    '12345678901234567890.5',
    'NaN',
    'Infinity',
    'true',
    'null',
    'nul',
    'falsey',
  ],
  ...[
    '\\u0000',
    '\\ud800',
    '\\udc00',
    '\\ud83d\\ude00',
    '\\u00e9',
    '\\u200b',
    '\\u0061',
    '\\x41',
    '\\u12',
    '\\"',
    '\\\\',
    '\\/',
  ],
  ...['${', '{{', '${s0.result}', '{{ s0.result.x }}', '${s1.result}', '${s9.result}', '}}', '${x}'],
  ...[
    '"a":1,',
    '"a":1,"a":2,',
    '"tool":"mail",',
    '"args":{},',
    '"parameters":{},',
    '"Tool":"mail",',
    '"arguments":{},',
    '"id":"s0",',
  ],
  ...[
    '"depends_on":["s0"],',
    '"depends_on":["s9"],',
    '"on_fail":"abort",',
    '"meta":{"a":[1,2,{"b":null}]},',
    '"name":"db.query",',
  ],
  ...[
    '"context":{},',
    '"context":1,',
    '"goal":"x",',
    '"goal":2,',
    '"steps":[],',
    '"__proto__":{},',
    '"constructor":1,',
  ],
  bytesOf([0xef, 0xbb, 0xbf]),
  bytesOf([0xff]),
  bytesOf([0xc0, 0x80]),
  bytesOf([0xed, 0xa0, 0x80]),
  bytesOf([0xe2, 0x80]),
  bytesOf([0xf4, 0x90, 0x80, 0x80]),
  bytesOf([0xf0, 0x9f, 0x98, 0x80]),
  bytesOf([0xc3, 0xa9]),
  bytesOf([0xc3, 0x9f]),
  bytesOf([0xd0, 0xb0]),
  bytesOf([0xce, 0xbf]),
  bytesOf([0xe4, 0xbd, 0xa0]),
  bytesOf([0xef, 0xbc, 0xa1]),
  bytesOf([0xe2, 0x80, 0x8b]),
  bytesOf([0xcc, 0x81]),
  bytesOf([0xef, 0xb7, 0xba]),
  bytesOf([0xc2, 0xa0]),
  bytesOf([0xc2, 0x85]),
  '['.repeat(70),
  '{"a":'.repeat(70),
] as const;

/** The same with something wrong, or there twice, near the end: behind whatever fires. */
export function spoiled(all: Uint8Array, pick: Pick): Uint8Array {
  const bytes = Array.from(all);
  const at = bytes.length - 1 - pick(Math.min(60, bytes.length));
  const late = Array.from(one(pick, [...HOSTILE, ...LATE]), (unit) => unit.charCodeAt(0));
  return Uint8Array.from(bytes.toSpliced(at, pick(2), ...late));
}

/** What may stand behind the last member of an object. */
const LATE = [
  ',"id":"s0"',
  ',"tool":"mail"',
  ',"args":{}',
  ',"\\u0069d":"s0"',
  ',"steps":[]',
  ',"goal":"x","goal":"y"',
  ',"x":9007199254740993',
  ',"x":1e400',
  ',"x":"\\ud800"',
  ',{"id":"late","tool":"db.query","args":{}}',
  ',"depends_on":["late"]',
  ',"note":"${late.result}"',
] as const;

/** The bytes of a text, some of them others. */
export function mutated(all: Uint8Array, pick: Pick): Uint8Array {
  let bytes = Array.from(all);
  for (let times = 1 + pick(3); times > 0; times -= 1) {
    const at = pick(bytes.length + 1);
    const hostile = Array.from(one(pick, HOSTILE), (unit) => unit.charCodeAt(0));
    const length = 1 + pick(8);
    const from = pick(bytes.length + 1);
    const edits: readonly (() => number[])[] = [
      () => bytes.with(Math.min(at, bytes.length - 1), pick(256)),
      () => bytes.toSpliced(at, 1),
      () => bytes.toSpliced(at, length),
      () => bytes.toSpliced(at, 0, ...hostile),
      () => bytes.toSpliced(at, 0, ...hostile),
      () => bytes.toSpliced(at, 1, ...hostile),
      () => bytes.toSpliced(at, 0, ...bytes.slice(from, from + length * 8)),
      () => bytes.slice(0, at),
      () => [...hostile, ...bytes],
      () => [...bytes, ...hostile],
    ];
    if (bytes.length > 0) bytes = one(pick, edits)();
  }
  return Uint8Array.from(bytes);
}
