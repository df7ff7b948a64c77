/** The audit log under kill -9 and on a full disk: no answer without its line. Figures are printed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { verifyLog } from '../../../service/audit/verify.ts';
import { drive, idsIn } from './driver.ts';

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-faults-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('20 × kill -9 under 2,000 decisions a second: each answer has its line, the chain is whole', async () => {
  const path = join(directory, 'kill/audit.log');
  const answered = new Set<string>();
  const starts: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const driven = drive({
      audit: { path, segment: { bytes: 512 * 1024 } },
      rate: 2_000,
      seconds: 60,
      name: `r${round}`,
    });
    starts.push(await driven.ready);
    await pause(200 + Math.random() * 800);
    driven.process.kill('SIGKILL');
    await driven.ended;
    for (const id of driven.answered) answered.add(id);
  }
  const audited = await idsIn(path);
  const unaudited = [...answered].filter((id) => !audited.has(id));
  const { findings, lines, files, remarkable } = await verifyLog({ path });
  console.log(
    JSON.stringify({
      kills: 20,
      answered: answered.size,
      unaudited: unaudited.length,
      lines,
      files,
      ...remarkable,
      slowestStartMs: Math.max(...starts),
    }),
  );
  expect(unaudited).toEqual([]);
  expect(findings).toEqual([]);
  expect(answered.size).toBeGreaterThan(2_000);
  expect(remarkable.crashes).toBeGreaterThanOrEqual(19);
}, 240_000);

it('a full disk: no answer without its line, and it goes on by itself when there is room', async () => {
  const mount = join(directory, 'disk');
  mkdirSync(mount);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mount], { encoding: 'utf8' });
  expect(mounted.status, mounted.stderr).toBe(0);
  try {
    const path = join(mount, 'audit.log');
    const filler = join(mount, 'filler');
    writeFileSync(filler, Buffer.alloc(3 * 2 ** 20));
    const driven = drive({ audit: { path, segment: { gzip: false } }, rate: 2_000, seconds: 12, name: 'd' });
    await driven.ready;
    while ((driven.refused.get('audit_unavailable') ?? 0) < 100) await pause(20);
    const before = driven.answered.size;
    unlinkSync(filler);
    const start = performance.now();
    while (driven.answered.size === before) await pause(5);
    const recovered = performance.now() - start;
    const end = await driven.ended;
    const audited = await idsIn(path);
    const unaudited = [...driven.answered].filter((id) => !audited.has(id));
    const { findings, remarkable } = await verifyLog({ path });
    console.log(
      JSON.stringify({
        ...end,
        unaudited: unaudited.length,
        recoveredMs: Math.round(recovered),
        ...remarkable,
      }),
    );
    expect(unaudited).toEqual([]);
    expect(findings).toEqual([]);
    expect(remarkable.outages).toBeGreaterThan(0);
    expect(recovered).toBeLessThan(2_000);
  } finally {
    spawnSync('umount', ['-l', mount]);
  }
}, 120_000);
