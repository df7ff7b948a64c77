// Keys, a bundle of `policies/`, its verification, and plans decided by it: the commands of the README, run as a
// user would run them, in a fresh temporary directory.
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'plan-lint-quickstart-'));
const main = join(root, 'dist/cli/main.js');
const plans = join('fixtures', 'library', 'plans');

function step(title, expected, ...args) {
  console.log(`\n${title}\n$ plan-lint ${args.map((arg) => arg.replace(out, 'OUT')).join(' ')}`);
  const { status } = spawnSync(process.execPath, [main, ...args], { cwd: root, stdio: 'inherit' });
  if (status === expected) return;
  console.error(`expected exit code ${expected}, got ${status}`);
  process.exit(1);
}

const bundle = join(out, 'acme.mjs');
const trust = join(out, 'keys', 'trust.json');
const pinned = ['--trust', trust, '--name', 'acme', '--audience', 'production'];
const decide = ['--bundle', bundle, ...pinned];

console.log(`OUT is ${out}`);
step(
  '1. A signing key and a trust root that trusts it',
  0,
  'keygen',
  '--out',
  join(out, 'keys'),
  '--name',
  'acme',
);
step(
  '2. The policies of policies/, compiled and signed',
  0,
  ...['bundle', '--policy-dir', 'policies', '--output', bundle, '--key', join(out, 'keys', 'signer.key')],
  ...['--name', 'acme', '--sequence', '1', '--audience', 'production', '--expires', '90d'],
);
step('3. What an auditor sees', 0, 'verify', bundle, ...pinned);
step(
  '4. A plan that passes; what its steps hand on is decided when it runs',
  0,
  'validate',
  join(plans, 'pays-an-invoice.json'),
  ...decide,
  ...['--values', 'later'],
);
step(
  '5. A plan that needs a person',
  1,
  'validate',
  join(plans, 'large-transfer-needs-approval.json'),
  ...decide,
);
step('6. A plan that is denied', 1, 'validate', join(plans, 'raw-key-in-a-price-update.json'), ...decide);
console.log(`\nDone. Keys, bundle and trust root are in ${out}`);
