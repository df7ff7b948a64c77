/** Receipts as a shell makes and checks them: the built program in a directory of its own, with plans that fail. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { workplace } from '../support/io.ts';

const main = join(import.meta.dirname, '../../dist/cli/main.js');
const at = workplace();
afterAll(() => at.remove());

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}
/** The program as it is built, as a shell runs it. */
function shell(line: string): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...line.split(' ')], {
    cwd: at.directory,
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}
/** The same without a process of its own, for the many lines that are refused. */
async function planLint(line: string): Promise<Ran> {
  const status = await run(line.split(' '), at.io);
  return { status, out: at.out(), err: at.err() };
}
async function succeeds(line: string): Promise<string> {
  const ran = await planLint(line);
  expect(ran.status, `${line}\n${ran.out}${ran.err}`).toBe(0);
  return ran.out;
}

const hours = (count: number): string => new Date(Date.now() + count * 3_600_000).toISOString();

const transfer = (amount: unknown): string =>
  JSON.stringify({ steps: [{ id: 's', tool: 'payments.transfer', args: { amount, to: 'DE89' } }] });
const writeAll = (files: Readonly<Record<string, string>>): void => {
  for (const [name, content] of Object.entries(files)) at.write(name, content);
};
const BY = '--bundle acme.mjs --trust trust.json';
const FOR = `${BY} --executor payments`;
const CREATE = `${FOR} --key keys/decision.key`;

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('npm run build comes first');
  writeAll({
    'policies/finance.yaml': `rules:
  - rule: limit
    severity: high
    pattern: { tool: payments.transfer, operation: amount_gt, value: 1000 }
  - rule: second_look
    severity: medium
    enforcement: require_approval
    pattern: { tool: payments.transfer, operation: amount_gt, value: 100 }
`,
    'ok.json': transfer(50),
    'bad.json': transfer(5000),
    'ask.json': transfer(500),
    'later.json': `{"steps":[{"id":"q","tool":"db.query","args":{}},{"id":"s","tool":"payments.transfer","args":{"amount":"\${q.result.total}"}}]}`,
  });
  await succeeds('keygen --out keys --name acme');
  expect(await succeeds('keygen --out keys --role decision')).toContain(
    'plan-lint trust add --decisions --add',
  );
  await succeeds(
    'trust add --trust keys/trust.json --add keys/decision.pub --decisions --executor payments --output trust.json --key keys/signer.key',
  );
  await succeeds(
    'bundle --policy-dir policies --output acme.mjs --key keys/signer.key --name acme --sequence 3',
  );
});

