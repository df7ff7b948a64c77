/**
 * The built program by the roads that others take: certificates of clients, batches and large plans in threads, receipts that the command
 * line verifies, a ConfigMap that Kubernetes swaps, a bundle at an address.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from '../../../service/audit/verify.ts';
import { directoryOf, writeAll } from '../../service/support/running.ts';
import type { Tree } from '../../service/support/running.ts';
import { ask, settings, startProgram } from './program.ts';
import type { Program } from './program.ts';

const MAIN = join(import.meta.dirname, '../../../dist/cli/main.js');
const directory = directoryOf({
  'policies/finance.yaml':
    'rules:\n  - rule: limit\n    severity: high\n    pattern: { tool: payments.transfer, operation: amount_gt, value: 1000 }\n',
  'loose/finance.yaml': 'max_steps: 5\n',
});
const at = (name: string): string => join(directory, name);
let program: Program;
afterAll(() => rmSync(directory, { recursive: true }));

function run(
  file: string,
  args: readonly string[],
): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: directory, encoding: 'utf8' });
  return { status, text: stdout + stderr };
}
function succeeds(file: string, line: string): string {
  const { status, text } = run(
    file,
    file === process.execPath ? [MAIN, ...line.split(' ')] : line.split(' '),
  );
  expect(status, text).toBe(0);
  return text;
}
const planLint = (line: string): string => succeeds(process.execPath, line);

/** A folder as a ConfigMap is mounted: names that lead through `..data` to the version of now. */
function mount(version: string): void {
  mkdirSync(at(`mount/..${version}`), { recursive: true });
  for (const name of ['acme.mjs', 'acme.mjs.sigstore.json'])
    writeFileSync(at(`mount/..${version}/${name}`), readFileSync(at(`${version}/${name}`)));
  symlinkSync(`..${version}`, at('mount/..data_tmp'));
  renameSync(at('mount/..data_tmp'), at('mount/..data'));
}

beforeAll(() => {
  planLint('keygen --out keys --name acme');
  planLint('keygen --out keys --role decision');
  planLint(
    'trust add --trust keys/trust.json --add keys/decision.pub --decisions --executor payments --max-life 10m --output trust.json --key keys/signer.key',
  );
  for (const [version, sources] of [
    ['first', 'policies'],
    ['second', 'loose'],
  ]) {
    mkdirSync(at(String(version)));
    planLint(
      `bundle --policy-dir ${String(sources)} --name acme --sequence ${version === 'first' ? 1 : 2} --output ${String(version)}/acme.mjs --key keys/signer.key`,
    );
    planLint(
      `bundle --policy-dir ${String(sources)} --name acme --sequence ${version === 'first' ? 1 : 2} --output ${String(version)}/single.mjs --single-file --key keys/signer.key`,
    );
  }
  mount('first');
  for (const name of ['acme.mjs', 'acme.mjs.sigstore.json'])
    symlinkSync(`..data/${name}`, at(`mount/${name}`));
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';
  const ssl = (line: string): string => succeeds('openssl', line);
  ssl(`req -x509 ${key} -keyout ca.key -out ca.pem -days 30 -subj /CN=ca`);
  for (const [name, alternative] of [
    ['server', 'IP:127.0.0.1'],
    ['agent', 'URI:spiffe://acme/agent'],
    ['stranger', 'URI:spiffe://acme/stranger'],
  ]) {
    ssl(
      `req ${key} -keyout ${String(name)}.key -out ${String(name)}.csr -subj /CN=${String(name)} -addext subjectAltName=${String(alternative)}`,
    );
    ssl(
      `x509 -req -in ${String(name)}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out ${String(name)}.pem -days 30 -copy_extensions copy`,
    );
  }
}, 120_000);

