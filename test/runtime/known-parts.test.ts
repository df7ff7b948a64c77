/** What is known of a text with a reference decides what it can, in the plain spelling of the text too. */
import { expect, it } from 'vitest';
import { bundleFrom } from '../support/decide.ts';

const NOTES = {
  other: 'pay ${s.result}',
  same: 'mailto:${s.result}',
  shorter: 'ma${s.result}',
  marked: 'm\u0430${s.result}',
  behind: '${s.result} pay',
} as const;

/** By note what a rule says that denies texts that do not begin, or end, with `mail`. */
async function saidOf(operation: string, normalize: boolean): Promise<Readonly<Record<string, string>>> {
  const pattern = { not: { operation, arg: 'note', value: 'mail', normalize } };
  const files = { 'p.yaml': JSON.stringify({ rules: [{ rule: 'r', severity: 'high', pattern }] }) };
  const policy = (await bundleFrom(files)).policy();
  const said = Object.entries(NOTES).map(([name, note]) => {
    const steps = [
      { id: 's', tool: 't', args: { note: 'mail' } },
      { id: 'c', tool: 't', args: { note } },
    ];
    const { violations, pending } = policy.evaluate({ steps }, { values: 'later' });
    expect(violations.length + pending.length).toBeLessThan(2);
    if (violations[0]) return [name, 'denied'];
    return [name, pending[0] ? 'waits' : 'passes'];
  });
  return Object.fromEntries(said) as Readonly<Record<string, string>>;
}

it('a text that begins otherwise does not begin with the operand', async () => {
  const begins = { other: 'denied', shorter: 'waits', behind: 'waits' };
  expect(await saidOf('starts_with', false)).toEqual({ ...begins, same: 'passes', marked: 'denied' });
  // A mark in what is not known may belong to the last letter in front of it.
  expect(await saidOf('starts_with', true)).toEqual({ ...begins, same: 'waits', marked: 'waits' });
});

it('a text that ends otherwise does not end with the operand', async () => {
  const ends = { other: 'waits', same: 'waits', shorter: 'waits', marked: 'waits', behind: 'denied' };
  expect(await saidOf('ends_with', false)).toEqual(ends);
  expect(await saidOf('ends_with', true)).toEqual(ends);
});
