/** Modules with a good signature that a loader still does not run, or does not take for policies. */
import { FORBIDDEN_WORDS, MODULE_HEAD, MODULE_TAIL, type Capability } from '@plan-lint/runtime/contract';
import { hostile, seal, statement, type Hostile } from './hostile.ts';

const factory = (members: string): string => `${MODULE_HEAD}()=>(${members})${MODULE_TAIL}`;
const shape = 'format:2,entries:[],open:()=>0,facts:()=>0';

export async function signed(
  name: string,
  expect: Hostile['expect'][number],
  module: string,
  capabilities: readonly Capability[] = [],
): Promise<Hostile> {
  const bytes = Buffer.from(module);
  return hostile(name, expect, {
    module: bytes,
    signatures: [await seal(statement({ capabilities }, bytes))],
  });
}

/** A module with one member more, for a capability. */
const able = (capability: Capability, answer = '()=>0'): string =>
  factory(`{${shape},${capability}:${answer}}`);

/** Ways to write a word so that it stands as a word. */
const contexts: readonly ((word: string) => string)[] = [
  (word) => `${word};`,
  (word) => `({}).${word}`,
  (word) => `({})["${word}"]`,
  (word) => `\`\${${word}}\``,
  (word) => `// ${word}`,
  (word) => `/*${word}*/`,
];

const hex = (word: string): string => word.charCodeAt(0).toString(16);

/** Ways to write its first letter as an escape that an identifier may contain. */
const escapes: readonly ((word: string) => string)[] = [
  (word) => `({}).\\u00${hex(word)}${word.slice(1)}`,
  (word) => `({}).\\u{${hex(word)}}${word.slice(1)}`,
  (word) => `({}).\\u{0000${hex(word)}}${word.slice(1)}`,
  (word) => `({}).${word.slice(0, -1)}\\u00${word.charCodeAt(word.length - 1).toString(16)}`,
];

function forbidden(): Promise<Hostile>[] {
  return FORBIDDEN_WORDS.flatMap((word) =>
    [...contexts, ...escapes].map((write) => {
      const code = write(word);
      return signed(
        `module with ${code}`,
        'module_forbidden',
        `planLintSentinel();\n${code}\n${factory(`{${shape}}`)}`,
      );
    }),
  );
}

const foreign = [
  '\r',
  '\0',
  '\x7f',
  '\x1b',
  '\ufeff',
  '\xa0',
  '\xad',
  '\u200b',
  '\u202e',
  '\u2028',
  '\u2029',
  'é',
  'е',
  '😀',
];

function characters(): Promise<Hostile>[] {
  return foreign.flatMap((character) => {
    const name = `U+${(character.codePointAt(0) ?? 0).toString(16)}`;
    const body = `planLintSentinel();\n${factory(`{${shape}}`)}`;
    return [
      signed(`module that begins with ${name}`, 'module_forbidden', character + body),
      signed(`module with ${name} in a string`, 'module_forbidden', `"${character}";${body}`),
      signed(`module with ${name} in a comment`, 'module_forbidden', `//${character}\n${body}`),
    ];
  });
}

const body = (statements: string): string => `${MODULE_HEAD}function(){${statements}}${MODULE_TAIL}`;

const misshapen: Readonly<Record<string, string>> = {
  'no export': '0;\n',
  'a named export': `export const policy=1;\n`,
  'a default that is no function': `${MODULE_HEAD}{${shape}}${MODULE_TAIL}`,
  'a factory that throws': body('throw 1'),
  'a factory that throws what throws when it is looked at': body('throw{get message(){throw 1}}'),
  'a factory that returns nothing': body(''),
  'a factory that returns a list': factory('[]'),
  'a factory that returns a promise': factory('{then(f){f({})}}'),
  'an unknown member': factory(`{${shape},more:1}`),
  'a missing member': factory('{format:2,entries:[],open:()=>0}'),
  'a format that is text': factory(`{${shape.replace('format:2', 'format:"2"')}}`),
  'entries that are no list': factory(`{${shape.replace('entries:[]', 'entries:{length:0}')}}`),
  'an entry that is no text': factory(`{${shape.replace('entries:[]', 'entries:[{name:"x"}]')}}`),
  'an entry that was not signed': factory(`{${shape.replace('entries:[]', 'entries:["x"]')}}`),
  'a getter that throws': factory(`{${shape.replace('entries:[]', 'get entries(){throw 1}')}}`),
  'nothing that decides': factory(`{${shape.replace('open:()=>0', 'open:1')}}`),
};

export async function moduleCases(): Promise<Hostile[]> {
  return Promise.all([
    ...forbidden(),
    ...characters(),
    ...Object.entries(misshapen).map(([name, text]) =>
      signed(`module with ${name}`, 'module_malformed', text),
    ),
    ...[0, 1, 3].map((format) =>
      signed(
        `module of format ${format} and a statement of 2`,
        'format_unsupported',
        factory(`{${shape.replace('format:2', `format:${format}`)}}`),
      ),
    ),
    signed('module that is able to do what its statement says', 'accepted', able('session'), ['session']),
    signed('module that is not able to do what its statement says', 'module_malformed', able('bytes'), [
      'bytes',
      'session',
    ]),
    signed('module that is able to do more than its statement says', 'module_malformed', able('session')),
    signed('module whose ability is no function', 'module_malformed', able('session', '1'), ['session']),
    signed('module that is not JavaScript', 'module_failed', 'this is not JavaScript\n'),
    signed('module that throws', 'module_failed', `throw 1;\n${factory(`{${shape}}`)}`),
    signed(
      'module that throws what throws when it is looked at',
      'module_failed',
      `throw{get message(){throw 1}};\n${factory(`{${shape}}`)}`,
    ),
    signed(
      'module that throws a list as its message',
      'module_failed',
      `throw{message:[{toString(){throw 1}}]};\n${factory(`{${shape}}`)}`,
    ),
    signed('module that assigns to nothing', 'module_failed', `nowhere=1;\n${factory(`{${shape}}`)}`),
    // Hosts add names to a namespace, too; nobody reads them.
    signed(
      'module with another export beside the default',
      'accepted',
      `${factory(`{${shape}}`)}export const more=1;\n`,
    ),
    // Words that only contain a forbidden one are somebody's argument names.
    signed(
      'module with longer words',
      'accepted',
      factory(`"reimport evaluate $eval _self globally",{${shape}}`),
    ),
    signed('module with \\x escapes in text', 'accepted', factory(`"\\x65val \\u2028",{${shape}}`)),
  ]);
}
