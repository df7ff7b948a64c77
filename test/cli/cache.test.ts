/** The compiler's cache: it saves time, and changes nothing else, whatever becomes of its files. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskCache } from '../../bundles/disk-cache.ts';
import { run } from '../../cli/program.ts';
import { compile, renderDiagnostic } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import type { CompilerCache } from '../../compiler/index.ts';
import { place } from './place.ts';
import type { Place } from './place.ts';

const BASE = `# a base
params: { limit: { type: number, value: 100, tighten: lower } }
rules:
  - rule: limited
    pattern: { tool: pay.send, operation: amount_gt, value: "\${params.limit}" }
  - rule: words
    severity: low
    pattern: { arg: note, operation: matches, value: "(?i)(one|two|three){2,}x" }
    when: step.args.note.matches("^[a-z]+$")
deny_tokens_regex: ["AKIA[0-9A-Z]{16}"]
bounds: { pay.send.fee: [null, 3.5] }
exceptions:
  - { rule: words, scope: { context: { environment: [test] } }, reason: r, ticket: T-1, requested_by: a, approved_by: b, expires: 2027-01-01T00:00:00Z }
`;

let at: Place;
beforeEach(() => {
  at = place();
  at.write({
    'policies/base.yaml': BASE,
    'policies/team.yaml': 'extends: base.yaml\nparams: { limit: 50 }\n',
  });
});
afterEach(() => at.remove());

interface Counting extends CompilerCache {
  hits: number;
  misses: number;
}

function counting(directory: string): Counting {
  const disk = diskCache(directory);
  const cache: Counting = {
    hits: 0,
    misses: 0,
    keyOf: (parts, text) => disk.keyOf(parts, text),
    read(name, key) {
      const found = disk.read(name, key);
      if (found === undefined) cache.misses += 1;
      else cache.hits += 1;
      return found;
    },
    write: (name, key, text) => disk.write(name, key, text),
  };
  return cache;
}

async function code(cache?: CompilerCache): Promise<string> {
  const host = directoryHost(at.path('policies'));
  const { result, diagnostics } = await compile(host, cache ? { cache } : {});
  if (!result) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  return result.module.code;
}

const records = (): readonly string[] =>
  readdirSync(at.path('cache')).map((name) => at.path(join('cache', name)));

describe('a compiler with a cache', () => {
  it('makes the bytes that one without makes: cold, warm, and after a change', async () => {
    const plain = await code();
    const [cold, warm] = [counting(at.path('cache')), counting(at.path('cache'))];
    expect(await code(cold)).toBe(plain);
    expect([cold.hits, cold.misses]).toEqual([0, 3]);
    expect(await code(warm)).toBe(plain);
    expect([warm.hits, warm.misses]).toEqual([3, 0]);
    at.write({ 'policies/team.yaml': 'extends: base.yaml\nparams: { limit: 40 }\nmax_steps: 5\n' });
    const changed = counting(at.path('cache'));
    expect(await code(changed)).toBe(await code());
    expect([changed.hits, changed.misses]).toEqual([2, 1]);
  });

  it.each([
    ['cut short', (record: string) => record.slice(0, -1)],
    ['with another content', (record: string) => record.replace('100', '900')],
    ['that are empty', () => ''],
  ])('takes no records %s', async (_, damage) => {
    const plain = await code(counting(at.path('cache')));
    for (const path of records()) writeFileSync(path, damage(readFileSync(path, 'utf8')));
    const damaged = counting(at.path('cache'));
    expect(await code(damaged)).toBe(plain);
    expect(damaged.misses).toBeGreaterThan(0);
    const mended = counting(at.path('cache'));
    await code(mended);
    expect(mended.misses).toBe(0);
  });

  it('does not take the record of one file for that of another', async () => {
    await code(counting(at.path('cache')));
    const [first, second] = records();
    if (first === undefined || second === undefined) throw new Error('no records');
    writeFileSync(first, readFileSync(second));
    const swapped = counting(at.path('cache'));
    expect(await code(swapped)).toBe(await code());
    expect(swapped.misses).toBe(1);
  });

  it('repeats what it has to say of a file', async () => {
    at.write({ 'policies/team.yaml': 'extends: base.yaml\nparams: { limit: 400 }\nunknown_key: 1\n' });
    const say = async (cache: CompilerCache | undefined): Promise<readonly string[]> =>
      (await compile(directoryHost(at.path('policies')), cache ? { cache } : {})).diagnostics.map(
        renderDiagnostic,
      );
    const plain = await say(undefined);
    expect(plain).toHaveLength(1);
    expect(await say(counting(at.path('cache')))).toEqual(plain);
    expect(await say(counting(at.path('cache')))).toEqual(plain);
  });

  it('does without where nothing can be kept', async () => {
    at.write({ cache: 'a file, not a directory' });
    expect(await code(counting(at.path('cache')))).toBe(await code());
  });
});

describe('the command line', () => {
  it('keeps a cache where it is told to, and none with --no-cache', async () => {
    expect(await run(['lint', '--policy-dir', 'policies', '--no-cache'], at.io)).toBe(0);
    expect(existsSync(at.path('cache'))).toBe(false);
    expect(await run(['lint', '--policy-dir', 'policies', '--cache-dir', 'cache'], at.io)).toBe(0);
    expect(records().length).toBe(3);
  });

  it('signs what is compiled anew, unless the cache is named', async () => {
    const words = ['bundle', '--policy-dir', 'policies', '--output', 'a.mjs', '--unsigned', '--force'];
    expect(await run(words, at.io)).toBe(0);
    expect(existsSync(at.path('node_modules'))).toBe(false);
    const anew = at.read('a.mjs');
    expect(await run([...words, '--cache-dir', 'cache'], at.io)).toBe(0);
    expect(records().length).toBe(3);
    expect(at.read('a.mjs')).toBe(anew);
  });
});
