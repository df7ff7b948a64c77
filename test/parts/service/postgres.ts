/** A PostgreSQL server of this machine, on a port of loopback, with its data in a directory of the test. */
import { spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';

export interface Postgres {
  readonly url: string;
  readonly start: () => void;
  readonly stop: (how: 'immediate' | 'fast') => void;
  /** Ends it, whatever state it is in. */
  readonly end: () => void;
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

export async function startPostgres(directory: string): Promise<Postgres> {
  const { stdout } = spawnSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | tail -n 1'], {
    encoding: 'utf8',
  });
  const bin = stdout.trim();
  const data = join(directory, 'data');
  const port = await freePort();
  // It refuses to run for root.
  const isRoot = process.getuid?.() === 0;
  const id = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  const owner = isRoot ? { uid: id('-u'), gid: id('-g') } : {};
  if (isRoot) chownSync(directory, id('-u'), id('-g'));
  const run = (program: string, ...args: readonly string[]): void => {
    const { status, stderr } = spawnSync(join(bin, program), args, {
      ...owner,
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  };
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${directory}`;
  const control = (...args: readonly string[]): void => run('pg_ctl', '-D', data, '-w', ...args);
  const start = (): void => control('-l', join(directory, 'log'), '-o', options, 'start');
  run('initdb', '-D', data, '-U', 'plan_lint', '--auth=trust', '-E', 'UTF8', '--no-sync');
  start();
  return {
    url: `postgres://plan_lint@127.0.0.1:${port}/postgres`,
    start,
    stop: (how) => control('-m', how, 'stop'),
    end: () =>
      void spawnSync(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop'], {
        ...owner,
        cwd: directory,
      }),
  };
}
