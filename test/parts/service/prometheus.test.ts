/** A Prometheus that is one scrapes the built program: promtool has nothing to say, and every series of the document has data. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DENIED, directoryOf, PASSED, writeAll } from '../../service/support/running.ts';
import { DOCUMENT_POLICIES } from '../../cli/place.ts';
import { freePort } from './postgres.ts';
import { ask, settings, startProgram } from './program.ts';
import type { Program } from './program.ts';

let directory: string;
let program: Program;
let prometheus: ChildProcess;
let address: string;

beforeAll(async () => {
  directory = directoryOf(DOCUMENT_POLICIES);
  program = await startProgram(
    settings(directory, {
      policies: { path: join(directory, 'policies') },
      metrics: { share: 0 },
      environment: 'test',
    }),
  );
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  writeAll(directory, {
    'prometheus.yml': `scrape_configs:
  - job_name: plan-lint
    scrape_interval: 1s
    static_configs: [{ targets: ['${new URL(program.url).host}'] }]
`,
  });
  prometheus = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'inherit' },
  );
});
afterAll(async () => {
  const ended = new Promise((done) => prometheus.once('exit', done));
  prometheus.kill('SIGTERM');
  program.child.kill('SIGKILL');
  await Promise.all([ended, program.ended]);
  rmSync(directory, { recursive: true, force: true });
});

/** The value of an expression; `null` where nothing has any. */
async function valueOf(expression: string): Promise<number | null> {
  const url = `${address}/api/v1/query?query=${encodeURIComponent(expression)}`;
  const reply = await fetch(url).catch(() => null);
  if (!reply?.ok) return null;
  const { data } = (await reply.json()) as { data: { result: { value: [number, string] }[] } };
  const [first] = data.result;
  return first ? Number(first.value[1]) : null;
}

it('promtool finds nothing', async () => {
  await ask(`${program.url}/validate`, { body: JSON.stringify(DENIED) });
  const { text } = await ask(`${program.url}/metrics`);
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  expect(stdout + stderr).toBe('');
  expect(status).toBe(0);
});

it('what was decided is what Prometheus counts', async () => {
  for (let i = 0; i < 10; i += 1)
    await ask(`${program.url}/validate`, { body: JSON.stringify(i % 2 ? DENIED : PASSED) });
  await ask(`${program.url}/validate`, { as: 'stranger', body: JSON.stringify(PASSED) });
  // One more of before.
  await expect
    .poll(() => valueOf('sum(plan_lint_validations_total{environment="test"})'), { timeout: 60_000 })
    .toBe(11);
  // All from one scrape then: it was the first that has the last request.
  await expect
    .poll(() => valueOf('plan_lint_validation_errors_total{error_type="unauthorized"}'), { timeout: 60_000 })
    .toBe(1);
  const expressions = [
    'sum(plan_lint_violations_total)',
    'sum(plan_lint_validation_seconds_count)',
    'max(plan_lint_policy_rules)',
    'plan_lint_audit_lines_total',
    'plan_lint_bundle_loaded_total',
    'up{job="plan-lint"}',
  ];
  const figures: Record<string, number> = {};
  for (const expression of expressions) {
    await expect.poll(() => valueOf(expression), { timeout: 60_000 }).toBeGreaterThan(0);
    figures[expression] = (await valueOf(expression)) ?? NaN;
  }
  // A rate is of what happens between two scrapes.
  const p99 = 'histogram_quantile(0.99, sum by (le) (rate(plan_lint_validation_seconds_bucket[1m])))';
  await expect
    .poll(
      async () => {
        await ask(`${program.url}/validate`, { body: JSON.stringify(PASSED) });
        return (await valueOf(p99)) ?? NaN;
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBeGreaterThan(0);
  console.log(JSON.stringify(figures));
  expect(figures['sum(plan_lint_validation_seconds_count)']).toBe(11);
  expect(figures['sum(plan_lint_violations_total)']).toBeGreaterThanOrEqual(6);
});

/** Every expression that is shipped: of the Grafana dashboard, and of the alert rules. */
function shippedExpressions(): readonly string[] {
  const deploy = join(import.meta.dirname, '../../../deploy');
  const { panels } = JSON.parse(readFileSync(join(deploy, 'grafana/plan-lint.json'), 'utf8')) as {
    panels: readonly { targets: readonly { expr: string }[] }[];
  };
  const { groups } = load(readFileSync(join(deploy, 'prometheus/plan-lint.rules.yaml'), 'utf8')) as {
    groups: readonly { rules: readonly { expr: string }[] }[];
  };
  return [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
  ];
}

it('every expression that is shipped is one, and every series that it names is there', async () => {
  const rules = join(import.meta.dirname, '../../../deploy/prometheus/plan-lint.rules.yaml');
  const checked = spawnSync('promtool', ['check', 'rules', rules], { encoding: 'utf8' });
  expect(checked.stdout + checked.stderr).toContain('SUCCESS: 10 rules found');
  // Counters with labels are there when they have counted; these are made by asking wrongly.
  const { text } = await ask(`${program.url}/metrics`);
  const names = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
  const expressions = shippedExpressions();
  expect(expressions.length).toBeGreaterThan(20);
  for (const expression of expressions) {
    const reply = await fetch(`${address}/api/v1/query?query=${encodeURIComponent(expression)}`);
    expect([expression, reply.status]).toEqual([expression, 200]);
    for (const [series] of expression.matchAll(/\b(?:plan_lint|process)_\w+/g))
      expect(names, `${series} in ${expression}`).toContain(series.replace(/_(?:bucket|count|sum)$/, ''));
  }
  // What a panel shows has data here, but for what needs a reader, a refusal or a rollout.
  const shown = [
    'sum by (team) (rate(plan_lint_validations_total[5m]))',
    'topk(10, sum by (rule) (rate(plan_lint_violations_total[5m])))',
    'max by (policy) (plan_lint_policy_rules)',
    'max by (bundle, instance) (plan_lint_bundle_sequence)',
    'sum by (instance) (plan_lint_rollout_stopped_total)',
  ];
  for (const expression of shown) {
    expect(expressions).toContain(expression);
    await expect.poll(() => valueOf(expression), { timeout: 60_000 }).not.toBeNull();
  }
});
