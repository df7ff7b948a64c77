/** How old a bundle is, how long it holds, and how a trust root changes what is taken. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { workplace, type Workplace } from '../support/io.ts';

let place: Workplace;
beforeEach(async () => {
  place = workplace();
  place.write('acme/p.yaml', 'allow_tools: [pay]\nbounds: { pay.amount: [1, 10] }\n');
  place.write('plan.json', '{"steps":[{"id":"s","tool":"pay","args":{"amount":5}}]}');
  expect(await plan_lint('keygen --out keys --name acme')).toBe(0);
});
afterEach(() => place.remove());

const plan_lint = async (line: string, env: Readonly<Record<string, string>> = {}): Promise<number> =>
  run(line.split(' '), { ...place.io, env });
const BUNDLE = 'bundle --policy-dir acme --key keys/signer.key --sequence 7 --output';
const VALIDATE = 'validate plan.json --bundle a.mjs --trust';

it('says when it was issued, and that is what its age and its life count from', async () => {
  const spring = { SOURCE_DATE_EPOCH: '1772323200' };
  expect(await plan_lint(`${BUNDLE} a.mjs`, spring)).toBe(0);
  expect(await plan_lint(`${BUNDLE} b.mjs`, spring)).toBe(0);
  // P-256 signatures differ; what they sign is the same.
  const payload = (name: string): unknown =>
    (JSON.parse(place.read(`${name}.sigstore.json`)) as { dsseEnvelope: { payload: unknown } }).dsseEnvelope
      .payload;
  const stated = Buffer.from(String(payload('a.mjs')), 'base64').toString();
  expect(stated).toContain('"issued":"2026-03-01T00:00:00Z"');
  expect(stated).toContain('"expires":"2026-05-30T00:00:00Z"');
  expect(Buffer.from(String(payload('b.mjs')), 'base64').toString()).toBe(
    stated.replaceAll('a.mjs', 'b.mjs'),
  );
  expect(await plan_lint(`${BUNDLE} c.mjs`, { SOURCE_DATE_EPOCH: 'yesterday' })).toBe(2);
  expect(place.err()).toContain('SOURCE_DATE_EPOCH');
});

it('is refused where it is older than the loader allows', async () => {
  const spring = { SOURCE_DATE_EPOCH: '1772323200' };
  expect(await plan_lint(`${BUNDLE} a.mjs --expires never`, spring)).toBe(0);
  expect(await plan_lint(`${VALIDATE} keys/trust.json`)).toBe(0);
  place.err();
  expect(await plan_lint(`${VALIDATE} keys/trust.json --max-age 30d`)).toBe(4);
  expect(place.err()).toContain('error[bundle_too_old]');
  expect(await plan_lint('verify a.mjs --trust keys/trust.json --max-age 1h')).toBe(4);
  expect(await plan_lint(`${VALIDATE} keys/trust.json --max-age 99999d`)).toBe(0);
  expect(await plan_lint(`${VALIDATE} keys/trust.json --max-age soon`)).toBe(2);
});

it('is withdrawn by its digest, and the next one is not', async () => {
  expect(await plan_lint(`${BUNDLE} a.mjs --format json`)).toBe(0);
  const { digest } = JSON.parse(place.out().replace(/^[^{]*/, '')) as { digest: string };
  const change = 'trust withdraw --trust keys/trust.json --output 2.json --key keys/signer.key';
  expect(await plan_lint(`${change} --digest sha256:${digest} --reason loose`)).toBe(0);
  const told = place.out();
  expect(told).toContain('the signatures of both roots, of which 1 is made');
  expect(await plan_lint('trust update --trust keys/trust.json --next 2.json')).toBe(0);
  place.err();
  expect(await plan_lint(`${VALIDATE} 2.json`)).toBe(4);
  expect(place.err()).toContain('error[bundle_withdrawn]');
  expect(await plan_lint('trust show --trust 2.json')).toBe(0);
  expect(place.out()).toContain(`withdrawn    sha256:${digest}`);
  expect(
    await plan_lint(
      `${change.replace('keys/trust.json', '2.json').replace('2.json --key', '3.json --key')} --digest nothing`,
    ),
  ).toBe(2);
});

it('a root is renewed, and its rule demands more', async () => {
  expect(await plan_lint(`${BUNDLE} a.mjs`)).toBe(0);
  const past = '--expires 2020-01-01 --output past.json';
  for (const line of [
    `renew --trust keys/trust.json ${past}`,
    `init --name a --add keys/signer.pub ${past}`,
  ]) {
    expect(await plan_lint(`trust ${line}`)).toBe(2);
    expect(place.err()).toContain('would have ended at 2020-01-01T00:00:00Z');
  }
  expect(await plan_lint('trust renew --trust keys/trust.json --expires 180d --output 2.json')).toBe(0);
  expect(JSON.parse(place.read('2.json')) as { expires: string; version: number }).toMatchObject({
    version: 2,
  });
  expect(await plan_lint('trust set --trust 2.json --minimum-sequence 8 --output 3.json')).toBe(0);
  place.err();
  expect(await plan_lint(`${VALIDATE} 3.json`)).toBe(4);
  expect(place.err()).toContain('error[sequence_rollback]');
  expect(await plan_lint('trust set --trust 2.json --audience production --output 4.json')).toBe(0);
  expect(await plan_lint(`${VALIDATE} 4.json --audience production`)).toBe(4);
  expect(place.err()).toContain('error[audience_mismatch]');
  expect(await plan_lint('trust set --trust 2.json --output 5.json')).toBe(2);
  expect(await plan_lint('trust set --trust 2.json --rule other --threshold 1 --output 5.json')).toBe(2);
});

it('the one key of a root is not revoked before another may sign the next', async () => {
  const { keys } = JSON.parse(place.read('keys/trust.json')) as { keys: readonly { id: string }[] };
  place.err();
  expect(
    await plan_lint(`trust revoke --trust keys/trust.json --id ${keys[0]?.id ?? ''} --output 2.json`),
  ).toBe(2);
  expect(place.err()).toContain('trust add --root --add new.pub');
});

it('is held against what a loader remembers, and a clock that was wrong is set right there', async () => {
  expect(await plan_lint(`${BUNDLE} a.mjs`)).toBe(0);
  const verify = 'verify a.mjs --trust keys/trust.json';
  const remembered = (time: number, sequence: number): void => {
    const seen = { acme: { sequence, digest: '0'.repeat(64) } };
    place.write('state.json', JSON.stringify({ trustVersion: 1, time, bundles: seen }));
  };
  expect(await plan_lint(`${verify} --accept-clock`)).toBe(2);
  expect(await plan_lint(`${verify} --state state.json`)).toBe(4);
  place.err();
  remembered(place.io.now() - 1000, 8);
  expect(await plan_lint(`${verify} --state state.json`)).toBe(4);
  expect(place.err()).toContain('error[sequence_rollback]');
  for (const [away, code] of [
    [1e11, 'clock_moved_back'],
    [-1e11, 'clock_jumped_ahead'],
  ] as const) {
    remembered(place.io.now() + away, 6);
    expect(await plan_lint(`${verify} --state state.json`)).toBe(4);
    expect(place.err()).toContain(`error[${code}]`);
    // Asking changes nothing.
    expect(place.read('state.json')).toContain('"sequence":6');
    expect(await plan_lint(`${verify} --state state.json --accept-clock`)).toBe(0);
    expect(place.read('state.json')).toContain('"sequence": 7');
    expect(await plan_lint(`${verify} --state state.json`)).toBe(0);
  }
});
