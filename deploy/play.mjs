// The source document's architecture on one machine, with the real programs: author ▸ CI ▸ registry ▸ two validators ▸ agents ▸ audit,
// results. `npm run build && node deploy/play.mjs`; it ends in 1 where anything is not as it must be.
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
      auth: { modes: ['static'], static: { file: join(place, name, 'tokens.json') } },
      rbac: { file: join(place, name, 'rbac.yaml') },
      audit: { path: join(place, name, 'audit.log'), checkpoint_key: join(place, 'service/decision.key') },
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
    plan-lint trust add --trust first.json --add service/decision.pub --checkpoint '*' --output trust.json --key signer/signer.key`);
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

  const token = randomBytes(16).toString('hex');
  const sha256 = createHash('sha256').update(token).digest('hex');
  const tokens = [{ sha256, username: 'agent-1', groups: ['agents'], permissions: [] }];
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

  shell(
    'plan-lint backup --policy-dir registry --state-dir validator-1/state --trust trust.json --backup-dir backups',
  );
  say('backup', 'the registry, the state and the trust root, read back');
}

try {
  await play();
  say('not played', 'SIEM, the results database, canary, shadow, approvals, dashboard');
  say('done', `in ${Math.round((Date.now() - began) / 1000)} s`);
} catch (error) {
  if (!(error instanceof Wrong)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const stop of running) stop();
  rmSync(place, { recursive: true, force: true });
}
