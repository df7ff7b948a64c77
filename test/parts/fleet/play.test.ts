/** The source document's architecture, played with the built programs. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('author, CI, registry, validators, agents, an attacker, audit, backup', () => {
  const play = fileURLToPath(new URL('../../../deploy/play.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [play], { encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  for (const who of ['ci', 'validators', 'agents', 'rollout', 'attacker', 'audit', 'backup', 'done'])
    expect(stdout).toMatch(new RegExp(`^${who} `, 'm'));
});
