/** The built program as a shell runs it. `npm test` builds it first. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'dist/cli/main.js');
beforeAll(() => {
  if (!existsSync(main)) throw new Error('npm run build comes first');
});

let at: Place;
beforeEach(() => {
  at = place();
  at.write(DOCUMENT_POLICIES);
});
afterEach(() => at.remove());

const planLint = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [main, ...args], { cwd: at.directory, encoding: 'utf8' });

const transfer = (id: number): string =>
  `${JSON.stringify({ id: `p${id}`, steps: [{ id: 's', tool: 'payments.transfer', args: { amount: id * 100 } }] })}\n`;

/** Verbs and the verbs below them, as help lists them. */
async function verbs(...above: string[]): Promise<string[][]> {
  await run([...above, '--help'], at.io);
  const [, list = ''] = at.out().split('Commands:\n');
  const names = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  const found: string[][] = [];
  for (const name of names) {
    if (name === 'help') continue;
    found.push([...above, name], ...(above.length < 1 ? await verbs(...above, name) : []));
  }
  return found;
}

describe('manners', () => {
  it('every verb has help with an example', async () => {
    const all = await verbs();
    expect(all.length).toBeGreaterThan(8);
    for (const path of all) {
      expect(await run([...path, '--help'], at.io)).toBe(0);
      const out = at.out();
      // Of `trust` and `cert` the verb that groups the others has the examples of all.
      if (path.length > 1 && (path[0] === 'trust' || path[0] === 'cert')) continue;
      expect(out, path.join(' ')).toContain('Example:\n  $ ');
    }
  });

  it('a near miss of a verb or a flag gets a hint', async () => {
    expect(await run(['validat-batch'], at.io)).toBe(2);
    expect(at.err()).toContain('hint: did you mean `validate-batch`?');
    expect(await run(['lint', '--polcy-dir', 'x'], at.io)).toBe(2);
    expect(at.err()).toContain('hint: did you mean `--policy-dir`?');
    expect(await run(['validate-batch', '--report-format', 'yaml'], at.io)).toBe(2);
    expect(at.err()).toContain('jsonl, sarif');
  });

  it('results go to stdout, talk to stderr, and NO_COLOR and pipes keep colours away', () => {
    const { status, stdout, stderr } = planLint('lint', '--policy-dir', 'policies/');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'no findings\n', stderr: '' });
  });

  it('a reader that goes away is no error', () => {
    at.write({ 'p.jsonl': Array.from({ length: 20_000 }, (_, i) => transfer(i)).join('') });
    const command = `'${process.execPath}' '${main}' validate-batch p.jsonl --policy-dir policies --report-format jsonl | head -1; echo "\${PIPESTATUS[0]}"`;
    const out = execFileSync('bash', ['-c', command], { cwd: at.directory, encoding: 'utf8', stdio: 'pipe' });
    expect(out.trim().split('\n')[1]).toMatch(/^[01]$/);
  });

  it('nobody sees a stack trace who has not asked for one', () => {
    const { stderr, status } = planLint('validate', 'none.json', '--policy-dir', 'policies');
    expect(status).toBe(2);
    expect(stderr).not.toContain('    at ');
  });

  it('completion scripts are valid and complete', () => {
    at.write({ 'c.sh': planLint('completion', 'bash').stdout });
    const asked: readonly (readonly [string, string])[] = [
      ['report merge --fail-on ""', 'info low medium high critical never'],
      ['trust ""', 'init add rotate revoke renew set withdraw update show'],
      ['completion ""', 'bash zsh fish'],
      ['validate --poli', '--policy-dir'],
      // Nothing of ours: the shell offers files.
      ['validate --policy-dir ""', ''],
      ['validate ""', ''],
    ];
    const script = asked.map(([words]) => {
      const count = words.split(' ').length;
      return `COMP_WORDS=(plan-lint ${words}); COMP_CWORD=${count}; _plan_lint; echo "\${COMPREPLY[*]}"`;
    });
    const out = execFileSync('bash', ['-c', ['source c.sh', ...script].join('\n')], {
      cwd: at.directory,
      encoding: 'utf8',
    });
    const offered = out.trimEnd().split('\n');
    expect(asked.map(([words], index) => [words, offered[index] ?? ''])).toEqual(asked);
    expect(planLint('completion', 'zsh').stdout).toMatch(/^#compdef plan-lint/);
    expect(planLint('completion', 'fish').stdout).toContain('complete -c plan-lint');
  });
});

