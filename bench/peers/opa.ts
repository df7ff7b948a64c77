import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Missing } from '../engine.ts';
import type { Engine, Prepared } from '../engine.ts';
import { peer } from './indexed.ts';
import { dataOf, dataPolicy, ENTRYPOINT, flatPolicy } from './rego.ts';

type Answer = readonly [{ readonly result: readonly (readonly [step: number, name: string])[] }];
interface OpaWasm {
  readonly loadPolicy: (wasm: Uint8Array) => Promise<{
    setData(data: object): void;
    evaluate(input: object): Answer;
  }>;
}

/**
 * Compiles rego with the `opa` command: the one that `OPA` names, else the one on the path.
 *
 * @throws Missing where there is none
 */
export async function wasmOf(rego: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'plan-lint-opa-'));
  try {
    const [policy, bundle] = [join(folder, 'policy.rego'), join(folder, 'bundle.tar.gz')];
    await writeFile(policy, rego);
    await run(['build', '-t', 'wasm', '-e', ENTRYPOINT, '-o', bundle, policy]);
    return memberOf(gunzipSync(await readFile(bundle)), 'policy.wasm');
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function run(words: readonly string[]): Promise<void> {
  const opa = process.env['OPA'] ?? 'opa';
  try {
    await promisify(execFile)(opa, words);
  } catch (error) {
    const { code, stderr = '' } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT')
      throw new Missing(
        `no command \`${opa}\` to compile rego with (go install github.com/open-policy-agent/opa@latest, or OPA=its path)`,
      );
    throw new Error(
      `\`${opa}\` does not compile the rego: ${stderr.trim().replace(/\s+/g, ' ') || String(error)}`,
      { cause: error },
    );
  }
}

const BLOCK = 512;

/** One file of a tar archive (POSIX.1-1988 `ustar`), wherever in it the file lies. */
export function memberOf(archive: Uint8Array, file: string): Uint8Array {
  const text = (from: number, length: number): string =>
    Buffer.from(archive.subarray(from, from + length))
      .toString('latin1')
      .replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (Number.isNaN(size)) throw new Error('the archive is not a tar archive');
    const start = at + BLOCK;
    if (start + size > archive.length) throw new Error('the archive is cut short');
    if (text(at, 100).replace(/^\/+/, '') === file) return archive.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`the archive has no \`${file}\``);
}

async function prepared(wasm: Uint8Array, data?: object): Promise<Prepared> {
  const { loadPolicy } = await peer<OpaWasm>('@open-policy-agent/opa-wasm');
  const policy = await loadPolicy(wasm);
  if (data) policy.setData(data);
  const decide = (plan: object): Answer[0]['result'] => policy.evaluate(plan)[0].result;
  return {
    decide,
    verdict: (plan) =>
      decide(plan)
        .map(([step, name]) => `${step}:${name}`)
        .sort(),
    bytes: wasm.length + (data ? JSON.stringify(data).length : 0),
  };
}

let once: Promise<Uint8Array> | undefined;

/** One policy and the rules as data, by tool: a whole plan at once. */
export const opa: Engine = {
  name: 'OPA wasm (rules as data)',
  most: 1000,
  async prepare(workload) {
    once ??= wasmOf(dataPolicy());
    return prepared(await once, dataOf(workload));
  },
};

/** A body a rule. */
export const opaFlat: Engine = {
  name: 'OPA wasm (flat rego)',
  most: 1000,
  async prepare(workload) {
    return prepared(await wasmOf(flatPolicy(workload)));
  },
};
