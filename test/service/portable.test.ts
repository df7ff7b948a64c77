/** What a thread is given is a copy: a trust root that was walked to must verify there, too. */
import { expect, it } from 'vitest';
import { loadBundle, parseTrustRoot } from '@plan-lint/runtime';
import { portable } from '../../service/policy/candidate.ts';
import type { Candidate } from '../../service/policy/candidate.ts';
import { testBundle, NOW, verdict } from '../support/signing.ts';

it.each(['plan-lint-trust/1', 'plan-lint-trust/2'] as const)('a parsed root of %s', async (format) => {
  const { module, sidecar, trust, trustBytes } = await testBundle({ salt: `portable ${format}` });
  const { decisions, checkpoints, channels, withdrawn, ...format1 } = trust;
  expect([decisions, checkpoints, channels, withdrawn]).toEqual([[], [], [], []]);
  const root = format.endsWith('1') ? Buffer.from(JSON.stringify({ ...format1, format })) : trustBytes;
  const candidate: Candidate = {
    module,
    sidecars: [sidecar],
    trust: parseTrustRoot(root),
    load: {},
    isSigned: true,
    origin: 'https://policies.example',
  };
  const copy = structuredClone(portable(candidate));
  expect(await verdict(loadBundle(copy.module, copy.sidecars, copy.trust, { now: NOW }))).toBe('accepted');
  // Without it, a thread refuses every bundle that is followed.
  expect(await verdict(loadBundle(module, [sidecar], structuredClone(candidate.trust), { now: NOW }))).toBe(
    'trust_malformed',
  );
});
