// The source document's architecture on one machine, with the real programs: author ▸ CI ▸ registry ▸ two validators ▸ agents ▸ approvals ▸
// canary ▸ dashboard ▸ audit, results, compliance. `npm run build && node deploy/play.mjs`; it ends in 1 where anything is not as it must be.
import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const { fetch } = globalThis;
const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const place = mkdtempSync(join(tmpdir(), 'plan-lint-play-'));
const began = Date.now();
const running = [];
const say = (who, what) => console.log(`${who.padEnd(12)} ${what}`);

class Wrong extends Error {}
const must = (isSo, what) => {
  if (!isSo) throw new Wrong(what);
};

function write(files) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), content);
  }
}

/** A command line of a shell, as CI runs it. @returns what it prints */
function shell(line, { code = 0, env = {} } = {}) {
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', line], {
    cwd: place,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(place, 'bin')}:${process.env.PATH}`, ...env },
  });
  must(status === code, `\`${line}\` ended in ${status}, not ${code}\n${stdout}${stderr}`);
  return stdout;
}

async function until(what, isSo, seconds = 40) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await isSo()) return;
    await pause(100);
  }
  throw new Wrong(`${what}: not within ${seconds} s`);
}

async function freePort() {
  const socket = createSocket();
  await new Promise((done) => socket.listen(0, '127.0.0.1', done));
  const { port } = socket.address();
  await new Promise((done) => socket.close(done));
  return port;
}