describe('receipt create', () => {
  it('of a denied plan says so, and ends in 1', () => {
    const { status, out } = shell(`receipt create bad.json ${CREATE} --context role=clerk`);
    expect(status).toBe(1);
    expect(out).toContain('verdict      DENIED: the plan must not run');
    expect(out).toContain('finding      limit (deny)  policies/finance.yaml'.replace('policies/', ''));
    expect(at.read('bad.jcs')).toBe(
      '{"steps":[{"args":{"amount":5000,"to":"DE89"},"id":"s","tool":"payments.transfer"}]}',
    );
    expect(statSync(at.path('bad.context.json')).mode & 0o777).toBe(0o600);
    const receipt = at.read('bad.jcs.sigstore.json');
    const { dsseEnvelope } = JSON.parse(receipt) as { dsseEnvelope: { payload: string } };
    const payload = Buffer.from(dsseEnvelope.payload, 'base64').toString();
    for (const secret of ['amount', 'DE89', 'clerk']) expect(payload).not.toContain(secret);
    expect(shell(`receipt verify bad.jcs ${FOR}`)).toMatchObject({ status: 1, err: '' });
  });

  it('of a plan that may run, and of one that waits for approval or for values', async () => {
    expect((await planLint(`receipt create ok.json ${CREATE} --run r1`)).status).toBe(0);
    expect((await planLint(`receipt create ask.json ${CREATE}`)).status).toBe(1);
    expect(
      await planLint(`receipt create ask.json ${CREATE} --approved-by grace --approval-method sso --force`),
    ).toMatchObject({
      status: 0,
      out: expect.stringContaining('approved     by grace (sso)') as string,
    });
    expect((await planLint(`receipt create later.json ${CREATE}`)).status).toBe(1);
    const later = await planLint(`receipt create later.json ${CREATE} --values later --force`);
    expect(later).toMatchObject({ status: 0, out: expect.stringMatching(/waits {8}limit/) as string });
    expect(await planLint(`receipt verify later.jcs ${FOR}`)).toMatchObject({
      status: 1,
      err: expect.stringContaining('say so with --in-run') as string,
    });
    expect((await planLint(`receipt verify later.jcs ${FOR} --in-run`)).status).toBe(0);
  });

  it('overwrites nothing unasked, and writes nothing that no executor would take', async () => {
    const before = readdirSync(at.directory);
    expect(await planLint(`receipt create ok.json ${CREATE}`)).toMatchObject({
      status: 2,
      err: expect.stringContaining('exists and is not overwritten') as string,
    });
    const refused = [
      [`ok.json ${FOR} --key keys/signer.key`, 4, 'error[key_not_allowed]'],
      [`ok.json ${BY} --executor refunds --key keys/decision.key`, 4, 'error[receipt_not_trusted]'],
      [`ok.json ${CREATE} --life 1h`, 4, 'error[receipt_life_too_long]'],
      [`ok.json ${FOR}`, 2, 'error[PL6013]: no key was given to sign with'],
      [`ok.json ${CREATE} --entry other`, 2, 'the bundle has no entry `other`'],
      [`none.json ${CREATE}`, 2, 'cannot use'],
      [`twice.json ${CREATE}`, 2, 'a member is there twice at line 1'],
      [`huge.json ${CREATE}`, 2, 'holds a number that its canonical form rounds'],
      [`half.json ${CREATE}`, 2, 'half of a surrogate pair at /steps/0/args/to'],
      [`ok.json ${CREATE} --approval-method sso`, 2, '--approval-method needs --approved-by'],
    ] as const;
    writeAll({
      'twice.json': '{"steps":[],"steps":[]}',
      // A double, but its shortest text is another integer.
      'huge.json': transfer(1).replace('1', '1152921504606846976'),
      'half.json': transfer(1).replace('DE89', '\\ud800'),
    });
    for (const [line, status, err] of refused) {
      const ran = await planLint(`receipt create ${line.replace('.json', '.json --output new.jcs')}`);
      expect(ran, line).toMatchObject({ status, err: expect.stringContaining(err) as string });
      expect(ran.err, line).toContain('\n  hint: ');
    }
    const added = readdirSync(at.directory).filter((name) => !before.includes(name));
    expect(added.sort()).toEqual(['half.json', 'huge.json', 'twice.json']);
  });

  it('of a plan whose file has a name of its own, and of one from standard input', async () => {
    at.write('plan', transfer(50));
    await succeeds(`receipt create plan ${CREATE}`);
    await succeeds(`receipt verify plan ${FOR}`);
    await succeeds(`receipt recompute plan ${BY}`);
    const piped = { ...at.io, stdin: () => Promise.resolve(Buffer.from(transfer(5000))) };
    expect(await run(`receipt create - ${CREATE}`.split(' '), piped)).toBe(2);
    expect(at.err()).toContain('hint: --output plan.jcs');
    expect(await run(`receipt create - ${CREATE} --output piped.jcs`.split(' '), piped)).toBe(1);
    expect(at.out()).toContain('DENIED');
  });

  it('replaced with --force leaves no signature of the one before', async () => {
    at.write('forced.jcs.2.sigstore.json', at.read('bad.jcs.sigstore.json'));
    at.write('forced.jcs.sigstore.json', at.read('bad.jcs.sigstore.json'));
    await succeeds(`receipt create ok.json ${CREATE} --output forced.jcs --force`);
    await succeeds(`receipt verify forced.jcs ${FOR}`);
    expect(existsSync(at.path('forced.jcs.2.sigstore.json'))).toBe(false);
  });

  it('by a command that signs', async () => {
    at.write('sign.sh', '#!/bin/sh\nexec openssl dgst -sha256 -sign keys/decision.key\n');
    chmodSync(at.path('sign.sh'), 0o700);
    const by = '--sign-command ./sign.sh --public-key keys/decision.pub';
    await succeeds(`receipt create ok.json ${FOR} ${by} --output kms.jcs`);
    await succeeds(`receipt verify kms.jcs ${FOR}`);
  });
});

