/** Hosts that have no scanner for a bundle that carries one: the answers are those of reading strictly and `evaluate`, as everywhere. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { openBytes } from '../../runtime/bytes.ts';
import { loadBundle } from '../../runtime/load.ts';
import { trustBytes } from '../../compiler/6-sign/index.ts';
import { compileMemory, signed, TRUST } from '../support/decide.ts';
import { disagreement } from './agree.ts';
import { mutated, pickFrom, spoiled, written } from './forms.ts';

const POLICY = `
bounds: { pay.send.amount: [0.01, 1000] }
deny_tokens_regex: ["AKIA[0-9A-Z]{16}"]
policies:
- name: p
  rules:
  - { rule: no_mallory, pattern: { tool: pay.send, arg: to, operation: in, value: [Mallory, Eve] } }
  - { rule: big, severity: low, when: 'has(step.args.amount) && step.args.amount > 500.0' }
  - { rule: often, max_calls: { tool: pay.audit, limit: 1 } }
`;

const PLANS = [0, 1, 2, 3].map((number) => ({
  id: `p${number}`,
  steps: Array.from({ length: 2 + number }, (_, i) => ({
    id: `s${i}`,
    tool: ['pay.send', 'pay.send', 'pay.list', 'pay.send', 'pay.audit'][i],
    args: {
      amount: [5, 700, 5000, -1][(number + i) % 4],
      to: ['Bob', 'Eve', 'Jürgen'][i % 3],
      ...(i > 0 && number > 1 && { note: '${s0.result.id}' }),
    },
  })),
}));

const pick = pickFrom(19);
const clean = PLANS.flatMap((plan) => [1, 2, 3, 4].map(() => Buffer.from(written(plan, pick))));
const texts = clean.flatMap((text) => [text, mutated(text, pick), spoiled(text, pick), spoiled(text, pick)]);

const NOW = Date.parse('2026-06-01T00:00:00Z');
const { module, sidecars } = await signed(await compileMemory({ 'p.yaml': POLICY }, [], ['bytes']));
const trust = trustBytes(TRUST);
const policy = (await loadBundle(module, sidecars, trust, { now: NOW })).policy();
const here = await openBytes(policy);
const answers = texts.map((text) => JSON.stringify(here.decideText(text, { now: NOW })));

it('has a scanner here, and it decides as the evaluator does', () => {
  for (const text of texts) expect(disagreement({ policy, bytes: here }, text, { now: NOW })).toBeNull();
  expect(here.counts?.['steps']).toBeGreaterThan(20);
  expect(here.counts?.['plan']).toBeGreaterThan(0);
});

/** Loads the bundle and decides, with whatever is done to the host before. */
const child = (before: string): string => `
${before}
const { readFileSync } = await import('node:fs');
const { module, sidecars, trust, texts, now } = JSON.parse(readFileSync(0, 'utf8'));
const bytesOf = (text) => Uint8Array.from(Buffer.from(text, 'base64'));
const { loadBundle } = await import('@plan-lint/runtime');
const { openBytes } = await import('@plan-lint/runtime/bytes');
const bundle = await loadBundle(bytesOf(module), sidecars.map(bytesOf), bytesOf(trust), { now });
const policy = await openBytes(bundle.policy());
const answers = texts.map((text) => JSON.stringify(policy.decideText(bytesOf(text), { now })));
process.stdout.write(JSON.stringify({ answers, counts: policy.counts }));
`;

const HOSTS = [
  {
    name: 'WebAssembly is forbidden',
    flags: [],
    before: `WebAssembly.compile = () => Promise.reject(new Error('forbidden'));`,
  },
  { name: 'there is no WebAssembly', flags: [], before: 'delete globalThis.WebAssembly;' },
  // An older processor; on others than those of x86 these flags say nothing, so the engine's refusal is put in their place.
  {
    name: 'there is no SIMD',
    flags: process.arch === 'x64' ? ['--no-enable-sse4-1', '--no-enable-ssse3'] : [],
    before:
      process.arch === 'x64'
        ? ''
        : `WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError('no SIMD'));`,
  },
] as const;

it.each(HOSTS)('where $name the answers are the same', ({ flags, before }) => {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const input = {
    module: base64(module),
    sidecars: sidecars.map(base64),
    trust: base64(trust),
    texts: texts.map(base64),
    now: NOW,
  };
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, '--input-type=module', '--eval', child(before)],
    { input: JSON.stringify(input), encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const told = JSON.parse(stdout) as { readonly answers: readonly string[]; readonly counts: unknown };
  expect(told.counts).toBeNull();
  expect(told.answers).toEqual(answers);
});
