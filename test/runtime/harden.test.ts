import { expect, it } from 'vitest';
import { loadBundle } from '@plan-lint/runtime';
import { freezeIntrinsics } from '@plan-lint/runtime/node';
import { NOW, testBundle, verdict } from '../support/signing.ts';

// Vitest gives this file a process of its own, which stays frozen.
it('freezes the built-ins that decisions depend on, for the whole process', async () => {
  freezeIntrinsics();
  expect(() => {
    RegExp.prototype.test = () => true;
  }).toThrow(TypeError);
  expect(() => Object.defineProperty(Array, 'isArray', { value: () => false })).toThrow(TypeError);
  expect(() => {
    Map.prototype.get = () => undefined;
  }).toThrow(TypeError);
  const { module, sidecar, trustBytes } = await testBundle({ salt: 'frozen' });
  expect(await verdict(loadBundle(module, sidecar, trustBytes, { now: NOW }))).toBe('accepted');
});