describe('receipt verify', () => {
  it('for the plan as it is written, by the bundle or its digest', async () => {
    expect(shell(`receipt verify ok.json ${FOR}`)).toMatchObject({
      status: 0,
      err: expect.stringMatching(
        /^note: whether it was used before is yours to know: nonce [0-9a-f]{32}\n$/,
      ) as string,
    });
    const printed = JSON.parse(await succeeds(`receipt verify ok.jcs ${FOR} --json`)) as {
      readonly bundle: { readonly digest: string };
      readonly run: string;
    };
    expect(printed.run).toBe('r1');
    const digest = '--trust trust.json --executor payments --entry finance --name acme --bundle-digest';
    await succeeds(`receipt verify ok.jcs ${digest} sha256:${printed.bundle.digest}`);
    expect((await planLint(`receipt verify ok.jcs ${digest} ${'0'.repeat(64)}`)).status).toBe(4);
    await succeeds(`receipt verify ok.jcs ${FOR} --context-file ok.context.json`);
  });

  it('refuses what is not about this plan, this executor, this time, this context', async () => {
    const refused = [
      [`bad.json --receipt ok.jcs.sigstore.json ${FOR}`, 'receipt_plan_mismatch'],
      [`ok.jcs ${BY} --executor refunds`, 'receipt_audience_mismatch'],
      [`ok.jcs ${FOR} --now ${hours(1)}`, 'receipt_expired'],
      [`ok.jcs ${FOR} --now ${hours(-1)}`, 'receipt_not_yet_valid'],
      [`ok.jcs ${FOR} --context-file bad.context.json`, 'receipt_context_mismatch'],
      [`ok.jcs --bundle acme.mjs --trust keys/trust.json --executor payments`, 'key_unknown'],
      [`twice.json ${FOR}`, 'signature_missing'],
    ] as const;
    for (const [line, code] of refused) {
      const ran = await planLint(`receipt verify ${line}`);
      expect(ran, line).toMatchObject({
        status: 4,
        out: '',
        err: expect.stringContaining(`error[${code}]: `) as string,
      });
      expect(ran.err, line).toContain('\n  hint: ');
    }
    expect(await planLint('receipt verify ok.jcs --trust trust.json --executor payments')).toMatchObject({
      status: 2,
      err: expect.stringContaining('which bundle has to have decided?') as string,
    });
  });
});

describe('receipt recompute', () => {
  it('gives the same decision, of a denied plan too', async () => {
    for (const name of ['ok', 'bad', 'ask', 'later']) {
      const out = await succeeds(`receipt recompute ${name}.jcs ${BY}`);
      expect(out).toContain('recomputed   plan, context and bundle give the same decision');
    }
  });

  it('says the first difference, and ends in 1', async () => {
    const beside = '--receipt ok.jcs.sigstore.json --context-file ok.context.json';
    expect(shell(`receipt recompute bad.json ${BY} ${beside}`)).toMatchObject({
      status: 1,
      out: expect.stringMatching(
        /DIFFERENT {4}plan: the receipt says "[0-9a-f]{64}", deciding it again "/,
      ) as string,
    });
    expect((await planLint(`receipt recompute ok.jcs ${BY} --context-file bad.context.json`)).out).toContain(
      'DIFFERENT    context_digest: ',
    );
    await succeeds(
      'bundle --policy-dir policies --output next.mjs --key keys/signer.key --name acme --sequence 4',
    );
    const next = await planLint('receipt recompute ok.jcs --bundle next.mjs --trust trust.json --json');
    expect(next.status).toBe(1);
    expect(JSON.parse(next.out)).toMatchObject({
      same: false,
      difference: { path: 'bundle.version', receipt: '3', recomputed: '4' },
    });
  });

  it('a decision that was made up is found out', async () => {
    // The decision key itself says that the plan passed.
    at.write('lie.mjs', LIE);
    const made = spawnSync(process.execPath, ['lie.mjs', main], { cwd: at.directory, encoding: 'utf8' });
    expect(made.stderr).toBe('');
    await succeeds(`receipt verify lie.jcs ${FOR}`);
    expect(await planLint(`receipt recompute lie.jcs ${BY} --context-file bad.context.json`)).toMatchObject({
      status: 1,
      out: expect.stringContaining(
        'DIFFERENT    decision.status: the receipt says "pass", deciding it again "deny"',
      ) as string,
    });
  });
});

