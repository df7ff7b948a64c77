/** A directory with a signed bundle for the tools of real MCP servers, and the built program to stand before them. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { place } from '../../cli/place.ts';

const root = new URL('../../../', import.meta.url);
export const MAIN = fileURLToPath(new URL('dist/cli/main.js', root));
export const FILES = fileURLToPath(
  new URL('node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', root),
);
export const EVERYTHING = fileURLToPath(
  new URL('node_modules/@modelcontextprotocol/server-everything/dist/index.js', root),
);
export const support = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export interface Stage {
  readonly directory: string;
  readonly run: (...args: readonly string[]) => {
    readonly status: number | null;
    readonly out: string;
    readonly err: string;
  };
  readonly read: (name: string) => string;
  readonly path: (name: string) => string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Words behind `node` that start the proxy before a server. */
  readonly proxy: (server: readonly string[], ...flags: readonly string[]) => string[];
  /** Signs the policies; the catalog is that of the server, where one is named. */
  readonly bundle: (name: string, policy: string, ...flags: readonly string[]) => void;
  readonly remove: () => void;
}

/** @throws where a command fails */
export function stage(): Stage {
  const at = place();
  const run: Stage['run'] = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: at.directory,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, out: stdout, err: stderr };
  };
  const must = (...args: readonly string[]): void => {
    const { status, out, err } = run(...args);
    if (status !== 0) throw new Error(`${args.join(' ')}: ${status}\n${out}${err}`);
  };
  must('keygen', '--out', 'keys', '--any-name');
  return {
    directory: at.directory,
    run,
    read: (name) => at.read(name),
    path: (name) => at.path(name),
    write: (files) => at.write(files),
    proxy: (server, ...flags) => [
      MAIN,
      'mcp',
      ...['--bundle', at.path('acme.mjs'), '--trust', at.path('keys/trust.json'), ...flags],
      ...(server.length > 0 ? ['--', ...server] : []),
    ],
    bundle(name, policy, ...flags) {
      at.write({ [`${name}/policy.yaml`]: policy });
      const output = ['--output', 'acme.mjs', '--force', '--key', 'keys/signer.key'];
      must('bundle', '--policy-dir', name, ...output, '--name', 'acme', '--capability', 'session', ...flags);
    },
    remove: () => at.remove(),
  };
}
