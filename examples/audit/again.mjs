// Decides each logged plan again, with its own context and time: node again.mjs HOST_DIRECTORY [LOG]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBundle } from '@plan-lint/runtime';

const [host, log = join(process.argv[2], 'decisions.jsonl')] = process.argv.slice(2);
const read = (name) => readFileSync(join(host, name));
const bundle = await loadBundle(read('acme.mjs'), read('acme.mjs.sigstore.json'), read('keys/trust.json'), {
  name: 'acme',
  audience: 'production',
});

const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
for (const [index, line] of lines.entries()) {
  const { plan, context, now, decision } = JSON.parse(line);
  const again = bundle.policy(decision.entry).evaluate(plan, { context, now: Date.parse(now) });
  const isSame = JSON.stringify(again) === JSON.stringify(decision);
  console.log(
    `line ${index + 1}  ${decision.status}  ${isSame ? 'the same' : `not what the bundle decides: ${again.status}`}`,
  );
  if (!isSame) process.exitCode = 1;
}