/** Signs a receipt in which a denied plan passes, as a decider that lies would. */
const LIE = `
import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
const { keySigner, signReceipt } = await import(new URL('../compiler/6-sign/index.js', pathToFileURL(process.argv[2])));
const { dsseEnvelope } = JSON.parse(readFileSync('bad.jcs.sigstore.json', 'utf8'));
const { predicate } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64'));
const decision = { ...predicate.decision, status: 'pass', risk: 0, findings: [] };
const plan = JSON.parse(readFileSync('bad.jcs', 'utf8'));
const key = createPrivateKey(readFileSync('keys/decision.key'));
const signers = [keySigner(key)];
const signed = await signReceipt({ planName: 'lie', plan, predicate: { ...predicate, decision }, signers });
writeFileSync('lie.jcs', signed.plan);
writeFileSync('lie.jcs.sigstore.json', signed.sidecars[0]);
`;

describe('decision keys in trust roots', () => {
  it('from the start, on terms; a key for policies is none for decisions, and the reverse', async () => {
    await succeeds(
      'trust init --add keys/signer.pub --name acme --decision-key keys/decision.pub --executor payments --max-life 10m --output first.json',
    );
    expect(await succeeds('trust show --trust first.json')).toMatch(
      /decisions {4}acme: 1 of [0-9a-f]{16}\n {13}for payments, 600 s at most/,
    );
    const next = '--trust first.json --output next.json --key keys/signer.key';
    const refused = [
      [`--add keys/signer.pub --decisions`, 2, 'signs policies or trust roots'],
      [`--add keys/decision.pub`, 2, 'signs decisions, and a running service holds it'],
      [`--add keys/decision.pub --decisions --executor payments --max-life 10m`, 2, 'may do that already'],
      [
        `--add other/decision.pub --decisions --executor payments --max-life 5m`,
        2,
        'another rule comes first for decisions with `acme`',
      ],
      [`--add keys/decision.pub --decisions --root`, 2, '--decisions does not go with --root'],
      [`--add keys/decision.pub --executor payments`, 2, '--executor needs --decisions'],
    ] as const;
    await succeeds('keygen --out other --role decision');
    await succeeds('keygen --out third --role decision');
    for (const [line, status, err] of refused)
      expect(await planLint(`trust add ${line} ${next}`), line).toMatchObject({
        status,
        err: expect.stringContaining(err) as string,
      });
    expect(existsSync(at.path('next.json'))).toBe(false);
    await succeeds(
      `trust add --add other/decision.pub --decisions --executor payments --max-life 10m ${next}`,
    );
    expect(await succeeds('trust show --trust next.json')).toMatch(
      /decisions {4}acme: 1 of [0-9a-f]{16}, [0-9a-f]{16}\n/,
    );
    const set = '--trust next.json --output set.json --key keys/signer.key --decisions';
    const unset = [
      ['--rule none --threshold 2', 'there is no rule for decisions with `none`'],
      ['--max-life 10m', 'nothing would change'],
      ['--threshold 3', '3 keys must sign decisions'],
      ['--minimum-sequence 3', '--minimum-sequence does not go with --decisions'],
      ['--audience production', '--audience does not go with --decisions'],
    ] as const;
    for (const [line, err] of unset)
      expect(await planLint(`trust set ${line} ${set}`), line).toMatchObject({
        status: 2,
        err: expect.stringContaining(err) as string,
      });
    await succeeds(
      `trust set ${set} --rule acme --name acme acme-2 --executor payments ledger --threshold 2 --max-life 1m`,
    );
    expect(await succeeds('trust show --trust set.json')).toMatch(
      /decisions {4}acme, acme-2: 2 of [0-9a-f]{16}, [0-9a-f]{16}\n {13}for payments, ledger, 60 s at most/,
    );
    expect(await succeeds('trust update --trust next.json --next set.json')).toContain('accepted');
    await succeeds(
      `trust add --add third/decision.pub --decisions --name acme --executor bank --trust set.json --output two.json --key keys/signer.key`,
    );
    const two = '--trust two.json --output no.json --key keys/signer.key --decisions --max-life 2m';
    for (const [line, err] of [
      ['', 'there are several rules for decisions'],
      ['--rule acme', 'there are several rules for decisions with `acme`'],
    ] as const)
      expect(await planLint(`trust set ${line} ${two}`.replaceAll('  ', ' ')), line).toMatchObject({
        status: 2,
        err: expect.stringContaining(err) as string,
      });
    expect(await succeeds(`trust set --rule acme-2 ${two}`)).toContain('written');
  });
});
