/**
 * `npm run bench -- service`: processor time of the server per request, the service beside a Fastify that only echoes, in turns.
 * `--seconds N` of each measurement, `--rounds N`; `--prof DIR` writes a processor profile of the service.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const option = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback);
};
const seconds = Number(option('seconds', '4'));
const rounds = Number(option('rounds', '3'));
const profile = option('prof', '');

/** Of the kernel's clock for processes, a second. */
const TICKS = 100;
const CONNECTIONS = 16;
const RULES = 1_000;

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
}

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-bench-'));

function plan(steps: number): string {
  const step = (n: number): object => ({
    id: `s${n}`,
    tool: n % 2 === 0 ? 'db.query' : 'mail.send',
    args: {
      sql: `SELECT name, email FROM customers WHERE id = ${n} ORDER BY name LIMIT 10`,
      to: `user-${n}@example.com`,
      amount: n,
      note: 'a short note that somebody has written for whoever reads it',
    },
  });
  return JSON.stringify({ id: 'plan-1', steps: Array.from({ length: steps }, (_, n) => step(n)) });
}

/** A thousand rules, most of them about other tools, as in a policy of a company. */
function policies(): string {
  const rules = Array.from(
    { length: RULES },
    (_, n) =>
      `      - { rule: r${n}, severity: low, pattern: { tool: "tool${n % 200}.act", arg: amount, operation: gt, value: ${n} } }`,
  );
  return `policies:\n  - name: base\n    max_steps: 100\n    rules:\n${rules.join('\n')}\n`;
}

async function started(args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString();
      const found = /listens on (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${String(code)}: ${said}`)));
  });
  return { child, url };
}

function startService(): Promise<Server> {
  mkdirSync(join(directory, 'policies'));
  writeFileSync(join(directory, 'policies/base.yaml'), policies());
  const sha256 = createHash('sha256').update('bench').digest('hex');
  writeFileSync(
    join(directory, 'tokens.json'),
    JSON.stringify([{ sha256, username: 'ada', permissions: ['validate_plan'] }]),
  );
  const config = {
    listen: '127.0.0.1:0',
    auth: { modes: ['static'], static: { file: join(directory, 'tokens.json') }, trust_permissions: true },
    policies: { path: join(directory, 'policies') },
    audit: { path: join(directory, 'audit/audit.log') },
    health: { memory_percent: null, cpu_percent: null, disk_percent: null },
    limits: { loop_delay: '60s' },
    drain: { delay: '0' },
    log: { level: 'error' },
  };
  writeFileSync(join(directory, 'service.json'), JSON.stringify(config));
  const profiling = profile === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const main = join(root, 'dist/cli/main.js');
  return started([...profiling, main, 'serve', '--config', join(directory, 'service.json')]);
}

/** Microseconds of the processor that a process has used. */
function processorTime({ child }: Server): number {
  const stat = readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1e6;
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function ask(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: 'Bearer bench',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const asked = request(`${url}/validate`, { method: 'POST', agent, headers }, (reply) => {
      reply.resume();
      reply.once('end', () => resolve(reply.statusCode ?? 0));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

interface Measured {
  /** Microseconds of the server's processor time, a request. */
  readonly micros: number;
  readonly perSecond: number;
}

async function measure(server: Server, body: string, duration = seconds): Promise<Measured> {
  const until = performance.now() + duration * 1_000;
  const before = processorTime(server);
  let count = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        const status = await ask(server.url, body);
        if (status !== 200) throw new Error(`${server.url} answers ${status}`);
        count += 1;
      }
    }),
  );
  return { micros: (processorTime(server) - before) / count, perSecond: count / duration };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const begun = performance.now();
const service = await startService();
console.log(`ready after ${Math.round(performance.now() - begun)} ms, with ${RULES} rules compiled at start`);
const echo = await started([fileURLToPath(new URL('service-echo.js', import.meta.url))]);
try {
  for (const steps of [5, 50]) {
    const body = plan(steps);
    for (const server of [service, echo]) await measure(server, body, 2);
    const ours: number[] = [];
    const theirs: number[] = [];
    let perSecond = 0;
    for (let round = 0; round < rounds; round += 1) {
      const measured = await measure(service, body);
      ours.push(measured.micros);
      perSecond = Math.max(perSecond, measured.perSecond);
      theirs.push((await measure(echo, body)).micros);
    }
    const [micros, base] = [median(ours), median(theirs)];
    console.log(
      `${steps} steps, ${body.length} bytes: service ${micros.toFixed(1)} µs, echo ${base.toFixed(1)} µs, ratio ${(micros / base).toFixed(2)}; ${Math.round(perSecond)} requests a second`,
    );
  }
} finally {
  agent.destroy();
  for (const { child } of [service, echo]) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(directory, { recursive: true });
}
