/** Statements the signer's own key has signed and no loader accepts, and good ones in the wrong place or time. */
import { memoryStore, rollbackGuard } from '@plan-lint/runtime/node';
import { closureDigest, type LoadOptions } from '@plan-lint/runtime';
import {
  MODULE_HEADS,
  MODULE_TAIL,
  PREDICATE_TYPE,
  STATEMENT_TYPE,
  TRUST_PAYLOAD_TYPE,
} from '@plan-lint/runtime/contract';
import { canonicalJson } from '@plan-lint/runtime/digest';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import { NOW, predicateOf } from '../support/signing.ts';
import { good, hostile, module, seal, statement, type Hostile } from './hostile.ts';

type Json = Record<string, unknown>;

const document = (predicate: unknown = predicateOf(), changes: Json = {}): Json => ({
  _type: STATEMENT_TYPE,
  subject: [{ name: 'acme.mjs', digest: { sha256: sha256Hex(module) } }],
  predicateType: PREDICATE_TYPE,
  predicate,
  ...changes,
});

async function signed(
  name: string,
  expect: Hostile['expect'][number],
  payload: string,
  options: LoadOptions = { now: NOW },
): Promise<Hostile> {
  return hostile(`statement ${name}`, expect, { signatures: [await seal(payload)], options });
}

/** Values that are of no field's type, or of the wrong one's; `undefined`: the field is absent. */
export const wrong: Readonly<Record<string, unknown>> = {
  undefined,
  true: true,
  'a negative number': -1,
  'a fraction': 1.5,
  'a huge number': 1e300,
  'an object': { x: 1 },
  'a list of lists of lists': [[[]]],
};

async function fields(): Promise<Hostile[]> {
  const cases: Promise<Hostile>[] = [];
  for (const field of Object.keys(predicateOf())) {
    for (const [name, value] of Object.entries(wrong)) {
      const odd = { ...predicateOf(), [field]: value };
      cases.push(signed(`with ${field} as ${name}`, 'statement_malformed', JSON.stringify(document(odd))));
    }
    const text = canonicalJson(document()).replace(`"${field}":`, `"${field}":null,"${field}":`);
    cases.push(signed(`with ${field} twice`, 'statement_malformed', text));
  }
  for (const field of ['_type', 'subject', 'predicate']) {
    for (const [name, value] of Object.entries(wrong)) {
      const odd = document(predicateOf(), { [field]: value });
      cases.push(signed(`with ${field} as ${name}`, 'statement_malformed', JSON.stringify(odd)));
    }
  }
  return Promise.all(cases);
}

const instants = [
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-06-01T24:00:00Z',
  '2026-06-01T00:00:60Z',
  '2026-06-01T00:60:00Z',
  '2026-06-01T00:00:00z',
  '2026-06-01t00:00:00Z',
  '2026-06-01 00:00:00Z',
  '2026-06-01T00:00:00+00:00',
  '2026-06-01T00:00:00',
  '2026-06-01',
  '2026-6-1T0:0:0Z',
  '+02026-06-01T00:00:00Z',
  '12026-06-01T00:00:00Z',
  '2026-06-01T00:00:00.1234Z',
  '2026-06-01T00:00:00,5Z',
  '2026-W22-1T00:00:00Z',
  'Mon, 01 Jun 2026 00:00:00 GMT',
  '1780272000',
  ' 2026-06-01T00:00:00Z',
  '2026-06-01T00:00:00Z ',
  '2026-06-01T00:00:00Z\n',
  '',
];

