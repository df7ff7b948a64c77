/** The source document's architecture, played with the built programs. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('author, CI, registry, validators, agents, an attacker, approvals, a canary that is stopped, audit, compliance, backup', () => {
  const play = fileURLToPath(new URL('../../../deploy/play.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [play], { encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  const acts = [
    'ci',
    'validators',
    'agents',
    'rollout',
    'attacker',
    'approvals',
    'canary',
    'dashboard',
    'audit',
    'compliance',
    'backup',
    'done',
  ];
  for (const who of acts) expect(stdout).toMatch(new RegExp(`^${who} `, 'm'));
});
