/** `plan-lint audit`: what an auditor types, on logs that were tampered with, by somebody who holds the disk. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as service from '@plan-lint/service/audit';
import type { AuditTools } from '../../../cli/audit/tools.ts';
import { openDatabase } from '../../../service/database/open.ts';
import { run } from '../../../cli/program.ts';
import {
  firstTrust,
  generateKey,
  keySigner,
  signerKey,
  trustBytes,
  trustKey,
} from '../../../compiler/6-sign/index.ts';
import { checkpointsPath, lastCheckpointPath } from '../../../service/audit/segments.ts';
import { place as cliPlace, type Place } from '../../cli/place.ts';
import { decision, denied, logPlace, type LogPlace } from './log.ts';

// What the command line says of the service is so: this line compiles.
service satisfies AuditTools;

const key = generateKey('p256');
const offline = generateKey('p256');
const trust = trustBytes({
  ...firstTrust(signerKey(offline), 'policies'),
  keys: [trustKey(signerKey(offline), 'policies'), trustKey(signerKey(key), 'service')],
  checkpoints: [{ name: 'tests', keys: [signerKey(key).id], threshold: 1 }],
});

let logs: LogPlace;
let place: Place;
beforeEach(() => {
  logs = logPlace();
  place = cliPlace();
  place.write({ 'trust.json': trust });
});
afterEach(async () => {
  await logs.remove();
  place.remove();
});

/** A closed log with checkpoints: the last when it was closed. */
async function written(decisions = 5): Promise<void> {
  const log = await logs.open({
    checkpoint: { sign: service.checkpointSigner(keySigner(key)), everyMs: 3_600_000 },
  });
  for (let i = 0; i < decisions; i += 1)
    await log.append(i % 2 ? denied(`d${i}`, 'limit') : decision(`d${i}`));
  await log.close();
}

const verify = async (...flags: readonly string[]): Promise<{ code: number; out: string }> => {
  const code = await run(['audit', 'verify', logs.path, ...flags], place.io);
  return { code, out: place.out() + place.err() };
};
const lines = (): string[] => readFileSync(logs.path, 'utf8').split('\n').slice(0, -1);
const rewrite = (texts: readonly string[]): void => writeFileSync(logs.path, `${texts.join('\n')}\n`);

it('a whole log verifies, and says by whom it was signed', async () => {
  await written();
  const { code, out } = await verify('--trust', 'trust.json');
  expect(out).toContain('chain        whole, line 1 to 7');
  expect(out).toContain('signed by service; the last of line 7');
  expect(code).toBe(0);
});

it('without a trust root it says what nobody can tell', async () => {
  await written();
  const { code, out } = await verify();
  expect(out).toContain('nobody can tell');
  expect(code).toBe(0);
});

describe('what does not hold is found, with its place', () => {
  beforeEach(() => written());

  it('a changed line', async () => {
    rewrite(
      lines().map((text, i) => (i === 2 ? text.replace('"user":"agent-7"', '"user":"agent-8"') : text)),
    );
    const { code, out } = await verify('--trust', 'trust.json');
    expect(out).toContain(`${logs.path}:4: error[chain_broken]`);
    expect(code).toBe(1);
  });

  it('a line that is gone, one that is there twice, two in another order', async () => {
    const whole = lines();
    rewrite(whole.toSpliced(3, 1));
    expect((await verify()).out).toContain('error[lines_missing]');
    rewrite(whole.toSpliced(3, 0, whole[3] ?? ''));
    expect((await verify()).out).toContain('error[seq_wrong]');
    rewrite([...whole.slice(0, 2), whole[3] ?? '', whole[2] ?? '', ...whole.slice(4)]);
    expect((await verify()).code).toBe(1);
  });

  it('an end that was cut off: the chain alone does not tell, a checkpoint does', async () => {
    rewrite(lines().slice(0, 4));
    expect((await verify()).code).toBe(0);
    const { code, out } = await verify('--trust', 'trust.json');
    expect(out).toContain('error[end_missing]: the log ends before what a checkpoint has signed');
    expect(code).toBe(1);
  });

  it('and one that was kept elsewhere does, when those beside the log are gone, too', async () => {
    const kept = readFileSync(lastCheckpointPath(logs.path));
    place.write({ 'kept.sigstore.json': kept });
    rewrite(lines().slice(0, 4));
    writeFileSync(checkpointsPath(logs.path), '');
    expect((await verify('--trust', 'trust.json')).out).toContain('error[checkpoint_absent]');
    const { code, out } = await verify('--trust', 'trust.json', '--checkpoint', 'kept.sigstore.json');
    expect(out).toContain('error[end_missing]');
    expect(code).toBe(1);
  });

  it('all of it written anew, with a chain that holds', async () => {
    const again = logPlace();
    const log = await again.open();
    for (let i = 0; i < 9; i += 1) await log.append(decision(`other ${i}`));
    await log.close();
    writeFileSync(logs.path, readFileSync(again.path));
    await again.remove();
    expect((await verify()).code).toBe(0);
    expect((await verify('--trust', 'trust.json')).out).toContain('error[checkpoint_differs]');
  });

  it('a checkpoint by a key that may not sign it is a failure of trust', async () => {
    const other = cliPlace();
    other.write({ 'trust.json': trustBytes(firstTrust(signerKey(offline), 'policies')) });
    const code = await run(['audit', 'verify', logs.path, '--trust', 'trust.json'], other.io);
    expect(other.out()).toContain('error[checkpoint_refused]');
    expect(code).toBe(4);
    other.remove();
  });
});