const transfer = (id: string, amount: number, pad = ''): object => ({
  id,
  steps: [{ id: 's', tool: 'payments.transfer', args: { amount, to: 'DE89', pad } }],
});

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Over TLS, with a certificate of one's own, or without. */
function asked(path: string, body: string, who: string | null, type = 'application/json'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const own =
      who === null ? {} : { cert: readFileSync(at(`${who}.pem`)), key: readFileSync(at(`${who}.key`)) };
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    const options = { method: 'POST', ca: readFileSync(at('ca.pem')), agent: false, headers, ...own };
    const sent = request(program.url + path, options, (reply) => {
      let text = '';
      reply.on('data', (part: Buffer) => (text += part.toString()));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('with certificates of clients and a ConfigMap', () => {
  beforeAll(async () => {
    writeAll(directory, {
      'rbac.yaml':
        'roles: { agent: { permissions: [validate_plan, read_policy] } }\nbindings: [{ role: agent, users: [agent-7] }]\n',
    });
    program = await startProgram(
      settings(directory, {
        auth: { modes: ['mtls'], mtls: { users: { 'URI:spiffe://acme/agent': 'agent-7' } } },
        rbac: { file: at('rbac.yaml') },
        tls: { cert_file: at('server.pem'), key_file: at('server.key'), client_ca_file: at('ca.pem') },
        policies: {
          path: at('mount'),
          trust: at('trust.json'),
          name: 'acme',
          poll: '1h',
          load_timeout: '60s',
        },
        receipts: { key_file: at('keys/decision.key'), audience: 'payments' },
        limits: { loop_delay: '60s', workers: 2 },
        state_dir: at('state'),
        drain: { delay: 0 },
      }),
    );
  });
  afterAll(async () => {
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    const { findings, decisions } = await verifyLog({ path: at('log/audit.log') });
    expect(findings).toEqual([]);
    expect(decisions).toBeGreaterThan(40);
  });

  it('whoever is named is answered, others are strangers', async () => {
    const body = JSON.stringify(transfer('p', 5_000));
    expect(JSON.parse((await asked('/validate', body, 'agent')).text)).toMatchObject({ is_valid: false });
    expect((await asked('/validate', body, 'stranger')).status).toBe(401);
    expect((await asked('/validate', body, null)).status).toBe(401);
    expect(readFileSync(at('log/audit.log'), 'utf8')).toContain('"user":"agent-7"');
  });

  it('a batch and a plan of 300 KiB are decided in threads, as they are elsewhere', async () => {
    const lines = Array.from({ length: 40 }, (_, n) => JSON.stringify(transfer(`p${n}`, n % 2 ? 5_000 : 5)));
    const { status, text } = await asked(
      '/validate/batch',
      lines.join('\n'),
      'agent',
      'application/x-ndjson',
    );
    expect(status).toBe(200);
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Tree);
    expect(answers.map((answer) => answer['is_valid'])).toEqual(lines.map((_, n) => n % 2 === 0));
    for (const [amount, isValid] of [
      [5, true],
      [5_000, false],
    ] as const) {
      const large = JSON.stringify(transfer('large', amount, 'x'.repeat(300 << 10)));
      expect(JSON.parse((await asked('/validate', large, 'agent')).text)).toMatchObject({
        is_valid: isValid,
      });
    }
  });

  it('a receipt is what the command line verifies, and of no other plan', async () => {
    const plan = transfer('paid', 50);
    const { text } = await asked('/validate?receipt=true', JSON.stringify(plan), 'agent');
    const { receipt } = JSON.parse(text) as { receipt: { sidecar: string } };
    writeAll(directory, {
      'plan.json': JSON.stringify(plan),
      'other.json': JSON.stringify(transfer('paid', 51)),
      'receipt.json': Buffer.from(receipt.sidecar, 'base64'),
    });
    const verify = (file: string, executor: string): number | null =>
      run(process.execPath, [
        MAIN,
        ...`receipt verify ${file} --receipt receipt.json --bundle first/acme.mjs --trust trust.json --executor ${executor}`.split(
          ' ',
        ),
      ]).status;
    expect(verify('plan.json', 'payments')).toBe(0);
    expect(verify('other.json', 'payments')).not.toBe(0);
    expect(verify('plan.json', 'mail')).not.toBe(0);
  });

  it('a ConfigMap that is swapped decides, without a look at the clock', async () => {
    const body = JSON.stringify(transfer('p', 5_000));
    mount('second');
    await expect
      .poll(async () => (JSON.parse((await asked('/validate', body, 'agent')).text) as Tree)['is_valid'], {
        timeout: 30_000,
      })
      .toBe(true);
    // Swapped back, it is an older one: refused, and what decides stays.
    mount('first');
    await expect
      .poll(() => readFileSync(at('log/audit.log'), 'utf8').includes('sequence_rollback'), {
        timeout: 30_000,
      })
      .toBe(true);
    expect(JSON.parse((await asked('/validate', body, 'agent')).text)).toMatchObject({ is_valid: true });
  });
});

describe('with a bundle at an address', () => {
  let version = 'first';
  let isBroken = false;
  const statuses: number[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    if (!existsSync(at(`${version}${url}`))) return void response.writeHead(404).end();
    const bytes = readFileSync(at(`${version}${url}`));
    const etag = `"${version}-${String(isBroken)}"`;
    const status = headers['if-none-match'] === etag ? 304 : 200;
    statuses.push(status);
    response.writeHead(status, { etag });
    response.end(status === 304 ? undefined : isBroken ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes);
  });
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    program = await startProgram(
      settings(directory, {
        audit: { path: at('followed/audit.log') },
        policies: {
          path: `http://127.0.0.1:${port}/single.mjs`,
          trust: at('trust.json'),
          name: 'acme',
          poll: '200ms',
          load_timeout: '60s',
        },
        drain: { delay: 0 },
      }),
    );
  });
  afterAll(async () => {
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    server.close();
  });
  const isValid = async (): Promise<unknown> => {
    const { text } = await ask(`${program.url}/validate`, { body: JSON.stringify(transfer('p', 5_000)) });
    return (JSON.parse(text) as Tree)['is_valid'];
  };
  const lastError = async (): Promise<unknown> => {
    const { text } = await ask(`${program.url}/policies/acme`);
    return (JSON.parse(text) as Tree)['last_error'];
  };

  it('it decides, is asked for by its ETag, and another one takes its place', async () => {
    await expect.poll(isValid, { timeout: 30_000 }).toBe(false);
    await expect.poll(() => statuses.includes(304), { timeout: 30_000 }).toBe(true);
    version = 'second';
    await expect.poll(isValid, { timeout: 30_000 }).toBe(true);
  });

  it('one that was changed on the way is refused; that nothing is new since does not hide it', async () => {
    isBroken = true;
    await expect.poll(lastError, { timeout: 30_000 }).toMatchObject({ code: 'single_file_malformed' });
    const before = statuses.length;
    await expect.poll(() => statuses.length, { timeout: 30_000 }).toBeGreaterThan(before + 4);
    expect(await lastError()).toMatchObject({ code: 'single_file_malformed' });
    expect(await isValid()).toBe(true);
    expect(readFileSync(at('followed/audit.log'), 'utf8')).toContain('"code":"single_file_malformed"');
  });
});
