/** schemathesis asks the built program whatever its OpenAPI document allows, and much that it does not. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { partsDirectory } from '../../../scripts/parts-directory.mjs';
import { DOCUMENT_POLICIES } from '../../cli/place.ts';
import { tokenDigest } from '../../../service/auth/static.ts';
import { PERMISSIONS } from '../../../service/rbac/permissions.ts';
import { directoryOf, writeAll } from '../../service/support/running.ts';
import { settings, startProgram } from './program.ts';
import type { Program } from './program.ts';

/** It knows no lines of JSON: one value is one line. */
const HOOKS = `import json
import schemathesis


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def lines(context, value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()
`;

let directory: string;
let program: Program;
beforeAll(async () => {
  directory = directoryOf(DOCUMENT_POLICIES);
  const config = settings(directory, {
    policies: { path: join(directory, 'policies') },
    results: { url: `sqlite:${join(directory, 'results.db')}` },
    state_dir: join(directory, 'state'),
    approvals: {},
  });
  const person = { sha256: tokenDigest('everything'), username: 'ada', permissions: PERMISSIONS };
  writeAll(directory, { 'tokens.json': JSON.stringify([person]), 'hooks.py': HOOKS });
  program = await startProgram(config);
});
afterAll(async () => {
  program.child.kill('SIGKILL');
  await program.ended;
  rmSync(directory, { recursive: true, force: true });
});

it('finds no answer that the document does not have, and none of 500', () => {
  const { status, stdout, stderr } = spawnSync(
    join(partsDirectory(), 'schemathesis/bin/schemathesis'),
    [
      'run',
      `${program.url}/openapi.json`,
      '--header=Authorization: Bearer everything',
      '--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance',
      `--max-examples=${process.env['EXAMPLES'] ?? '15'}`,
      '--seed=1',
      '--no-color',
    ],
    {
      cwd: directory,
      encoding: 'utf8',
      timeout: 220_000,
      env: { ...process.env, SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: directory },
    },
  );
  console.log(stdout.split('\n').slice(-30).join('\n'));
  expect(status, stdout + stderr).toBe(0);
}, 240_000);
