/** Refinements: what cannot be refined so is refused, never dropped, and what is not changed stays. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../cli/program.ts';
import { workplace } from '../support/io.ts';
import type { Workplace } from '../support/io.ts';
import { bundleFrom, diagnose } from '../support/decide.ts';

const TOKEN = 'deny_tokens_regex: [secret]';
const refined = (more: string): Readonly<Record<string, string>> => ({
  'base.yaml': TOKEN,
  'team.yaml': `extends: base.yaml\nrefine: [{ rule: 'deny_tokens_regex["secret"]', ${more} }]`,
});

test.each([
  ['tool: [pay]', 'PL2212'],
  ['add_tools: [pay]', 'PL2212'],
  ['add_args: [a]', 'PL2212'],
  ['pattern: { operation: contains, value: x }', 'PL2212'],
  ['value: [secret, token]', 'PL1102'],
  ['value: 7', 'PL1102'],
  ['value: token', 'PL2201'],
  ['severity: low', 'PL2102'],
])('a denied token with %s is refused', async (more, code) => {
  const said = await diagnose(refined(more));
  expect(said.join('\n')).toContain(code);
});

test('a denied token may match more', async () => {
  const bundle = await bundleFrom(refined('value: "secret|token"'));
  const steps = (note: string): object => ({ steps: [{ id: 's', tool: 't', args: { note } }] });
  expect(bundle.policy('team').evaluate(steps('a token')).status).toBe('deny');
  expect(bundle.policy('team').evaluate(steps('nothing')).status).toBe('pass');
});

test('one condition is refined once in a file, whatever else is refined of its rule', async () => {
  const twice = (first: string, second: string): Readonly<Record<string, string>> => ({
    'base.yaml': 'rules: [{ rule: r, severity: low, pattern: { tool: a, operation: n_gt, value: 9 } }]',
    'team.yaml': `extends: base.yaml\nrefine: [{ rule: r, ${first} }, { rule: r, ${second} }]`,
  });
  for (const second of ['value: 7', 'add_tools: [b]', 'pattern: { tool: a }']) {
    const [said = ''] = await diagnose(twice('value: 5', second));
    expect(said).toContain('error PL2212');
    expect(said).toContain('this file has changed its condition before');
    expect(said).toContain('team.yaml:2:28: first changed here');
  }
  expect(await diagnose(twice('severity: high', 'value: 5'))).toEqual([]);
  expect(await diagnose(twice('value: 5', 'severity: high'))).toEqual([]);
});

test('another value keeps what the rule says of spellings', async () => {
  const rule =
    'rules: [{ rule: r, pattern: { arg: a, operation: in, value: [x], ignore_case: true, normalize: true } }]';
  const files = {
    'base.yaml': rule,
    'team.yaml': 'extends: base.yaml\nrefine: [{ rule: r, value: [x, y] }]',
  };
  const team = (await bundleFrom(files)).policy('team');
  for (const text of ['x', 'X', 'ｘ', 'Y']) {
    expect(team.evaluate({ steps: [{ id: 's', tool: 't', args: { a: text } }] }).status).toBe('deny');
  }
});

let place: Workplace;
beforeEach(() => {
  place = workplace();
});
afterEach(() => place.remove());

test('two entries that refine a rule alike are explained each by its own file', async () => {
  place.write('p/base.yaml', 'rules: [{ rule: r, pattern: { tool: pay, operation: a_gt, value: 9 } }]');
  for (const name of ['one', 'two']) {
    place.write(`p/${name}.yaml`, 'extends: base.yaml\nrefine: [{ rule: r, value: 5 }]');
  }
  expect(await run('explain r --policy-dir p'.split(' '), place.io)).toBe(0);
  expect(place.out()).toMatch(
    /one\.yaml\): [^]*one\.yaml:2:18 +refined: value 5[^]*two\.yaml:2:18 +refined: value 5/,
  );
});
