/** Bundles that take each other’s place under load: no request fails, each is decided by one of them, memory stays. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleFiles, directoryOf, PASSED, writeAll } from '../../service/support/running.ts';
import { ask, crowd, figureOf, keepAlive, settings, startProgram } from './program.ts';
import type { Program } from './program.ts';

/** `RELOADS=1000` for the figure of the acceptance check. */
const RELOADS = Number(process.env['RELOADS'] ?? 60);
const LENIENT = { 'base.yaml': 'policies:\n  - name: base\n    max_steps: 50\n' };
const STRICT = { 'base.yaml': 'policies:\n  - name: base\n    deny_tokens_regex: ["SELECT"]\n' };

let program: Program;
let directory: string;
beforeAll(async () => {
  directory = directoryOf({});
  writeAll(`${directory}/bundles`, await bundleFiles('acme.mjs', LENIENT, { sequence: 1 }));
  writeAll(directory, { 'trust.json': (await bundleFiles('x.mjs', LENIENT))['trust.json'] ?? '' });
  const config = settings(directory, {
    policies: { path: `${directory}/bundles`, trust: `${directory}/trust.json`, poll: '1h', name: 'acme' },
    state_dir: `${directory}/state`,
  });
  program = await startProgram(config, ['--expose-gc']);
});
afterAll(async () => {
  program.child.kill('SIGKILL');
  await program.ended;
  rmSync(directory, { recursive: true });
});

it(`${RELOADS} activations under load`, { timeout: 3_000_000 }, async () => {
  const agent = keepAlive();
  const failures: string[] = [];
  const seen = new Map<number, Set<boolean>>();
  const body = JSON.stringify(PASSED);
  const load = crowd(4, async () => {
    const reply = await ask(`${program.url}/validate`, { body, agent }).catch((error: unknown) => ({
      status: 0,
      text: String(error),
    }));
    if (reply.status !== 200) failures.push(`${reply.status} ${reply.text}`);
    else {
      const { is_valid, bundle } = JSON.parse(reply.text) as {
        is_valid: boolean;
        bundle: { sequence: number };
      };
      seen.set(bundle.sequence, (seen.get(bundle.sequence) ?? new Set()).add(is_valid));
    }
  });
  const activeSequence = async (): Promise<number> =>
    (
      JSON.parse((await ask(`${program.url}/policies/acme`, { agent })).text) as {
        active: { sequence: number };
      }
    ).active.sequence;
  const heapAt: number[] = [];
  const bundles = [await bundleFiles('acme.mjs', LENIENT), await bundleFiles('acme.mjs', STRICT)];
  expect(bundles).toHaveLength(2);
  for (let sequence = 2; sequence < RELOADS + 2; sequence += 1) {
    writeAll(
      `${directory}/bundles`,
      await bundleFiles('acme.mjs', sequence % 2 === 0 ? STRICT : LENIENT, { sequence }),
    );
    while ((await activeSequence()) !== sequence) await new Promise((done) => setTimeout(done, 20));
    if (sequence % 20 === 0) heapAt.push(await figureOf(program.url, 'nodejs_heap_size_used_bytes'));
  }
  const asked = await load.stop();
  expect(failures).toEqual([]);
  // Each decision is that of the bundle it names.
  for (const [sequence, answers] of seen)
    expect([...answers], `bundle ${sequence}`).toEqual([sequence % 2 === 1]);
  const [first = 0, ...others] = heapAt.map((bytes) => bytes / 2 ** 20);
  console.log(
    `reloads: ${RELOADS}, requests: ${asked}, failed: ${failures.length}, bundles seen: ${seen.size}, heap MB: ${first.toFixed(1)} → ${Math.min(...others.slice(-5)).toFixed(1)}`,
  );
  expect(Math.min(...others.slice(-5))).toBeLessThan(first + 10);
});
