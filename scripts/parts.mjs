// `npm run test:parts [-- NAME …]`: tests that need programs or data beside Node. Each part of test/parts.json says what it
// found, `part NAME VERSION` or `skipped: NAME absent`, and runs its tests. One with a `node` is another version of Node, by which the
// tests of test/heart.json run again: what reads plans, loads bundles and decides. With REQUIRE_PARTS=1 nothing may be skipped, but what
// MAY_MISS names: a program that this machine cannot build. It is named and counted all the same.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partsDirectory } from './parts-directory.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const parts = JSON.parse(readFileSync(new URL('../test/parts.json', import.meta.url), 'utf8'));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${parts.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const heart = JSON.parse(readFileSync(new URL('../test/heart.json', import.meta.url), 'utf8'));
const nodeAt = (name) => join(partsDirectory(), 'engines/node_modules', name, 'bin/node');

function versionOf([program, ...args]) {
  const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: 'utf8', timeout: 60_000 });
  return status === 0 ? (/\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? 'of no version') : null;
}

const skipped = [];
const failed = [];
for (const { name, node, probe, files } of parts) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const program = node === undefined ? process.execPath : nodeAt(node);
  const version = versionOf(probe ?? [program, '--version']);
  if (version === null) {
    console.log(`skipped: ${name} absent`);
    skipped.push(name);
    continue;
  }
  console.log(`part ${name} ${version}`);
  const tests = node === undefined ? files : heart;
  const run = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.parts.config.ts', ...tests];
  // What a test starts as `node` is that one too. Its directory holds nothing else: that of the system's own Node may
  // hold a Python without the peers, before the one that has them.
  const path = node === undefined ? process.env.PATH : `${dirname(program)}${delimiter}${process.env.PATH}`;
  const env = { ...process.env, PATH: path };
  const { status } = spawnSync(program, run, { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}
console.log(`parts skipped: ${skipped.length}${skipped.length > 0 ? ` (${skipped.join(', ')})` : ''}`);
if (failed.length > 0) console.error(`parts failed: ${failed.join(', ')}`);
const mayMiss = (process.env.MAY_MISS ?? '').split(' ');
const isMissing = process.env.REQUIRE_PARTS === '1' && skipped.some((name) => !mayMiss.includes(name));
if (isMissing) console.error('REQUIRE_PARTS=1, and parts were skipped');
process.exit(failed.length > 0 || isMissing ? 1 : 0);
