/** Damage to files: module, sidecar and single-file form, without the signer's key. */
import { singleFile } from '../../compiler/6-sign/index.ts';
import { SINGLE_FILE_MARKER } from '@plan-lint/runtime/contract';
import { attacker, good, hostile, module, seal, statement, text, type Hostile } from './hostile.ts';

const after = (bytes: Uint8Array, tail: string): Uint8Array => Buffer.concat([bytes, Buffer.from(tail)]);
const before = (head: string, bytes: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(head), bytes]);

const tails: Readonly<Record<string, string>> = {
  LF: '\n',
  CR: '\r',
  CRLF: '\r\n',
  NUL: '\0',
  space: ' ',
  tab: '\t',
  'U+2028': '\u2028',
  'U+FEFF': '\ufeff',
  'form feed': '\f',
  'a comment': '// x\n',
  'an object': '{}',
};

function* frayed(): Generator<Hostile> {
  const file = singleFile(module, [good]);
  for (const [name, tail] of Object.entries(tails)) {
    yield hostile(`module followed by ${name}`, 'digest_mismatch', { module: after(module, tail) });
    yield hostile(`module preceded by ${name}`, 'digest_mismatch', { module: before(tail, module) });
    yield hostile(`sidecar followed by ${name}`, 'sidecar_malformed', { signatures: [after(good, tail)] });
    yield hostile(`sidecar preceded by ${name}`, 'sidecar_malformed', { signatures: [before(tail, good)] });
    const single = { signatures: undefined };
    yield hostile(`single file followed by ${name}`, 'single_file_malformed', {
      ...single,
      module: after(file, tail),
    });
    yield hostile(`single file preceded by ${name}`, 'digest_mismatch', {
      ...single,
      module: before(tail, file),
    });
    const [body = '', line = ''] = text(file).split(SINGLE_FILE_MARKER);
    yield hostile(`${name} before the marker`, ['digest_mismatch', 'signature_missing'], {
      ...single,
      module: Buffer.from(`${body}${tail}${SINGLE_FILE_MARKER}${line}`),
    });
    yield hostile(`${name} after the marker`, 'single_file_malformed', {
      ...single,
      module: Buffer.from(`${body}${SINGLE_FILE_MARKER}${tail}${line}`),
    });
  }
  const crlf = Buffer.from(text(module).replaceAll('\n', '\r\n'));
  yield hostile('module with CRLF lines', 'digest_mismatch', { module: crlf });
  yield hostile('sidecar with CRLF lines', 'sidecar_malformed', {
    signatures: [Buffer.from(text(good).replaceAll('\n', '\r\n'))],
  });
  const line = file.subarray(module.length);
  const single = (name: string, expect: Hostile['expect'][number], bytes: Uint8Array): Hostile =>
    hostile(name, expect, { module: bytes, signatures: undefined });
  yield single('two marker lines', 'single_file_malformed', Buffer.concat([file, line]));
  yield single(
    'a marker line in front',
    'single_file_malformed',
    Buffer.concat([Buffer.from('\n'), line, file]),
  );
  yield single('no marker line', 'signature_missing', module);
  yield single('an empty marker line', 'sidecar_malformed', after(module, `${SINGLE_FILE_MARKER}\n`));
  yield single('a marker line of commas', 'sidecar_malformed', after(module, `${SINGLE_FILE_MARKER},,,\n`));
  yield single(
    'more sidecars than anyone needs',
    'sidecar_too_large',
    after(module, `${SINGLE_FILE_MARKER}${','.repeat(20)}\n`),
  );
  yield single('the marker within a line', 'signature_missing', after(module.subarray(0, -1), text(line)));
  yield single('code after the marker line', 'single_file_malformed', after(file, 'planLintSentinel();\n'));
  yield single('an empty file', 'signature_missing', new Uint8Array());
}

