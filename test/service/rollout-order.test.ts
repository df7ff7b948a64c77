/** A lane that is about to decide for everybody keeps its place until it does. */
import { expect, it } from 'vitest';
import { Rollouts } from '../../service/rollout/rollouts.ts';
import type { RolloutsOptions } from '../../service/rollout/rollouts.ts';
import type { Asker } from '../../service/audit/event.ts';
import type { Slot } from '../../service/policy/slot.ts';
import type { Candidate } from '../../service/policy/candidate.ts';

const slot = (digest: string): Slot =>
  ({ bundle: { identity: { name: 'acme', version: '1', sequence: 1, digest } } }) as unknown as Slot;
const asker = { user: 'ann' } as unknown as Asker;
const settings = { lane: 'canary', percent: 5, teams: [], sticky: 'plan_id' } as const;
const candidate = (): Promise<Candidate> => Promise.resolve({} as Candidate);

it('another begins only when that is over, and one that fails goes on', async () => {
  let next = 'b';
  let fail: (error: Error) => void = () => undefined;
  const options = {
    registry: { alsoHeld: () => undefined, slot: () => slot('a') },
    activation: {
      prepare: () => Promise.resolve(slot(next)),
      activate: () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    },
    kept: { keep: () => Promise.resolve(), forget: () => Promise.resolve() },
    audit: () => Promise.resolve(),
    now: () => 0,
  } as unknown as RolloutsOptions;
  const rollouts = new Rollouts(options);
  await rollouts.start('acme', candidate, settings, asker);

  const promotion = rollouts.promote('acme', candidate, asker);
  next = 'c';
  await expect(rollouts.start('acme', candidate, settings, asker)).rejects.toMatchObject({
    code: 'rollout_underway',
  });
  fail(new Error('no disk'));
  await expect(promotion).rejects.toThrow('no disk');
  expect(rollouts.lanes.get('acme')?.slot.bundle.identity.digest).toBe('b');

  await rollouts.rollback('acme', asker);
  await rollouts.start('acme', candidate, settings, asker);
  expect(rollouts.lanes.get('acme')?.slot.bundle.identity.digest).toBe('c');
});
