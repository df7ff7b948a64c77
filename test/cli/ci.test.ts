/** The CI files of `init`, `docs/ci.md` and `action.yml`: parsed, and their steps run by a shell. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { init } from '../../cli/commands/init.ts';
import { GITHUB_WORKFLOW, GITLAB_PIPELINE } from '../../cli/authoring/starter.ts';
import { place } from './place.ts';
import type { Place } from './place.ts';

const root = join(import.meta.dirname, '../..');
let at: Place;
beforeEach(() => {
  at = place();
  // What `npm install --global` would put on the path.
  at.write({
    'bin/plan-lint': `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/cli/main.js')}' "$@"\n`,
    'bin/npm': '#!/bin/sh\nexit 0\n',
  });
  chmodSync(at.path('bin/plan-lint'), 0o755);
  chmodSync(at.path('bin/npm'), 0o755);
});
afterEach(() => at.remove());

function shell(script: string, env: Record<string, string> = {}): { status: number | null; output: string } {
  const path = `${at.path('bin')}:${process.env['PATH'] ?? ''}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
    cwd: at.directory,
    encoding: 'utf8',
    env: {
      PATH: path,
      CI: 'true',
      RUNNER_TEMP: at.path('temp'),
      GITHUB_PATH: at.path('github-path'),
      ...env,
    },
  });
  return { status, output: stdout + stderr };
}

interface Step {
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly stage?: string;
  readonly when?: string;
  readonly parallel?: number;
  readonly script?: readonly string[];
}

describe('init', () => {
  it('writes policies whose tests pass and a GitHub workflow whose steps run', async () => {
    expect(await init({}, at.io)).toBe(0);
    const { jobs } = load(at.read('.github/workflows/plan-lint.yml')) as {
      readonly jobs: { readonly policies: { readonly steps: readonly Step[] } };
    };
    const scripts = jobs.policies.steps.flatMap(({ run }) => run ?? []);
    expect(scripts).toHaveLength(5);
    for (const script of scripts) expect(shell(script)).toMatchObject({ status: 0 });
    expect(JSON.parse(at.read('validation-report.json'))).toHaveProperty(['transfer.json']);
    expect(await init({}, at.io)).toBe(2);
    expect(at.err()).toContain('not overwritten');
  });

  it('writes a GitLab pipeline whose jobs run, in shards', async () => {
    await init({ ci: 'gitlab' }, at.io);
    at.write({ 'agent/plans/more.jsonl': '{"steps":[]}\n'.repeat(20) });
    const pipeline = load(at.read('.gitlab-ci.yml')) as Readonly<
      Record<string, { readonly script?: readonly string[]; readonly parallel?: number }>
    >;
    for (const { script = [], parallel = 1 } of Object.values(pipeline)) {
      for (let i = 1; i <= parallel; i += 1) {
        const env = { CI_NODE_INDEX: `${i}`, CI_NODE_TOTAL: `${parallel}` };
        for (const each of script) expect(shell(each, env)).toMatchObject({ status: 0 });
      }
    }
    expect(at.read('report.xml')).toContain('tests="21" failures="0"');
  });

  it('writes a GitLab pipeline that reports where plans fail', async () => {
    await init({ ci: 'gitlab' }, at.io);
    at.write({
      'agent/plans/bad.json': '{"steps": [{"id": "s", "tool": "db.query", "args": {"sql": "1=1"}}]}',
    });
    const { stages, ...jobs } = load(at.read('.gitlab-ci.yml')) as {
      readonly stages: readonly string[];
    } & Readonly<Record<string, Job>>;
    const ran: string[] = [];
    const failed: string[] = [];
    // As GitLab does: once a job has failed, a later stage runs only what is to run always.
    for (const stage of stages) {
      const blocked = failed.length > 0;
      for (const [name, job] of Object.entries<Job>(jobs)) {
        if (job.stage !== stage || (blocked && job.when !== 'always')) continue;
        ran.push(name);
        const { script = [], parallel = 1 } = job;
        for (let i = 1; i <= parallel; i += 1) {
          const env = { CI_NODE_INDEX: `${i}`, CI_NODE_TOTAL: `${parallel}` };
          if (script.some((each) => shell(each, env).status !== 0)) failed.push(name);
        }
      }
    }
    expect(ran).toEqual(['policy-lint', 'policy-test', 'plan-validation', 'plan-report']);
    expect(failed).toEqual(['plan-validation', 'plan-report']);
    expect(at.read('report.xml')).toContain('tests="2" failures="1"');
  });
});

it('the action runs, with inputs as data, and its summary is there where plans fail', async () => {
  await init({ ci: 'none' }, at.io);
  at.write({
    'agent/plans/bad.json': '{"steps": [{"id": "s", "tool": "db.query", "args": {"sql": "1=1"}}]}',
  });
  const { inputs, runs } = load(readFileSync(join(root, 'action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly runs: { readonly steps: readonly Step[] };
  };
  const given: Record<string, string> = {
    ...Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, input.default])),
    package: 'a.tgz b.tgz',
    'plans-dir': 'agent/plans/',
    'test-dir': 'policy-tests/',
  };
  const codes: (number | null)[] = [];
  for (const { run = '', env = {} } of runs.steps) {
    expect(run).not.toContain('${{');
    const values = Object.entries(env).map(([key, value]) => [
      key,
      value.replace(/\$\{\{ inputs\.([a-z-]+) \}\}/, (_, name: string) => given[name] ?? ''),
    ]);
    const result = shell(run, {
      GITHUB_STEP_SUMMARY: at.path('summary.md'),
      ...(Object.fromEntries(values) as Record<string, string>),
    });
    codes.push(result.status);
  }
  // The last one validates, and a plan fails.
  expect(codes).toEqual([0, 0, 0, 1]);
  expect(at.read('summary.md')).toContain('1 denied');
});

it('docs/ci.md shows the files that init writes', () => {
  const page = readFileSync(join(root, 'docs/ci.md'), 'utf8');
  expect(page).toContain(`\`\`\`yaml\n${GITHUB_WORKFLOW}\`\`\``);
  expect(page).toContain(`\`\`\`yaml\n${GITLAB_PIPELINE}\`\`\``);
});
