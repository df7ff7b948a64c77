// Decides a plan with a signed bundle, logs the decision, and runs the plan if it may: node host.mjs plan.json
import { appendFile, readFile } from 'node:fs/promises';
import { loadBundle, parsePlan } from '@plan-lint/runtime';
import { JsonError } from '@plan-lint/runtime/json';

const bundle = await loadBundle(
  await readFile('acme.mjs'),
  await readFile('acme.mjs.sigstore.json'),
  await readFile('keys/trust.json'),
  { name: 'acme', audience: 'production' },
);
const policy = bundle.policy('payments');

/** What this host knows of who asks. It comes from a login, not from the agent. */
const context = { role: 'clerk' };

async function decide(text) {
  const plan = parsePlan(text);
  const now = Date.now();
  const decision = policy.evaluate(plan, { context, now });
  const record = { plan, context, now: new Date(now).toISOString(), decision };
  // The decision is on disk before anything runs.
  await appendFile('decisions.jsonl', `${JSON.stringify(record)}\n`);
  return { plan, decision };
}

try {
  const { plan, decision } = await decide(await readFile(process.argv[2], 'utf8'));
  if (decision.valid)
    console.log(`${decision.status}: running ${plan.steps.map(({ tool }) => tool).join(', ')}`);
  for (const { message } of decision.valid ? [] : decision.violations)
    console.log(`${decision.status}: ${message}`);
  process.exitCode = decision.valid ? 0 : 1;
} catch (error) {
  if (!(error instanceof JsonError)) throw error;
  console.log(`no plan: ${error.code} at character ${error.offset}`);
  process.exitCode = 1;
}
