/** How large a plan may be is said by flags wherever plans are read. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { place } from './place.ts';
import type { Place } from './place.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');
const plan = JSON.stringify({
  steps: [
    { id: 'a', tool: 'notify.send', args: { text: 'x'.repeat(30), to: { list: ['y'] } } },
    { id: 'b', tool: 'notify.send', args: {}, depends_on: ['a'] },
  ],
});
/** Each flag with the most that this plan is beyond. */
const BEYOND = {
  '--max-steps': 1,
  '--max-depth': 5,
  '--max-values': 11,
  '--max-text': 29,
};

let at: Place;
beforeAll(() => {
  at = place();
  at.write({
    'policies/p.yaml': 'name: p\nmax_steps: 20000\n',
    'plans/plan.json': plan,
    'calls.jsonl': '{"op":"call","tool":"notify.send","args":{"text":"xxxxxxxxxxxx"}}\n',
  });
  const run = (...args: readonly string[]): unknown =>
    execFileSync(process.execPath, [program, ...args], { cwd: at.directory, stdio: 'pipe' });
  run('keygen', '--out', 'keys', '--name', 'p');
  run(
    'bundle',
    '--policy-dir',
    'policies',
    '--output',
    'p.mjs',
    '--name',
    'p',
    '--key',
    'keys/signer.key',
    '--capability',
    'session',
  );
}, 60_000);
afterAll(() => at.remove());

/** The exit code, and whether the limit was the reason. */
function ask(...args: readonly string[]): unknown {
  const { status, stdout } = spawnSync(process.execPath, [program, ...args], {
    cwd: at.directory,
    encoding: 'utf8',
  });
  return [status, stdout.includes('plan.limits')];
}

it.each(Object.entries(BEYOND))('a plan beyond %s is denied', (flag, most) => {
  const args = ['validate', 'plans/plan.json', '--policy-dir', 'policies', flag];
  expect(ask(...args, String(most))).toEqual([1, true]);
  expect(ask(...args, String(most + 1))).toEqual([0, false]);
});

it.each([
  ['validate', 'plans/plan.json', '--bundle', 'p.mjs', '--trust', 'keys/trust.json'],
  ['validate-batch', '--plans-dir', 'plans', '--policy-dir', 'policies', '--jobs', '1'],
  ['explain', 'plans/plan.json', '--policy-dir', 'policies'],
])('%s %s heeds them', (...args) => {
  expect(ask(...args, '--max-text', '29')).toEqual([1, true]);
});

it('is heeded by sessions', () => {
  const args = ['replay', 'calls.jsonl', '--bundle', 'p.mjs', '--trust', 'keys/trust.json', '--max-text'];
  expect(ask(...args, '11')).toEqual([1, true]);
  expect(ask(...args, '12')).toEqual([0, false]);
});
