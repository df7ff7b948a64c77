/** What the compiler's cache saves: 10,000 rules in 50 files, built anew and again after one file has changed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskCache } from '../bundles/disk-cache.ts';
import { compile, memoryHost } from '../compiler/index.ts';
import type { CompilerCache } from '../compiler/index.ts';
import { clock, quartile } from './measure.ts';
import { policyText } from './policy.ts';
import { makeWorkload } from './workload.ts';

/** Milliseconds of processor time, lower quartile. */
export interface Rebuild {
  readonly rules: number;
  readonly files: number;
  readonly without: number;
  readonly warm: number;
}

const FILES = 50;
const ROUNDS = 5;

/** @throws Error when the bytes with and without the cache differ */
export async function rebuild(rules: number): Promise<Rebuild> {
  const directory = await mkdtemp(join(tmpdir(), 'plan-lint-bench-'));
  try {
    const cache = diskCache(directory);
    await built(filesOf(rules, 0), cache);
    const [without, warm]: number[][] = [[], []];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const files = filesOf(rules, round);
      const kept = await built(files, cache);
      const anew = await built(files);
      if (kept.code !== anew.code) throw new Error('the cache changes what is compiled');
      warm?.push(kept.milliseconds);
      without?.push(anew.milliseconds);
    }
    return { rules, files: FILES, without: quartile(without ?? []), warm: quartile(warm ?? []) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Build {
  readonly code: string;
  readonly milliseconds: number;
}

async function built(files: Readonly<Record<string, string>>, cache?: CompilerCache): Promise<Build> {
  const start = clock();
  const { result, diagnostics } = await compile(memoryHost(files), cache ? { cache } : {});
  if (!result) throw new Error(diagnostics[0]?.message ?? 'nothing was compiled');
  return { code: result.module.code, milliseconds: (clock() - start) / 1000 };
}

/** The workload in parts that one file extends; in each round another part has changed. */
function filesOf(rules: number, round: number): Readonly<Record<string, string>> {
  const workload = makeWorkload(rules);
  const size = Math.ceil(rules / FILES);
  const parts = Array.from({ length: FILES }, (_, i): readonly [string, string] => {
    const some = { ...workload, rules: workload.rules.slice(i * size, (i + 1) * size) };
    const text = policyText(some).replace('name: bench', `name: part-${i}`);
    return [`part-${i}.yaml`, i === round ? `# changed in round ${round}\n${text}` : text];
  });
  return Object.fromEntries([
    ...parts,
    ['all.yaml', `extends: [${parts.map(([path]) => path).join(', ')}]\n`],
  ]);
}