/** A report without the time it was made at; Markdown escapes what it is written with. */
const undated = (report: string): string => report.replace(/2\d{3}\\?-\d\d\\?-\d\dT[\d\\:.]+Z/g, 'then');

describe('validate-batch', () => {
  it('gives the same reports with threads as without', () => {
    at.write({ 'plans/p.jsonl': Array.from({ length: 5000 }, (_, i) => transfer(i)).join('') });
    const batch = (jobs: string): void => {
      const outputs = ['json', 'xml', 'sarif', 'html', 'md'].flatMap((type) => [
        '--output',
        `r${jobs}.${type}`,
      ]);
      const command = ['validate-batch', '--plans-dir', 'plans', '--policy-dir', 'policies', '--jobs', jobs];
      expect(planLint(...command, ...outputs).status).toBe(1);
    };
    batch('1');
    batch('3');
    for (const type of ['json', 'xml', 'sarif', 'html', 'md']) {
      expect(undated(at.read(`r3.${type}`))).toBe(undated(at.read(`r1.${type}`)));
    }
  });

  it('simulate and mutants say the same with threads as without', () => {
    at.write({
      'plans/p.jsonl': Array.from({ length: 9000 }, (_, i) => transfer(i)).join(''),
      'next/base.yaml': 'name: base\nmax_steps: 9\n',
      'tests/t.yaml': 'step: { tool: db.query, args: { sql: 1=1 } }\nexpect: { status: deny }\n',
    });
    const simulate = ['simulate', '--old', 'policies', '--new', 'next', '--plans-dir', 'plans', '--json'];
    const mutate = ['test-policies', '--policy-dir', 'policies', '--test-dir', 'tests', '--mutate', '--json'];
    for (const command of [simulate, mutate]) {
      const [alone, together] = ['1', '3'].map((jobs) => planLint(...command, '--jobs', jobs));
      expect(alone).toMatchObject({ status: 0, stderr: '' });
      expect(undated(together?.stdout ?? '')).toBe(undated(alone?.stdout ?? ''));
    }
  });

  it('ends in order when interrupted', async () => {
    const args = ['validate-batch', '-', '--policy-dir', 'policies', '--output', 'r.json', '--jobs', '2'];
    const child = spawn(process.execPath, [main, ...args], { cwd: at.directory, stdio: 'pipe' });
    child.stdin.write(Array.from({ length: 5000 }, (_, i) => transfer(i)).join(''));
    while (!existsSync(at.path('r.json'))) await new Promise((done) => setTimeout(done, 50));
    await new Promise((done) => setTimeout(done, 300));
    const ended = new Promise<number | null>((done) => child.on('close', done));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(() => void JSON.parse(at.read('r.json'))).not.toThrow();
  });
});

describe('start-up', () => {
  /** Modules that load with a file, before anything runs. */
  const loaded = (file: string, seen = new Set<string>()): ReadonlySet<string> => {
    if (seen.has(file)) return seen;
    seen.add(file);
    const imports = readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (?!type )(?:[^;'"]*? from )?'([^']+)';/gm,
    );
    for (const [, name = ''] of imports) {
      if (name.startsWith('.')) loaded(join(dirname(file), name), seen);
      else seen.add(name);
    }
    return seen;
  };
  const heavy = ['esbuild', 'js-yaml', 'ajv', 'node-forge', 'tar', 'picomatch', '@eslint-community/regexpp'];

  it.each([
    ['--version', 'cli/main.ts', [...heavy, '@plan-lint/runtime']],
    ['validate on a bundle', 'cli/commands/validate.ts', heavy],
    ['verify', 'cli/commands/verify.ts', ['esbuild', 'js-yaml', 'ajv', 'tar']],
    ['lint', 'cli/commands/lint.ts', ['esbuild', 'node-forge', 'tar']],
  ])('%s loads nothing large that it does not need', (_, file, without) => {
    const found = loaded(join(root, file));
    expect(without.filter((name) => found.has(name))).toEqual([]);
  });
});
