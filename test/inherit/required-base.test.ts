/** A base that every entry must stand on: asked for by a pipeline, signed, and asked for again by whoever loads. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../cli/program.ts';
import { workplace, type Workplace } from '../support/io.ts';

const CORE = 'max_steps: 1\n';
const PIN = `#sha256=${createHash('sha256').update(CORE).digest('hex')}`;
const WRONG = `#sha256=${'0'.repeat(64)}`;
const BUNDLE = 'bundle --policy-dir acme --key keys/signer.key --sequence 1 --force --output';

let place: Workplace;
const plan_lint = async (line: string): Promise<{ exit: number; out: string; err: string }> => {
  const exit = await run(line.split(' '), place.io);
  return { exit, out: place.out(), err: place.err() };
};
beforeAll(async () => {
  place = workplace();
  place.write('acme/base/core.yaml', CORE);
  place.write('acme/team.yaml', 'extends: base/core.yaml\n');
  place.write('two.json', '{"steps":[{"id":"a","tool":"t","args":{}},{"id":"b","tool":"t","args":{}}]}');
  await plan_lint('keygen --out keys --name acme');
  await plan_lint(`${BUNDLE} bare.mjs`);
  await plan_lint(`${BUNDLE} based.mjs --require-base base/core.yaml${PIN}`);
});
afterAll(() => place.remove());

test('a pipeline requires it of policies that it does not own', async () => {
  place.write('loose/base/core.yaml', CORE);
  place.write('loose/team.yaml', 'max_steps: 9\n');
  const asked = 'bundle --policy-dir loose --key keys/signer.key --output loose.mjs --require-base';
  const refused = await plan_lint(`${asked} base/core.yaml`);
  expect([refused.exit, refused.err]).toEqual([3, expect.stringContaining('PL2016')]);
  expect((await plan_lint(`${asked} base/none.yaml`)).err).toContain('PL2015');
  const other = await plan_lint(`${BUNDLE} other.mjs --require-base base/core.yaml${WRONG}`);
  expect([other.exit, other.err]).toEqual([3, expect.stringContaining('PL2013')]);
  expect((await plan_lint(`${BUNDLE} other.mjs --require-base base/core.yaml#md5=1`)).exit).toBe(2);
});

test.each([
  ['based', 'base/core.yaml', 0],
  ['based', `base/core.yaml${PIN}`, 0],
  ['based', `base/core.yaml${WRONG}`, 4],
  ['based', 'base/other.yaml', 4],
  // It stands on the base, and nobody has signed that it must.
  ['bare', 'base/core.yaml', 4],
])('verify %s --require-base %s exits %i', async (bundle, base, exit) => {
  const told = await plan_lint(`verify ${bundle}.mjs --trust keys/trust.json --require-base ${base}`);
  expect(told.exit).toBe(exit);
  if (exit === 4) expect(told.err).toContain('error[base_missing]');
  else expect(told.out).toMatch(/base +every entry stands on\n +[0-9a-f]{64} {2}base\/core.yaml/);
});

test('a plan that fails is decided, or the bundle is refused', async () => {
  const validate = (bundle: string, base: string): Promise<{ exit: number }> =>
    plan_lint(`validate two.json --bundle ${bundle}.mjs --trust keys/trust.json --require-base ${base}`);
  expect((await validate('based', 'base/core.yaml')).exit).toBe(1);
  expect((await validate('bare', 'base/core.yaml')).exit).toBe(4);
  const page = await plan_lint('inspect based.mjs --trust keys/trust.json');
  expect(page.out).toMatch(/base +[0-9a-f]{64} {2}base\/core.yaml/);
  expect(page.out).toContain('by default   every entry');
});

test('each entry is shown with the files that it is made of, and what stood in them', async () => {
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  const files = [
    { name: 'team.yaml', sha256: digest(place.read('acme/team.yaml')) },
    { name: 'base/core.yaml', sha256: digest(CORE) },
  ];
  const lines = files.map(({ name, sha256 }) => `             ${sha256}  ${name}\n`).join('');
  const trusted = 'bare.mjs --trust keys/trust.json';
  for (const verb of ['verify', 'inspect'])
    expect((await plan_lint(`${verb} ${trusted}`)).out).toContain(`made of      team\n${lines}`);
  for (const verb of ['verify', 'inspect']) {
    const { chains } = JSON.parse((await plan_lint(`${verb} ${trusted} --format json`)).out) as {
      readonly chains: unknown;
    };
    expect(chains).toEqual([{ entry: 'team', files }]);
  }
  const page = (await plan_lint(`inspect ${trusted} --format html`)).out;
  expect(page.indexOf('made of')).toBeGreaterThan(0);
  expect(page.slice(page.indexOf('made of'))).toMatch(/team.*team\.yaml.*team.*base\/core\.yaml/s);
});
