/** The clients against a running service, and against what the OpenAPI document has. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PlanLintClient } from '../../service/client/client.ts';
import { DENIED, PASSED, running } from './support/running.ts';
import type { Running } from './support/running.ts';

const CLIENT = join(import.meta.dirname, '../../service/client');
let here: Running;
beforeAll(async () => {
  here = await running();
});
afterAll(() => here.close());

it('TypeScript: decides, runs, and says what is refused', async () => {
  const client = new PlanLintClient({ url: here.url, token: 'validator' });
  expect(await client.validate(PASSED)).toMatchObject({ is_valid: true });
  expect(await client.validate(DENIED, { values: 'later' })).toMatchObject({ is_valid: false });
  await expect(client.validate(PASSED, { policy: 'none' })).rejects.toMatchObject({
    status: 404,
    code: 'unknown_policy',
  });
  const runner = new PlanLintClient({ url: here.url, token: () => 'runner' });
  const { session_id } = await runner.openRun(PASSED);
  const call = await runner.call(session_id, { step: 'a', tool: 'db.query', args: { sql: 'SELECT 1' } });
  expect(call.admitted).toBe(true);
  expect(await runner.result(session_id, { id: call.id, outcome: 'succeeded' })).toMatchObject({ owed: [] });
});

it('both ask routes that there are', async () => {
  const { paths } = (await (await here.ask('/openapi.json', { as: null })).json()) as {
    paths: Readonly<Record<string, object>>;
  };
  const known = Object.keys(paths).map((path) => path.replaceAll(/\{\w+\}/g, '*'));
  for (const file of ['client.ts', 'plan_lint_client.py']) {
    const text = readFileSync(join(CLIENT, file), 'utf8');
    const asked = [
      ...text.matchAll(/[`"](\/(?:validate|sessions|runs)[^`"?$]*(?:\$?\{[^}]*\}[^`"?$]*)?)/g),
    ].map(([, path = '']) =>
      path
        .replaceAll(/\$?\{[^}]*\}+/g, '*')
        .replace(/\*$/, (end) => (path.startsWith('/sessions/') ? end : '')),
    );
    expect(asked.length, file).toBeGreaterThanOrEqual(6);
    expect(
      asked.filter((path) => !known.includes(path)),
      file,
    ).toEqual([]);
  }
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
it.runIf(hasPython)('Python', async () => {
  const script = `
import sys
sys.path.insert(0, sys.argv[1])
from plan_lint_client import PlanLintClient, ServiceRefusal
client = PlanLintClient(sys.argv[2], "validator")
assert client.validate({"steps": [{"id": "a", "tool": "db.query", "args": {"sql": "SELECT 1"}}]})["is_valid"]
assert not client.validate({"steps": [{"id": "a", "tool": "db.query", "args": {"sql": "1=1"}}]})["is_valid"]
try:
    PlanLintClient(sys.argv[2], "nobody").validate({})
except ServiceRefusal as error:
    assert error.status == 401
else:
    raise AssertionError("a stranger was answered")
print("ok")
`;
  const child = spawn('python3', ['-c', script, CLIENT, here.url]);
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (out += part.toString()));
  await new Promise((done) => child.once('exit', done));
  expect(out).toBe('ok\n');
});