async function texts(): Promise<Hostile[]> {
  const malformed = (name: string, predicate: object): Promise<Hostile> =>
    signed(name, 'statement_malformed', canonicalJson(document({ ...predicateOf(), ...predicate })));
  const whole = canonicalJson(document());
  const payload = (name: string, as: string): Promise<Hostile> => signed(name, 'statement_malformed', as);
  const head = (name: string, expect: Hostile['expect'][number], changes: Json): Promise<Hostile> =>
    signed(name, expect, canonicalJson(document(predicateOf(), changes)));
  const subject = { name: 'acme.mjs', digest: { sha256: sha256Hex(module) } };
  const other = (name: string): Json => ({ name, digest: { sha256: '0'.repeat(64) } });
  const map = other('acme.mjs.map');
  const about = (name: string, expect: Hostile['expect'][number], list: readonly Json[]): Promise<Hostile> =>
    head(`about ${name}`, expect, { subject: list });
  const subjects = [
    about('the module and its source map', 'accepted', [subject, map]),
    about('the source map before the module', 'digest_mismatch', [map, subject]),
    about('the source map only', 'digest_mismatch', [map]),
    about('the module as a source map', 'digest_mismatch', [map, { ...subject, name: 'acme.mjs.map' }]),
    about('the module and itself as its source map', 'digest_mismatch', [
      subject,
      { ...subject, name: 'acme.mjs.map' },
    ]),
    about('another module and this one', 'digest_mismatch', [other('acme.mjs'), subject]),
    about('this module and another', 'digest_mismatch', [subject, other('other.mjs')]),
    about('this module twice', 'digest_mismatch', [subject, subject]),
    about('this module and another of its name', 'digest_mismatch', [subject, other('acme.mjs')]),
    about('the source map of another module', 'digest_mismatch', [subject, other('other.mjs.map')]),
    about('a source map in another case', 'digest_mismatch', [subject, other('acme.mjs.MAP')]),
    about('two source maps', 'digest_mismatch', [subject, map, map]),
    about('a source map and another module', 'digest_mismatch', [subject, map, other('other.mjs')]),
    about('a source map without digest', 'statement_malformed', [subject, { name: 'acme.mjs.map' }]),
    about('a source map that says more', 'statement_malformed', [subject, { ...map, uri: 'acme.mjs.map' }]),
  ];
  return Promise.all([
    ...instants.flatMap((instant) => [
      malformed(`that begins at ${JSON.stringify(instant)}`, { not_before: instant }),
      malformed(`that ends at ${JSON.stringify(instant)}`, { expires: instant }),
    ]),
    ...['', ' acme', 'acme ', 'ac\u0000me', 'ac\nme', 'acmé', 'x'.repeat(256)].flatMap((name) => [
      malformed(`named ${JSON.stringify(name.slice(0, 9))}`, { name }),
      malformed(`for the audience ${JSON.stringify(name.slice(0, 9))}`, { audience: [name] }),
    ]),
    ...['1', '1.0', 'v1.0.0', '1.0.0-beta', '1.0.0.0', '01234567.0.0', 'latest'].map((version) =>
      malformed(`for runtime ${version}`, { minimum_runtime: version }),
    ),
    ...['A'.repeat(64), 'a'.repeat(63), '', 'sha256:'.padEnd(64, 'a')].map((sha256) =>
      malformed(`with a source digest ${sha256.slice(0, 9)}`, { sources: [{ name: 'a.yaml', sha256 }] }),
    ),
    malformed('with an unknown field', { extra: 1 }),
    malformed('with a chain of names', { chains: [['base.yaml']] }),
    malformed('with a chain that is none', { chains: [0] }),
    malformed('that is able to do what nobody knows', { capabilities: ['payments'] }),
    malformed('of the first format with members of the second', { format: 1 }),
    malformed('with a prototype', { ['__proto__' as string]: { sequence: 1 }, ...{ toString: 1 } }),
    payload('that is empty', ''),
    payload('that is null', 'null'),
    payload('that is a list', `[${whole}]`),
    payload('that is text', JSON.stringify(whole)),
    payload('followed by another', whole + whole),
    payload('after a byte order mark', `\ufeff${whole}`),
    payload('that is not JSON', '{]'),
    payload('that is deep', `${'['.repeat(60_000)}${']'.repeat(60_000)}`),
    payload('with a number spelt 7.0', whole.replace('"sequence":7', '"sequence":7.0')),
    payload('with a number spelt 7e0', whole.replace('"sequence":7', '"sequence":7e0')),
    payload('with sequence -0', whole.replace('"sequence":7', '"sequence":-0')),
    payload('with an escape nobody writes', whole.replace('"acme"', '"\\u0061cme"')),
    head('about nothing', 'statement_malformed', { subject: [{ name: 'x' }] }),
    head('without subject', 'digest_mismatch', { subject: [] }),
    head('about two modules', 'digest_mismatch', {
      subject: [{ ...subject, digest: { sha256: '0'.repeat(64) } }, subject],
    }),
    ...subjects,
    head('about sha512', 'statement_malformed', {
      subject: [{ name: 'x', digest: { sha512: '0'.repeat(128) } }],
    }),
    head('about another module', 'digest_mismatch', {
      subject: [{ name: 'x', digest: { sha256: '0'.repeat(64) } }],
    }),
    head('with a digest in capitals', 'statement_malformed', {
      subject: [{ name: 'x', digest: { sha256: sha256Hex(module).toUpperCase() } }],
    }),
    head('of SLSA provenance', 'predicate_type', { predicateType: 'https://slsa.dev/provenance/v1' }),
    head('of a later predicate', 'predicate_type', { predicateType: PREDICATE_TYPE.replace('v1', 'v2') }),
    head('with an empty predicate type', 'predicate_type', { predicateType: '' }),
    head('of in-toto v0.1', 'statement_malformed', { _type: 'https://in-toto.io/Statement/v0.1' }),
    ...(
      ['text/plain', 'application/json', 'application/vnd.in-toto+json ', TRUST_PAYLOAD_TYPE, ''] as const
    ).map(async (type) =>
      hostile(`payload type ${JSON.stringify(type)}`, 'payload_type', {
        signatures: [await seal(statement(), undefined, type)],
      }),
    ),
  ]);
}