/** A mirror of the registry that nobody has to trust: files of a directory, and whatever `instead` says. */
async function mirror(directory) {
  const instead = new Map();
  const server = createServer((request, response) => {
    const path = request.url.replace(/\?.*/, '');
    try {
      const content = instead.get(path) ?? readFileSync(join(directory, path));
      const etag = `"${createHash('sha256').update(content).digest('hex')}"`;
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
      response.writeHead(200, { etag }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  running.push(() => (server.closeAllConnections(), server.close()));
  return { address: `http://127.0.0.1:${server.address().port}`, instead };
}

async function validator(name, registry, tokens) {
  const address = `127.0.0.1:${await freePort()}`;
  write({
    [`${name}/tokens.json`]: JSON.stringify(tokens),
    [`${name}/rbac.yaml`]: readFileSync(join(root, 'deploy/kubernetes/config/rbac.yaml'), 'utf8'),
    [`${name}/service.yaml`]: JSON.stringify({
      listen: address,
      environment: 'production',
      state_dir: join(place, name, 'state'),
      policies: {
        path: registry,
        channel: 'stable',
        name: 'acme',
        trust: join(place, 'trust.json'),
        poll: '1s',
      },
      auth: {
        modes: ['static'],
        static: { file: join(place, name, 'tokens.json') },
        trust_permissions: true,
      },
      rbac: { file: join(place, name, 'rbac.yaml') },
      audit: { path: join(place, name, 'audit.log'), checkpoint_key: join(place, 'service/decision.key') },
      receipts: { key_file: join(place, 'decisions/decision.key'), audience: 'payments' },
      approvals: {},
      rollout: { min_decisions: 20 },
      results: { url: `sqlite:${join(place, name, 'results.db')}` },
      health: { memory_percent: null, cpu_percent: null, disk_percent: null },
      drain: { delay: 0 },
      log: { level: 'warn' },
    }),
  });
  mkdirSync(join(place, name, 'state'), { recursive: true });
  const child = spawn(process.execPath, [main, 'serve', '--config', join(place, name, 'service.yaml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (text) => (told += text));
  const ended = new Promise((done) => child.on('exit', done));
  running.push(() => child.kill('SIGKILL'));
  let last = 'it does not answer';
  const isReady = async () => {
    must(child.exitCode === null, `${name} ended in ${child.exitCode}\n${told}`);
    const reply = await fetch(`http://${address}/health/ready`).catch(() => null);
    if (reply) last = await reply.text();
    return reply?.ok === true;
  };
  await until(`${name} is ready`, isReady).catch((error) => {
    throw new Wrong(`${error.message}\n${last}\n${told}`);
  });
  return {
    name,
    url: `http://${address}`,
    stop: () => (child.kill('SIGTERM'), ended),
  };
}

const plan = (amount) => ({
  id: `pay-${amount}`,
  steps: [{ id: 'pay', tool: 'payments.transfer', args: { amount, to: 'ACME Ltd' } }],
});

async function decide({ url }, token, amount) {
  const reply = await fetch(`${url}/validate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(plan(amount)),
  });
  return { code: reply.status, ...(await reply.json()) };
}

/** A plan that needs somebody's yes: who asked cannot give it, another can, and an executor believes the receipt. @returns decisions made */
async function approve({ url }, token, approver) {
  const mail = { id: 'mail-1', steps: [{ id: 'send', tool: 'mail.send', args: { to: 'ann@acme.example' } }] };
  const ask = async (path, as, body) => {
    const headers = { authorization: `Bearer ${as}`, 'content-type': 'application/json' };
    const reply = await fetch(url + path, {
      headers,
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return { code: reply.status, ...(await reply.json()) };
  };
  const decision = await ask('/validate', token, mail);
  must(decision.status === 'approval' && decision.approval?.id, 'a mail wants an approval');
  const { id, digest } = decision.approval;
  const yes = { decision: 'approve', digest };
  must((await ask(`/approvals/${id}`, token, yes)).code === 403, 'who asked does not approve');
  const settled = await ask(`/approvals/${id}`, approver, yes);
  must(settled.state === 'approved', `another approves: ${JSON.stringify(settled)}`);
  const { receipt } = await ask(`/approvals/${id}`, token);
  write({
    'mail.json': JSON.stringify(mail),
    'mail.receipt.json': Buffer.from(receipt.sidecar, 'base64'),
    'other.json': JSON.stringify({
      ...mail,
      steps: [{ ...mail.steps[0], args: { to: 'eve@evil.example' } }],
    }),
  });
  const verify = (file) =>
    `plan-lint receipt verify ${file} --receipt mail.receipt.json --trust trust.json --name acme --entry ${decision.policy} --bundle-digest ${decision.bundle.digest} --executor payments`;
  shell(verify('mail.json'));
  shell(verify('other.json'), { code: 4 });
  return 1;
}

async function play() {
  write({ 'bin/plan-lint': `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n` });
  shell('chmod +x bin/plan-lint');
  const policies = (limit) => ({
    'policies/base/core-security.yaml': 'name: core\nmax_steps: 10\n',
    'policies/payments.yaml': `extends: base/core-security.yaml
policies:
  - name: payments
    rules:
      - { rule: limit, severity: high, pattern: { tool: payments.transfer, operation: amount_gt, value: ${limit} } }
      - { rule: second_look, severity: medium, enforcement: require_approval, pattern: { tool: mail.send } }
`,
    'policy-tests/payments.yaml': `tests:
  - { name: too much, plan: ${JSON.stringify(plan(limit + 1))}, expect: { status: deny, violations: [limit] } }
  - { name: enough, plan: ${JSON.stringify(plan(limit))}, expect: { status: pass } }
`,
  });
  write(policies(1000));
  say('author', 'policies and their tests are written');

  shell(`plan-lint keygen --out signer --name acme
    plan-lint keygen --out channel --any-name
    plan-lint keygen --out service --role decision
    plan-lint trust init --add signer/signer.pub --name acme --channel-key channel/signer.pub --output first.json
    plan-lint keygen --out decisions --role decision
    plan-lint trust add --trust first.json --add service/decision.pub --checkpoint '*' --output second.json --key signer/signer.key
    plan-lint trust add --trust second.json --add decisions/decision.pub --decisions --name acme --executor payments --output trust.json --key signer/signer.key`);
  const pipeline = readFileSync(join(root, 'deploy/gitlab/.gitlab-ci.yml'), 'utf8');
  // What is for a cluster stays out: there is none here.
  const lines = [...pipeline.matchAll(/^ {4}- (plan-lint .*)$/gm)].map(([, line]) => line);
  must(lines.length === 4, 'the pipeline has lint, test, bundle and publish');
  const ci = (number) => {
    rmSync(join(place, 'policy-bundle.tar.gz'), { force: true });
    const env = {
      BUNDLE_NAME: 'acme',
      CI_PIPELINE_IID: String(number),
      SIGNING_KEY: 'signer/signer.key',
      TRUST_ROOT: 'trust.json',
      CHANNEL_KEY: 'channel/signer.key',
      POLICY_REGISTRY: 'registry',
    };
    for (const line of lines) shell(line, { env });
  };
  ci(1);
  say('ci', 'lint, test, bundle, publish: as deploy/gitlab/.gitlab-ci.yml says');

  const tokens = [];
  const person = (username, facts) => {
    const secret = randomBytes(16).toString('hex');
    const sha256 = createHash('sha256').update(secret).digest('hex');
    tokens.push({ sha256, username, groups: [], permissions: [], ...facts });
    return secret;
  };
  const token = person('agent-1', { groups: ['agents'] });
  const operator = person('operator-1', { groups: ['policy-admins'] });
  const approver = person('grace', { permissions: ['approve_plan'] });
  const { address, instead } = await mirror(join(place, 'registry'));
  const validators = [];
  for (const name of ['validator-1', 'validator-2']) validators.push(await validator(name, address, tokens));
  say('validators', 'two follow the channel `stable` of a mirror');

  let decisions = 0;
  const all = async (amount, isValid) => {
    for (const each of validators) {
      const answer = await decide(each, token, amount);
      decisions += 1;
      must(
        answer.code === 200 && answer.is_valid === isValid,
        `${each.name} on ${amount}: ${JSON.stringify(answer)}`,
      );
    }
  };
  await all(500, true);
  await all(5000, false);
  must((await decide(validators[0], 'nobody', 500)).code === 401, 'a stranger is turned away');
  say('agents', 'a small payment passes, a large one is denied, a stranger is turned away');

  const head = '/channels/stable.sigstore.json';
  const old = readFileSync(join(place, 'registry', head));
  write(policies(100));
  ci(2);
  for (const each of validators)
    await until(`${each.name} has the new bundle`, async () => {
      decisions += 1;
      return !(await decide(each, token, 500)).is_valid;
    });
  say('rollout', 'a tighter limit reaches both by the channel, without a restart');

  instead.set(head, old);
  await pause(3000);
  await all(500, false);
  for (const { name } of validators)
    must(
      readFileSync(join(place, name, 'audit.log'), 'utf8').includes('channel_rollback'),
      `${name} notes the rollback`,
    );
  instead.clear();
  say('attacker', 'the mirror serves the old head: refused, noted, and nothing goes back');

  const [first, second] = validators;
  decisions += await approve(first, token, approver);
  say('approvals', 'a mail waits, another person approves it, and its receipt lets exactly this plan run');

  write(policies(1));
  shell(
    'plan-lint bundle --policy-dir policies/ --output strict.tar.gz --name acme --sequence 50 --key signer/signer.key',
  );
  const fleet = validators.map(({ url }) => `--url ${url}`).join(' ');
  const rollout = (words) =>
    shell(`plan-lint rollout ${words} --token-env OPERATOR`, { env: { OPERATOR: operator } });
  rollout(`start acme --bundle strict.tar.gz --percent 100 ${fleet}`);
  const answers = [];
  for (let n = 0; n < 25; n += 1) answers.push((await decide(first, token, 50)).is_valid);
  decisions += answers.length;
  must(
    answers.filter((isValid) => !isValid).length === 20 && answers.slice(20).every(Boolean),
    `the canary answers 20 and stops itself: ${answers.join(' ')}`,
  );
  must(
    /ended: it departs: 100.0 % of 20 plans/.test(rollout(`status acme --url ${first.url}`)),
    'the reason is told',
  );
  rollout(`rollback acme --url ${second.url}`);
  say(
    'canary',
    'a bundle that refuses too much stops itself after 20 plans; the other validator is rolled back',
  );

  await until('the results database has read the log', async () => {
    const text = await (await fetch(`${first.url}/metrics`)).text();
    return text.includes('plan_lint_sink_lag_lines{sink="results"} 0');
  });
  const dashboard = await fetch(`${first.url}/dashboard`, {
    headers: { authorization: `Bearer ${operator}` },
  });
  const page = await dashboard.text();
  for (const shown of ['<td data-label="Rule">limit</td>', 'second_look', 'signed'])
    must(page.includes(shown), `the dashboard shows ${shown}`);
  must((await fetch(`${first.url}/dashboard`)).status === 401, 'a stranger sees no dashboard');
  say('dashboard', 'volume, rules, bundles and instances, for who may see them');

  for (const each of validators) must((await each.stop()) === 0, `${each.name} ends in order`);
  let counted = 0;
  for (const { name } of validators) {
    shell(`plan-lint audit verify ${name}/audit.log --trust trust.json`);
    counted += shell(`plan-lint audit query ${name}/audit.log --action validate_plan --format jsonl`)
      .split('\n')
      .filter(Boolean).length;
  }
  must(counted === decisions, `${decisions} decisions, and ${counted} lines of audit`);
  say('audit', `${counted} decisions, ${counted} lines; both logs are whole, and as their checkpoints say`);

  write({
    'controls.yaml': `frameworks:
  SOC 2: { CC6.1: { title: Limits on payments, rules: [limit] } }
  EU AI Act: { Article 14: { title: Human oversight, rules: [second_look], evidence: [approvals, rollouts, chain] } }
`,
  });
  const report = JSON.parse(
    shell(
      'plan-lint report compliance validator-1/audit.log --controls controls.yaml --trust trust.json --results sqlite:validator-1/results.db --output report.html --format json',
    ),
  );
  must(
    report.chain.whole && report.chain.witnessed && report.database.agrees && report.approvals.receipts === 1,
    'the report is of a whole log, and the database agrees',
  );
  say(
    'compliance',
    `${report.decisions.total} decisions of one validator, as its log and its database have them`,
  );

  shell(
    'plan-lint backup --policy-dir registry --state-dir validator-1/state --trust trust.json --backup-dir backups',
  );
  say('backup', 'the registry, the state and the trust root, read back');
}

try {
  await play();
  say('not played', 'SIEM, shadow, a distributor, an object store, batches of many machines');
  say('done', `in ${Math.round((Date.now() - began) / 1000)} s`);
} catch (error) {
  if (!(error instanceof Wrong)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const stop of running) stop();
  rmSync(place, { recursive: true, force: true });
}
