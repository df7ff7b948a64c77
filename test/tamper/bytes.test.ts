import { expect, it } from 'vitest';
import { loadBundle } from '@plan-lint/runtime';
import { loadBundle as loadByVm } from '@plan-lint/runtime/node';
import { ERRORS } from '@plan-lint/runtime/errors';
import { singleFile } from '../../compiler/6-sign/index.ts';
import { NOW, sentinel, testBundle, verdict } from '../support/signing.ts';

function* flips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1) {
    for (let bit = 1; bit < 256; bit *= 2) {
      const copy = Uint8Array.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ bit;
      yield copy;
    }
  }
}

function* truncations(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length += 1) yield bytes.slice(0, length);
}

function* appended(bytes: Uint8Array): Generator<Uint8Array> {
  for (let byte = 0; byte < 256; byte += 1) yield Uint8Array.from([...bytes, byte]);
}

const damages = { 'flipped bit': flips, truncation: truncations, 'appended byte': appended };

for (const [name, damage] of Object.entries(damages)) {
  it(`refuses every ${name} of the module and of its sidecar, and runs nothing`, async () => {
    const { module, sidecar, trustBytes } = await testBundle({ salt: 'tampered bytes' });
    const before = sentinel.runs;
    const codes = new Set<string>();
    for (const bytes of damage(module)) {
      codes.add(await verdict(loadBundle(bytes, sidecar, trustBytes, { now: NOW })));
    }
    expect([...codes]).toEqual(['digest_mismatch']);
    for (const bytes of damage(sidecar)) {
      codes.add(await verdict(loadBundle(module, bytes, trustBytes, { now: NOW })));
    }
    for (const bytes of damage(sidecar.subarray(0, 200))) {
      codes.add(await verdict(loadByVm(module, bytes, trustBytes, { now: NOW })));
    }
    const file = singleFile(module, [sidecar]);
    for (const bytes of name === 'flipped bit' ? flips(file.subarray(0, module.length + 40)) : damage(file)) {
      const whole = name === 'flipped bit' ? Buffer.concat([bytes, file.subarray(bytes.length)]) : bytes;
      codes.add(await verdict(loadBundle(whole, undefined, trustBytes, { now: NOW })));
    }
    for (const code of codes) expect(Object.keys(ERRORS)).toContain(code);
    expect(sentinel.runs).toBe(before);
  });
}
