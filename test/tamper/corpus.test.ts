import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBundle } from '@plan-lint/runtime';
import { MODULE_HEAD, MODULE_HEADS, MODULE_TAIL, SINGLE_FILE_MARKER } from '@plan-lint/runtime/contract';
import { loadBundle as loadByVm } from '@plan-lint/runtime/node';
import { ERRORS } from '@plan-lint/runtime/errors';
import { NOW, sentinel, testBundle, verdict } from '../support/signing.ts';
import { envelopeCases } from './envelope-cases.ts';
import type { Hostile } from './hostile.ts';
import { keyCases } from './key-cases.ts';
import { moduleCases, signed } from './module-cases.ts';
import { statementCases } from './statement-cases.ts';
import { trustCases } from './trust-cases.ts';

const groups: Readonly<Record<string, () => Hostile[] | Promise<Hostile[]>>> = {
  'damaged files': envelopeCases,
  'keys and encodings': keyCases,
  'signed statements': statementCases,
  'trust roots': trustCases,
  'signed modules': moduleCases,
};

const isEmitted = (module: Uint8Array): boolean => {
  const text = Buffer.from(module).toString();
  const [code = ''] = text.split(SINGLE_FILE_MARKER);
  return MODULE_HEADS.some((head) => code.startsWith(head)) && code.endsWith(MODULE_TAIL);
};
const ways = [
  { name: 'import', load: loadBundle, takes: () => true },
  { name: 'vm', load: loadByVm, takes: isEmitted },
] as const;

let artifacts = 0;
const seen = new Set<string>();

describe('hostile artifacts', () => {
  it.each(Object.entries(groups).flatMap(([group, make]) => ways.map((way) => ({ group, make, ...way }))))(
    '$group get the expected code each by $name, and nothing runs',
    async ({ make, load, takes }) => {
      const cases = await make();
      const surprises: string[] = [];
      for (const { name, expect: wanted, module, signatures, trust, options } of cases) {
        const signedIt = wanted.every((each) =>
          ['accepted', 'module_failed', 'module_malformed'].includes(each),
        );
        // What runs only what a compiler has emitted says so of all that is another text, whatever it would do.
        const expected = signedIt && !takes(module) ? ['module_failed'] : wanted;
        const before = sentinel.runs;
        const code = await verdict(load(module, signatures, trust, options));
        seen.add(code);
        if (code !== 'accepted') artifacts += 1;
        if (!(expected as readonly string[]).includes(code))
          surprises.push(`${name}: ${code}, not ${expected.join(' or ')}`);
        if (code !== 'accepted' && sentinel.runs !== before) surprises.push(`${name}: ran`);
      }
      expect(surprises).toEqual([]);
    },
  );

  afterAll(() => {
    expect(artifacts).toBeGreaterThanOrEqual(2000);
    // Updating a trust root, replaced built-ins, following, channels, what a bundle is asked to do, and receipts have tests of
    // their own.
    const elsewhere = [
      'trust_rollback',
      'trust_update_refused',
      'intrinsics_altered',
      'capability_missing',
      'source_unreachable',
    ];
    const isElsewhere = (code: string): boolean =>
      elsewhere.includes(code) || /^(receipt|channel)_/.test(code);
    expect(Object.keys(ERRORS).filter((code) => !seen.has(code) && !isElsewhere(code))).toEqual([]);
  });
});

describe('while loading', () => {
  it('bytes that change after the call are not looked at', async () => {
    const { module, sidecar, trustBytes } = await testBundle({ salt: 'changing' });
    const [m, s] = [Uint8Array.from(module), Uint8Array.from(sidecar)];
    const loading = loadBundle(m, s, trustBytes, { now: NOW });
    m.set(Buffer.from('planLintSentinel(1);'));
    s.fill(0);
    expect(await verdict(loading)).toBe('accepted');
  });

  it('a shared buffer somebody keeps writing to is copied once', async () => {
    const { module, sidecar, trustBytes } = await testBundle({ salt: 'shared buffer' });
    const shared = new Uint8Array(new SharedArrayBuffer(module.length));
    shared.set(module);
    const loading = loadBundle(shared, sidecar, trustBytes, { now: NOW });
    shared.fill(0x20);
    expect(await verdict(loading)).toBe('accepted');
  });

  it('a file that is swapped after it was read is not read again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'swapped-'));
    try {
      const path = join(directory, 'acme.mjs');
      const { module, sidecar, trustBytes } = await testBundle({ salt: 'swapped' });
      writeFileSync(path, module);
      const before = sentinel.runs;
      const loading = loadBundle(readFileSync(path), sidecar, trustBytes, { now: NOW });
      writeFileSync(path, 'planLintSentinel();planLintSentinel();');
      expect(await verdict(loading)).toBe('accepted');
      expect(sentinel.runs).toBe(before + 1);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('a module that replaces a built-in is not used, nor is any after it', async () => {
    const { raw } = String;
    const module = `${MODULE_HEAD}function(){String.raw=0;return{format:2,entries:[],open:()=>0,facts:()=>0}}${MODULE_TAIL}`;
    const { module: bytes, signatures, trust, options } = await signed('', 'intrinsics_altered', module);
    try {
      expect(await verdict(loadBundle(bytes, signatures, trust, options))).toBe('intrinsics_altered');
      const { module: next, sidecar, trustBytes } = await testBundle({ salt: 'after' });
      expect(await verdict(loadBundle(next, sidecar, trustBytes, { now: NOW }))).toBe('intrinsics_altered');
    } finally {
      String.raw = raw;
    }
  });

  it('arguments that are no bytes are refused', async () => {
    const { sidecar, trustBytes } = await testBundle();
    for (const odd of [null, undefined, 'text', {}, [], new ArrayBuffer(8), new Uint16Array(8)]) {
      const code = await verdict(loadBundle(odd as Uint8Array, sidecar, trustBytes, { now: NOW }));
      expect(code).toBe('input_invalid');
    }
  });
});