it('the service says so when it finds its log shorter than it has signed', async () => {
  await written();
  rewrite(lines().slice(0, 4));
  const log = await logs.open();
  await log.close();
  expect((await verify()).out).toContain('error[log_shortened]');
});

it('query finds lines, and export copies a part that verifies', async () => {
  await written();
  expect(await run(['audit', 'query', logs.path, '--status', 'deny', '--rule', 'limit'], place.io)).toBe(0);
  expect(place.out().trim().split('\n')).toHaveLength(2);
  expect(await run(['audit', 'query', logs.path, '--format', 'jsonl', '--limit', '1'], place.io)).toBe(0);
  expect(place.out()).toBe(`${lines().at(-1) ?? ''}\n`);
  const until = new Date(Date.now() + 86_400_000).toISOString();
  expect(
    await run(['audit', 'export', logs.path, '--to', until, '--output', 'part/june.log'], place.io),
  ).toBe(0);
  expect(place.out()).toContain('7 lines, 1 to 7, 1 checkpoint');
  expect(readFileSync(join(place.directory, 'part/june.log'), 'utf8')).toBe(readFileSync(logs.path, 'utf8'));
  expect(await run(['audit', 'verify', 'part/june.log', '--trust', 'trust.json', '--part'], place.io)).toBe(
    0,
  );
  expect(await run(['audit', 'export', logs.path, '--output', 'part/june.log'], place.io)).toBe(2);
  expect(place.err()).toContain('exists and is not overwritten');
});

it('rebuild fills a results database, once, and says what keeps it from it', async () => {
  await written();
  const into = ['--into', 'sqlite:results.db', '--name', 'tests'];
  expect(await run(['audit', 'rebuild', logs.path, ...into], place.io)).toBe(0);
  expect(place.out()).toContain('rebuilt  7 lines of `tests`');
  expect(await run(['audit', 'rebuild', logs.path, ...into], place.io)).toBe(0);
  expect(place.out()).toContain('rebuilt  0 lines');
  const database = await openDatabase(`sqlite:${join(place.directory, 'results.db')}`);
  const rows = await database.transaction((query) => query('SELECT * FROM decisions'));
  await database.close();
  const decisions = lines().filter((line) => !line.includes('"result":null'));
  expect(rows).toHaveLength(decisions.length);
  expect(await run(['audit', 'rebuild', logs.path], place.io)).toBe(2);
  expect(place.err()).toContain('--into sqlite:results.db');
  expect(await run(['audit', 'rebuild', 'none.log', ...into], place.io)).toBe(2);
  expect(place.err()).toContain('the log cannot be read: ENOENT');
  expect(await run(['audit', 'rebuild', logs.path, '--into', 'mysql://root:secret@db'], place.io)).toBe(2);
  expect(place.err()).toContain('the address of the database cannot be used');
  expect(place.err()).not.toContain('secret');
});

it('a log that is not there is no whole one', async () => {
  const { code, out } = await verify();
  expect(out).toContain('there is nothing of that name');
  expect(code).toBe(2);
});