async function placed(): Promise<Hostile[]> {
  const asked = async (
    name: string,
    expect: Hostile['expect'][number],
    predicate: Partial<ReturnType<typeof predicateOf>>,
    options: LoadOptions = {},
  ): Promise<Hostile> =>
    hostile(name, expect, {
      signatures: [await seal(statement(predicate))],
      options: { now: NOW, ...options },
    });
  const head = (format: number): string => MODULE_HEADS[format - 1] ?? '';
  const factory = (format: number): Uint8Array =>
    Buffer.from(`${head(format)}()=>({format:${format},entries:[],open:()=>0,facts:()=>0})${MODULE_TAIL}`);
  /** As plan-lint 0.1 signed it. */
  const earlier = async (
    name: string,
    code: Hostile['expect'][number],
    bytes: Uint8Array,
  ): Promise<Hostile> => {
    const added = ['issued', 'require_base', 'chains', 'names', 'zones', 'capabilities'];
    const members = Object.entries(predicateOf({ format: 1, minimum_runtime: '0.1.0' }));
    const predicate = Object.fromEntries(members.filter(([member]) => !added.includes(member)));
    const subject = [{ name: 'acme.mjs', digest: { sha256: sha256Hex(bytes) } }];
    const payload = canonicalJson(document(predicate, { subject }));
    return hostile(name, code, { module: bytes, signatures: [await seal(payload)] });
  };
  const at = '2026-06-01T00:00:00Z';
  const remembering = async (sequence: number, digest: string, time = NOW): Promise<LoadOptions> => {
    const store = memoryStore();
    await store.update(() => ({ trustVersion: 1, time, bundles: { acme: { sequence, digest } } }));
    return { state: rollbackGuard(store) };
  };
  const digest = sha256Hex(module);
  const closure = await closureDigest(predicateOf({ sources: [] }));
  return Promise.all([
    asked('a bundle from this instant on', 'accepted', { not_before: at }),
    asked('a bundle from the next millisecond on', 'bundle_not_yet_valid', {
      not_before: '2026-06-01T00:00:00.001Z',
    }),
    asked('a bundle until this instant', 'bundle_expired', { expires: at }),
    asked('a bundle until the next millisecond', 'accepted', { expires: '2026-06-01T00:00:00.001Z' }),
    asked('an expired bundle and a clock that says NaN', 'input_invalid', { expires: at }, { now: NaN }),
    asked('an expired bundle and a clock that says infinity', 'input_invalid', {}, { now: Infinity }),
    asked('a minimum that is not a number', 'input_invalid', {}, { minSequence: NaN }),
    asked('a bundle of unknown age and a loader that asks', 'issued_missing', {}, { maxAge: 1e12 }),
    asked(
      'a bundle issued longer ago',
      'bundle_too_old',
      { issued: '2026-05-31T23:59:59.999Z' },
      { maxAge: 0 },
    ),
    asked(
      'a bundle issued at the longest ago',
      'accepted',
      { issued: '2026-05-31T00:00:00Z' },
      { maxAge: 86_400_000 },
    ),
    asked('an age that is not a number', 'bundle_too_old', { issued: at }, { maxAge: NaN }),
    asked(
      'a bundle issued by a clock that is five minutes ahead',
      'accepted',
      { issued: '2026-06-01T00:05:00Z' },
      { maxAge: 86_400_000 },
    ),
    asked(
      'a bundle issued by a clock that is further ahead',
      'bundle_not_yet_valid',
      { issued: '2026-06-01T00:05:00.001Z' },
      { maxAge: 86_400_000 },
    ),
    asked('a bundle issued long ago and a loader that does not ask', 'accepted', {
      issued: '1999-01-01T00:00:00Z',
    }),
    asked(
      'a bundle for elsewhere',
      'audience_mismatch',
      { audience: ['staging'] },
      { audience: 'production' },
    ),
    asked('a bundle for a prefix', 'audience_mismatch', { audience: ['prod'] }, { audience: 'production' }),
    asked(
      'a bundle for another case',
      'audience_mismatch',
      { audience: ['Production'] },
      { audience: 'production' },
    ),
    asked('a loader without environment', 'audience_missing', { audience: ['production'] }),
    asked('another name', 'name_mismatch', {}, { name: 'acme2' }),
    asked('another closure', 'closure_mismatch', {}, { closure }),
    asked('a base that nobody required', 'base_missing', {}, { requireBase: [{ name: 'base.yaml' }] }),
    asked(
      'another base',
      'base_missing',
      { require_base: [{ name: 'base.yaml', sha256: '0'.repeat(64) }] },
      { requireBase: [{ name: 'Base.yaml' }] },
    ),
    asked(
      'a base with other bytes',
      'base_missing',
      { require_base: [{ name: 'base.yaml', sha256: '0'.repeat(64) }] },
      { requireBase: [{ name: 'base.yaml', sha256: '1'.repeat(64) }] },
    ),
    asked(
      'the base asked for',
      'accepted',
      { require_base: [{ name: 'base.yaml', sha256: '0'.repeat(64) }] },
      { requireBase: [{ name: 'base.yaml' }, { name: 'base.yaml', sha256: '0'.repeat(64) }] },
    ),
    asked('the closure asked for', 'accepted', { sources: [] }, { closure }),
    earlier('a bundle of the first format', 'accepted', factory(1)),
    earlier('a bundle of the first format with a module of the second', 'format_unsupported', factory(2)),
    asked('a later format', 'format_unsupported', { format: 3 }),
    asked('no format', 'format_unsupported', { format: 0 }),
    asked('a later runtime', 'runtime_too_old', { minimum_runtime: '0.2.1' }),
    asked('a runtime far ahead', 'runtime_too_old', { minimum_runtime: '10.0.0' }),
    asked('below the minimum', 'sequence_rollback', {}, { minSequence: 8 }),
    asked('at the minimum', 'accepted', {}, { minSequence: 7 }),
    asked('a replay', 'sequence_rollback', {}, await remembering(8, digest)),
    asked('a replay of a far older one', 'sequence_rollback', { sequence: 0 }, await remembering(7, digest)),
    asked('the same again', 'accepted', {}, await remembering(7, digest)),
    asked('another of the same sequence', 'sequence_reused', {}, await remembering(7, '0'.repeat(64))),
    asked('a leap', 'sequence_fast_forward', { sequence: 1_000_008 }, await remembering(7, digest)),
    asked('the longest step', 'accepted', { sequence: 1_000_007 }, await remembering(7, digest)),
    asked(
      'the highest number there is',
      'sequence_fast_forward',
      { sequence: Number.MAX_SAFE_INTEGER },
      await remembering(7, digest),
    ),
    asked('a clock set back', 'clock_moved_back', {}, await remembering(7, digest, NOW + 300_001)),
    asked(
      'a clock far ahead',
      'clock_jumped_ahead',
      {},
      await remembering(7, digest, NOW - 366 * 86_400_000 - 1),
    ),
    asked('a clock within tolerance', 'accepted', {}, await remembering(7, digest, NOW + 300_000)),
    asked(
      'a store that fails',
      'state_unreadable',
      {},
      {
        state: rollbackGuard({
          read: () => {
            throw new Error('disk');
          },
          update: () => undefined,
        }),
      },
    ),
  ]);
}

export async function statementCases(): Promise<Hostile[]> {
  return [
    hostile('the good bundle', 'accepted', { signatures: [good] }),
    ...(await fields()),
    ...(await texts()),
    ...(await placed()),
  ];
}
