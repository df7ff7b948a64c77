/** A catalog from the policy directory into the signed statement, and back out of it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { sha256Hex } from '../../compiler/6-sign/digest.ts';
import { place as newPlace, type Place } from '../cli/place.ts';
import { filesOf } from './support.ts';

const PAY = {
  type: 'object',
  properties: { amount: { type: 'number' }, constructor: { enum: ['import', '</script>'] } },
  required: ['amount'],
};

let place: Place;
const write = (folder: string, tools: Readonly<Record<string, unknown>>): void =>
  place.write(
    Object.fromEntries(Object.entries(filesOf(tools)).map(([name, text]) => [`${folder}/${name}`, text])),
  );
beforeEach(() => {
  place = newPlace();
  write('p', { pay: PAY });
});
afterEach(() => place.remove());

const plan_lint = async (line: string): Promise<number> => run(line.split(' '), place.io);
const plan = (args: object, tool = 'pay'): string => JSON.stringify({ steps: [{ id: 's', tool, args }] });

it('signs, loads and decides by it; its digest is in the statement, and a changed tool is noticed', async () => {
  expect(await plan_lint('keygen --out keys --any-name')).toBe(0);
  expect(await plan_lint('bundle --policy-dir p --output acme.mjs --key keys/signer.key')).toBe(0);
  place.out();
  for (const [args, code] of [
    [{ amount: 5, constructor: 'import' }, 0],
    [{ amount: '5' }, 1],
    [{ amount: 5, constructor: 'eval' }, 1],
    [{}, 1],
  ] as const) {
    place.write({ 'plan.json': plan(args) });
    expect(
      await plan_lint('validate plan.json --bundle acme.mjs --trust keys/trust.json'),
      JSON.stringify(args),
    ).toBe(code);
  }
  place.write({ 'plan.json': plan({ amount: 5 }, 'refund') });
  expect(await plan_lint('validate plan.json --bundle acme.mjs --trust keys/trust.json')).toBe(1);
  place.out();

  const digest = sha256Hex(place.read('p/tools.json'));
  expect(await plan_lint('verify acme.mjs --trust keys/trust.json --sources p')).toBe(0);
  const told = place.out();
  expect(told).toContain(`catalog\n             ${digest}  tools.json`);
  expect(told).toContain('rebuilt      the same sources give the same bytes');
  for (const format of ['text', 'json', 'html']) {
    expect(await plan_lint(`inspect acme.mjs --trust keys/trust.json --format ${format}`)).toBe(0);
    expect(place.out(), format).toContain(digest);
  }

  place.write({ 'p/tools.json': place.read('p/tools.json').replace('"number"', '"string"') });
  expect(await plan_lint('verify acme.mjs --trust keys/trust.json --sources p')).toBe(4);
  expect(place.out()).toContain('DIFFERENT    from the signed sources: tools.json');
});

it('an archive holds the catalog, and what is in its place is noticed', async () => {
  expect(await plan_lint('keygen --out keys --any-name')).toBe(0);
  expect(await plan_lint('bundle --policy-dir p --output acme.tar.gz --key keys/signer.key')).toBe(0);
  expect(await plan_lint('verify acme.tar.gz --trust keys/trust.json')).toBe(0);
});

it('mending policies leaves the catalog where it is', async () => {
  place.write({ 'p/p.yaml': 'allow_tools: [pay]\nmax_step: 3\n' });
  expect(await plan_lint('lint --policy-dir p --fix')).toBe(0);
  expect(place.read('p/p.yaml')).toContain('max_steps: 3');
});

it('another catalog is told by `diff`', async () => {
  write('q', { pay: { ...PAY, required: [] } });
  expect(await plan_lint('diff p p')).toBe(0);
  place.out();
  expect(await plan_lint('diff p q')).toBe(1);
  expect(place.out()).toContain('other arguments are asked of `pay`');
});
