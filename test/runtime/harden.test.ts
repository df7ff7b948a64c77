import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { NOW, testBundle } from '../support/signing.ts';

/** What a service does first, in a process of its own: what is frozen stays frozen. The module calls the sentinel. */
const SERVICE = `
import { readFileSync } from 'node:fs';
import { loadBundle } from '@plan-lint/runtime';
import { freezeIntrinsics } from '@plan-lint/runtime/node';
freezeIntrinsics();
globalThis.planLintSentinel = () => 0;
const outcome = (patch) => {
  try {
    patch();
    return 'replaced';
  } catch (error) {
    return error.name;
  }
};
const { module, sidecar, trustBytes } = JSON.parse(readFileSync(0, 'utf8'));
const bytes = (base64) => new Uint8Array(Buffer.from(base64, 'base64'));
const patches = {
  test: outcome(() => { RegExp.prototype.test = () => true; }),
  isArray: outcome(() => Object.defineProperty(Array, 'isArray', { value: () => false })),
  get: outcome(() => { Map.prototype.get = () => undefined; }),
};
const bundle = await loadBundle(bytes(module), bytes(sidecar), bytes(trustBytes), { now: ${NOW} });
console.log(JSON.stringify({ patches, loaded: typeof bundle.policy }));
`;

it('freezes the built-ins that decisions depend on, for the whole process', async () => {
  const { module, sidecar, trustBytes } = await testBundle({ salt: 'frozen' });
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', SERVICE], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    input: JSON.stringify({
      module: base64(module),
      sidecar: base64(sidecar),
      trustBytes: base64(trustBytes),
    }),
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    patches: { test: 'TypeError', isArray: 'TypeError', get: 'TypeError' },
    loaded: 'function',
  });
});
