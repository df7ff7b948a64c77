/** What a command says by its exit code, whatever becomes of its output. The built program, as a shell runs it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

const main = join(import.meta.dirname, '../../dist/cli/main.js');
let at: Place;

const denied = JSON.stringify({
  steps: [{ id: 'pay', tool: 'payments.transfer', args: { amount: 20_000 } }],
});

const planLint = (...args: string[]): number | null =>
  spawnSync(process.execPath, [main, ...args], { cwd: at.directory }).status;

beforeAll(() => {
  at = place();
  at.write(DOCUMENT_POLICIES);
  at.write({
    'plan.json': denied,
    'plans/a.json': denied,
    'plans/many.jsonl': `${denied}\n`.repeat(2000),
    'looser/base.yaml': DOCUMENT_POLICIES['policies/base.yaml'],
    'wrong/p.yaml': 'max_stepz: 3\n',
    'tests/t.yaml':
      'tests:\n  - name: x\n    step: { tool: payments.transfer, args: { amount: 20000 } }\n    expect: { status: pass }\n',
  });
  expect(planLint('keygen', '--any-name', '--out', 'keys')).toBe(0);
  expect(
    planLint('bundle', '--policy-dir', 'policies', '--output', 'b.mjs', '--key', 'keys/signer.key'),
  ).toBe(0);
  expect(
    planLint('validate-batch', '--plans-dir', 'plans', '--policy-dir', 'policies', '--output', 'r.json'),
  ).toBe(1);
  expect(planLint('keygen', '--any-name', '--out', 'other')).toBe(0);
}, 240_000);
afterAll(() => at.remove());

const POLICIES = ['--policy-dir', 'policies'];
/** Verb by verb a command line that prints, and its code; each can be run again. */
const LINES: readonly (readonly [code: number, ...args: string[]])[] = [
  [1, 'validate', 'plan.json', ...POLICIES],
  [1, 'validate', 'plan.json', '--bundle', 'b.mjs', '--trust', 'keys/trust.json'],
  [1, 'validate-batch', '--plans-dir', 'plans', ...POLICIES],
  [1, 'validate-batch', '--plans-dir', 'plans', ...POLICIES, '--jobs', '2', '--report-format', 'jsonl'],
  [1, 'validate-batch', '--plans-dir', 'plans', ...POLICIES, '--report-format', 'github'],
  [1, 'validate-batch', '--plans-dir', 'plans', ...POLICIES, '--report-format', 'markdown'],
  [1, 'report', 'merge', 'r.json'],
  [1, 'simulate', '--old', 'looser', '--new', 'policies', '--plans-dir', 'plans', '--max-newly-refused', '0'],
  [1, 'explain', 'plan.json', ...POLICIES],
  [1, 'diff', 'policies', 'looser'],
  [1, 'test-policies', ...POLICIES, '--test-dir', 'tests'],
  [3, 'lint', '--policy-dir', 'wrong'],
  [0, 'verify', 'b.mjs', '--trust', 'keys/trust.json'],
  [0, 'inspect', 'b.mjs', '--trust', 'keys/trust.json'],
  [0, 'graph', ...POLICIES],
  [0, 'schema'],
  [0, 'completion', 'bash'],
  [0, 'trust', 'show', '--trust', 'keys/trust.json'],
];

describe.each(LINES.map(([code, ...args]) => ({ code, args, line: args.join(' ') })))(
  '$line',
  ({ code, args }) => {
    it('keeps its code where the reader goes away', async () => {
      const child = spawn(process.execPath, [main, ...args], {
        cwd: at.directory,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();
      child.stderr.resume();
      expect(await new Promise((resolve) => child.on('close', resolve))).toBe(code);
    });

    it.skipIf(!existsSync('/dev/full'))('says that it cannot write, and ends in 2, on a full disk', () => {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
        cwd: at.directory,
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      expect(stderr).toContain('standard output cannot be written: no space is left on the disk');
      expect(stderr).not.toContain('    at ');
      expect(status).toBe(2);
    });
  },
);

it.skipIf(!existsSync('/dev/full'))('a report that cannot be written ends in 2, and names its file', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [main, 'validate-batch', 'plan.json', ...POLICIES, '--report-format', 'json', '--output', '/dev/full'],
    { cwd: at.directory, encoding: 'utf8' },
  );
  expect(stderr).toContain('cannot use `/dev/full`: no space is left on the disk');
  expect(status).toBe(2);
  expect(existsSync('/dev/full')).toBe(true);
});
