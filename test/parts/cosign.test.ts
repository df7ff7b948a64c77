/** The command for cosign as docs/auditing.md prints it, run by cosign itself on bundles that the built program makes. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keySigner, readPrivateKey } from '../../compiler/6-sign/index.ts';
import { partsDirectory } from '../../scripts/parts-directory.mjs';
import { checkpointSigner } from '../../service/audit/checkpoint.ts';
import { decision, logPlace } from '../service/audit/log.ts';

const cli = join(import.meta.dirname, '../../dist/cli/main.js');
const page = readFileSync(join(import.meta.dirname, '../../docs/auditing.md'), 'utf8');
const [, section = ''] = /## With cosign\n([^]*?)\n## /.exec(page) ?? [];
const [, command = ''] = /```\n([^]*?)```/.exec(section) ?? [];

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-cosign-'));
const env = { ...process.env, PATH: [join(partsDirectory(), 'bin'), process.env['PATH']].join(delimiter) };

interface Outcome {
  readonly status: number | null;
  readonly text: string;
}

function run(program: string, args: readonly string[], cwd: string): Outcome {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, text: stdout + stderr };
}

function planLint(cwd: string, line: string): void {
  const { status, text } = run(process.execPath, [cli, ...line.split(' ')], cwd);
  expect(status, text).toBe(0);
}

const audit = (cwd: string, script = command): Outcome => run('sh', ['-euc', script], cwd);

beforeAll(() => {
  mkdirSync(join(directory, 'policies'));
  writeFileSync(join(directory, 'policies/p.yaml'), 'max_steps: 3\n');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(['p256', 'ed25519', 'rsa'])('a bundle signed with a key of %s', (algorithm) => {
  const at = join(directory, algorithm);

  beforeAll(() => {
    mkdirSync(at);
    planLint(at, `keygen --out . --name acme --alg ${algorithm}`);
    planLint(at, 'bundle --policy-dir ../policies --name acme --output acme.mjs --key signer.key');
  });

  it('is verified by the command of the page', () => {
    const { status, text } = audit(at);
    expect(status, text).toBe(0);
    expect(text).toContain('Verified OK');
  });

  it('is refused for another predicate type, by another key, and changed', () => {
    const otherType = command.replace('attestation/policy-bundle/v1', 'attestation/other/v1');
    expect(otherType).not.toBe(command);
    expect(audit(at, otherType).status).not.toBe(0);
    planLint(at, `keygen --out other --name acme --alg ${algorithm}`);
    expect(audit(at, command.replace('signer.pub', 'other/signer.pub')).status).not.toBe(0);
    const module = join(at, 'acme.mjs');
    writeFileSync(module, `${readFileSync(module, 'utf8')}\n`);
    expect(audit(at).status).not.toBe(0);
  });
});

it('provenance is verified as the page says', () => {
  const at = join(directory, 'p256');
  rmSync(join(at, 'acme.mjs'));
  rmSync(join(at, 'acme.mjs.sigstore.json'));
  planLint(at, 'bundle --policy-dir ../policies --name acme --output acme.mjs --key signer.key');
  planLint(at, 'sign acme.mjs --key signer.key --provenance --builder https://ci.example');
  const script = command
    .replace('acme.mjs.sigstore.json', 'acme.mjs.provenance.sigstore.json')
    .replace(/--type \S+/, '--type slsaprovenance1');
  const { status, text } = audit(at, script);
  expect(status, text).toBe(0);
});

describe('a checkpoint of the audit log', () => {
  const script = /```\n(sed -n 5p [^]*?)```/.exec(
    readFileSync(join(import.meta.dirname, '../../docs/service-audit.md'), 'utf8'),
  )?.[1];

  it.each(['p256', 'ed25519'])(
    'signed with a key of %s is verified as the page says, of its line alone',
    async (algorithm) => {
      const place = logPlace();
      planLint(place.directory, `keygen --out . --name acme --alg ${algorithm}`);
      const key = readPrivateKey(readFileSync(join(place.directory, 'signer.key'), 'utf8'));
      const log = await place.open({
        checkpoint: { sign: checkpointSigner(keySigner(key)), everyMs: 3_600_000 },
      });
      for (let i = 0; i < 3; i += 1) await log.append(decision(`d${i}`));
      await log.close();
      // Opened, three decisions, closed: the last line is what was signed at the end.
      expect(place.lines()).toHaveLength(5);
      const { status, text } = audit(place.directory, script);
      expect(status, text).toBe(0);
      expect(text).toContain('Verified OK');
      expect(audit(place.directory, script?.replace('5p', '4p')).status).not.toBe(0);
      await place.remove();
    },
  );
});
