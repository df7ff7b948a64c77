/** The built program `plan-lint serve`, in a process of its own, and those who ask it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { tokenDigest } from '../../../service/auth/static.ts';
import { writeAll } from '../../service/support/running.ts';

const MAIN = join(import.meta.dirname, '../../../dist/cli/main.js');

export interface Program {
  readonly child: ChildProcess;
  readonly url: string;
  readonly stderr: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** Settings of a program under test: tokens `validator` and `admin`, nothing of the machine decides. */
export function settings(directory: string, more: object = {}): string {
  const people = [
    { sha256: tokenDigest('validator'), username: 'ada', permissions: ['validate_plan', 'read_policy'] },
    {
      sha256: tokenDigest('admin'),
      username: 'root',
      permissions: ['update_policy', 'create_policy', 'apply_policy', 'read_policy'],
    },
  ];
  const tree = {
    listen: '127.0.0.1:0',
    auth: { modes: ['static'], static: { file: join(directory, 'tokens.json') }, trust_permissions: true },
    audit: { path: join(directory, 'log/audit.log') },
    health: { memory_percent: null, cpu_percent: null, disk_percent: null },
    limits: { loop_delay: '60s' },
    log: { level: 'error' },
    ...more,
  };
  writeAll(directory, { 'tokens.json': JSON.stringify(people), 'service.json': JSON.stringify(tree) });
  return join(directory, 'service.json');
}

export async function startProgram(config: string, execArgv: readonly string[] = []): Promise<Program> {
  const child = spawn(process.execPath, [...execArgv, MAIN, 'serve', '--config', config], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let stderr = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (part: Buffer) => {
      stderr += part.toString();
      const found = /listens on (\S+)/.exec(stderr)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then((code) => reject(new Error(`it ended with ${String(code)}: ${stderr}`)));
  });
  return { child, url, stderr: () => stderr, ended };
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Connections that are kept, as those of an agent. */
export const keepAlive = (): Agent => new Agent({ keepAlive: true, maxSockets: 64 });

export function ask(
  url: string,
  {
    as = 'validator',
    body,
    method,
    agent,
    headers = {},
  }: {
    as?: string;
    body?: string | Uint8Array;
    method?: string;
    agent?: Agent;
    headers?: Record<string, string>;
  } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        // Without one of its own, each request has a connection of its own: a reused one may be closed just then.
        agent: agent ?? false,
        headers: {
          authorization: `Bearer ${as}`,
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Several who ask again and again until they are told to stop. */
export function crowd(people: number, once: (n: number) => Promise<void>): { stop: () => Promise<number> } {
  let isOver = false;
  let asked = 0;
  const all = Array.from({ length: people }, async () => {
    while (!isOver) await once((asked += 1));
  });
  return {
    async stop() {
      isOver = true;
      await Promise.all(all);
      return asked;
    },
  };
}

/** Megabytes that a process has in memory. */
export const residentOf = ({ child }: Program): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;

/** A figure of `/metrics`. */
export async function figureOf(url: string, name: string): Promise<number> {
  const { text } = await ask(`${url}/metrics`);
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
}
