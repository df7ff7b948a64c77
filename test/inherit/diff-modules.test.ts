/** `diff` of modules alone: what they say of themselves, each entry by itself, for the audience that they name. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../cli/program.ts';
import { workplace } from '../support/io.ts';
import type { Workplace } from '../support/io.ts';

const RULE =
  'rules: [{ rule: r, weight: 0.4, severity: low, pattern: { tool: pay, operation: exists, arg: a } }]\n';
const WAIVER = `exceptions: [{ rule: r, scope: { tool: pay }, reason: x, ticket: T-1, requested_by: a, approved_by: b, expires: 2027-01-01T00:00:00Z }]\n`;
const ENTRY = 'extends: base.yaml\nrefine: [{ rule: r, weight: ';

let place: Workplace;
beforeAll(async () => {
  place = workplace();
  await run('keygen --out keys --any-name'.split(' '), place.io);
});
afterAll(() => place.remove());

/** Both sides as bare modules, and what `diff` says of them. */
async function told(
  old: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  more = '',
): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  for (const side of ['old', 'now']) rmSync(place.path(side), { recursive: true, force: true });
  for (const [side, files] of Object.entries({ old, now })) {
    for (const [path, text] of Object.entries(files)) place.write(`${side}/${path}`, text);
    const words = `bundle --policy-dir ${side} --output ${side}.mjs --key keys/signer.key --sequence 1 --name acme --force${more}`;
    const exit = await run(words.split(' '), place.io);
    if (exit !== 0) throw new Error(place.err());
  }
  place.out();
  const exit = await run('diff old.mjs now.mjs --trust keys/trust.json'.split(' '), place.io);
  return { exit, out: place.out(), err: place.err() };
}

test('a threshold that is raised, sums that are no longer, and an exception that is new', async () => {
  const { exit, out } = await told(
    { 'p.yaml': `${RULE}fail_risk_threshold: 0.5\naggregate: sum\n` },
    { 'p.yaml': `${RULE}fail_risk_threshold: 0.6\naggregate: max\n${WAIVER}` },
  );
  expect(exit).toBe(1);
  const looser = out.split('\n').filter((line) => line.startsWith('LOOSER'));
  expect(looser).toHaveLength(3);
  expect(looser.join('\n')).toMatch(/0\.5 → 0\.6/);
  expect(looser.join('\n')).toMatch(/sum → max/);
  expect(looser.join('\n')).toMatch(/T-1/);
});

test('a rule that two entries weigh differently is not told by the last of them alone', async () => {
  const two = (a: number, b: number): Readonly<Record<string, string>> => ({
    'base.yaml': RULE,
    'a.yaml': `${ENTRY}${a} }]\n`,
    'b.yaml': `${ENTRY}${b} }]\n`,
  });
  const { exit, out } = await told(two(0.6, 0.7), two(0.5, 0.7));
  expect(exit).toBe(1);
  expect(out).toContain('r (entries have it in several forms, some of which changed)');
});

test('modules for one environment are compared as it loads them', async () => {
  const policy = { 'p.yaml': `${RULE}max_steps: 5\n` };
  const { exit, out, err } = await told(policy, policy, ' --audience production');
  expect([exit, err]).toEqual([0, '']);
  expect(out).toContain('nothing got stricter or looser');
});