/** Every so many bytes, so that the number of cases does not depend on the sizes of keys. */
function* spread(length: number, count: number): Generator<number> {
  for (let i = 0; i < count; i += 1) yield Math.floor((i * length) / count);
}

function* bits(): Generator<Hostile> {
  const flip = (bytes: Uint8Array, at: number): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
    return copy;
  };
  const inSidecar = [
    'sidecar_malformed',
    'key_unknown',
    'payload_type',
    'signature_malformed',
    'signature_invalid',
  ] as const;
  for (const at of spread(module.length, 60)) {
    yield hostile(`bit flipped in the module at ${at}`, 'digest_mismatch', { module: flip(module, at) });
    yield hostile(`module cut at ${at}`, 'digest_mismatch', { module: module.subarray(0, at) });
  }
  for (const at of spread(good.length, 120)) {
    yield hostile(`bit flipped in the sidecar at ${at}`, inSidecar, { signatures: [flip(good, at)] });
    yield hostile(`sidecar cut at ${at}`, 'sidecar_malformed', { signatures: [good.subarray(0, at)] });
  }
}

function* layouts(): Generator<Hostile> {
  const json = text(good);
  const edit = (name: string, from: string | RegExp, to: string): Hostile =>
    hostile(`sidecar with ${name}`, 'sidecar_malformed', {
      signatures: [Buffer.from(json.replace(from, to))],
    });
  const value = JSON.parse(json) as Record<string, unknown>;
  const written = (name: string, as: string): Hostile =>
    hostile(`sidecar ${name}`, 'sidecar_malformed', { signatures: [Buffer.from(as)] });
  yield written('without spaces', JSON.stringify(value));
  yield written('indented by four', `${JSON.stringify(value, null, 4)}\n`);
  yield written('indented by tabs', `${JSON.stringify(value, null, '\t')}\n`);
  yield written(
    'in another order',
    `${JSON.stringify(Object.fromEntries(Object.entries(value).reverse()), null, 2)}\n`,
  );
  yield written('in a list', `${JSON.stringify([value], null, 2)}\n`);
  yield written('as text', `${JSON.stringify(json, null, 2)}\n`);
  yield written('as null', 'null\n');
  yield written('that is deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}\n`);
  yield written('that is empty', '');
  for (const name of [
    'mediaType',
    'verificationMaterial',
    'publicKey',
    'hint',
    'dsseEnvelope',
    'payload',
    'payloadType',
    'signatures',
    'sig',
  ]) {
    yield edit(`${name} twice, a harmless one first`, `"${name}":`, `"${name}": "x",\n  "${name}":`);
    yield edit(`${name} renamed`, `"${name}":`, `"${name.toUpperCase()}":`);
    yield edit(
      `${name} spelt with an escape`,
      `"${name}":`,
      `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":`,
    );
    yield edit(`something beside ${name}`, `"${name}":`, `"extra": null,\n  "${name}":`);
    yield edit(`space before the colon of ${name}`, `"${name}":`, `"${name}" :`);
  }
  yield edit('an older media type', 'v0.3', 'v0.2');
  yield edit('an unknown media type', /"mediaType": "[^"]*"/, '"mediaType": "application/json"');
  yield edit('the attacker’s key in it', '"publicKey": {', '"publicKey": {\n      "rawBytes": "AAAA",');
  yield edit(
    'a certificate beside the hint',
    '"publicKey": {',
    '"certificate": { "rawBytes": "AAAA" },\n    "publicKey": {',
  );
  yield edit('a transparency log entry', '"publicKey": {', '"tlogEntries": [],\n    "publicKey": {');
  yield edit('an algorithm', '"sig":', '"alg": "none",\n        "sig":');
  yield edit('a key id', /("sig": "[^"]*")/, '$1,\n        "keyid": "x"');
  yield edit('a hint in capitals', /"hint": "[^"]*"/, `"hint": "${'A'.repeat(64)}"`);
  yield edit('a short hint', /"hint": "../, '"hint": "');
  yield edit('an empty hint', /"hint": "[^"]*"/, '"hint": ""');
  yield edit('no signature', /\[\s*\{[^}]*\}\s*\]/, '[]');
  yield edit('two signatures', /\{\s*"sig": "[^"]*"\s*\}/, '$&,\n      $&');
  for (const name of ['payload', 'sig']) {
    const pattern = new RegExp(`"${name}": "([^"]*)"`);
    const base64 = pattern.exec(json)?.[1] ?? '';
    const lax = (what: string, as: string): Hostile => edit(`${name} ${what}`, pattern, `"${name}": "${as}"`);
    yield lax('with a line break in base64', `${base64.slice(0, 4)}\\n${base64.slice(4)}`);
    yield lax('with a space in base64', `${base64.slice(0, 4)} ${base64.slice(4)}`);
    yield lax('with more padding', `${base64}====`);
    yield lax('cut within a group', base64.slice(0, -1));
    yield lax('with padding inside', `${base64.slice(0, 4)}====${base64.slice(4)}`);
    yield lax('in base64url', `-_${base64.slice(2)}`);
    yield lax(
      'with pad bits set',
      `${base64.replace(/=*$/, '')}AB==`.replace(/^(.*)AB==$/s, '$1'.length % 4 ? '$1AB=' : '$1AB=='),
    );
    yield lax('that is not base64', '!!!!');
    yield lax('with an escaped slash', `\\/${base64.slice(1)}`);
  }
}

async function signatures(): Promise<Hostile[]> {
  const json = text(good);
  const byAttacker = await seal(statement(), attacker);
  const hintOf = (sidecar: Uint8Array): string => /"hint": "([^"]*)"/.exec(text(sidecar))?.[1] ?? '';
  const field = (name: string, sidecar: Uint8Array): string =>
    new RegExp(`"${name}": "([^"]*)"`).exec(text(sidecar))?.[1] ?? '';
  const other = await seal(statement({ sequence: 8 }));
  const replaced = (from: string, to: string): Uint8Array[] => [Buffer.from(json.replace(from, to))];
  return [
    hostile('no sidecar', 'signature_missing', { signatures: [] }),
    hostile('signed by the attacker', 'key_unknown', { signatures: [byAttacker] }),
    hostile('signed by the attacker under the signer’s id', 'signature_invalid', {
      signatures: [Buffer.from(text(byAttacker).replace(hintOf(byAttacker), hintOf(good)))],
    }),
    hostile('signature of another statement', 'signature_invalid', {
      signatures: replaced(field('sig', good), field('sig', other)),
    }),
    hostile('payload of another statement', 'signature_invalid', {
      signatures: replaced(field('payload', good), field('payload', other)),
    }),
    hostile('an empty signature', 'signature_malformed', { signatures: replaced(field('sig', good), '') }),
    hostile('an empty payload', 'signature_invalid', { signatures: replaced(field('payload', good), '') }),
    hostile('a payload type nobody signed', 'payload_type', {
      signatures: replaced('application/vnd.in-toto+json', 'text/plain'),
    }),
    hostile('a bad sidecar beside a good one', 'sidecar_malformed', {
      signatures: [good, Buffer.from('{}')],
    }),
    hostile('a sidecar for another statement beside a good one', 'statements_differ', {
      signatures: [good, other],
    }),
    hostile('too many sidecars', 'sidecar_too_large', { signatures: Array.from({ length: 17 }, () => good) }),
    hostile('the sidecar of another module', 'digest_mismatch', {
      signatures: [await seal(statement({}, Buffer.from('export default 1;\n')))],
    }),
    hostile('a huge sidecar', 'sidecar_too_large', { signatures: [new Uint8Array(0x40001)] }),
    hostile('a huge module', 'module_too_large', { module: new Uint8Array(0x800001) }),
  ];
}

export async function envelopeCases(): Promise<Hostile[]> {
  return [...frayed(), ...bits(), ...layouts(), ...(await signatures())];
}
