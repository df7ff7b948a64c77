/**
 * What the folders of `fixtures/` are called is what they must be: `npm run goldens` writes any decision down, this does
 * not. And what the entry `development`, which no folder asks, says about the same plans.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { decider, library } from '../corpora/corpora.ts';
import type { Outcome } from '../corpora/corpora.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));

function plansOf(name: string): ReadonlyMap<string, object> {
  const folder = join(fixtures, name, 'plans');
  const read = (file: string): object => JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
  return new Map(readdirSync(folder).map((file) => [file, read(file)]));
}

describe('the shipped library', () => {
  let entries: Readonly<Record<string, (plan: object) => Outcome>>;
  beforeAll(async () => {
    const bundle = await library();
    const names = ['production', 'development'];
    entries = Object.fromEntries(
      names.map((name) => {
        const decide = decider(bundle, name);
        return [name, (plan: object) => decide(plan, {})];
      }),
    );
  });

  const statuses = (entry: string, plans: ReadonlyMap<string, object>): Readonly<Record<string, string>> =>
    Object.fromEntries([...plans].map(([name, plan]) => [name, entries[entry]?.(plan).status ?? 'none']));
  const all = (plans: ReadonlyMap<string, object>, status: string): Readonly<Record<string, string>> =>
    Object.fromEntries([...plans.keys()].map((name) => [name, status]));
  const development = (text: string): string | undefined =>
    entries['development']?.({ steps: [{ id: 's1', tool: 'slack.post', args: { text } }] }).status;

  it('denies every hostile plan in production', () => {
    const plans = plansOf('library-hostile');
    expect(plans.size).toBeGreaterThan(90);
    expect(statuses('production', plans)).toEqual(all(plans, 'deny'));
  });

  it('passes every ordinary plan in production and development', () => {
    const plans = plansOf('library-ordinary');
    expect(plans.size).toBeGreaterThan(30);
    expect(statuses('production', plans)).toEqual(all(plans, 'pass'));
    expect(statuses('development', plans)).toEqual(all(plans, 'pass'));
  });

  it('denies hostile plans in development too, but for what is a risk to real systems only', () => {
    const found = statuses('development', plansOf('library-hostile'));
    const allowed = Object.keys(found).filter((name) => found[name] !== 'deny');
    expect(allowed).toEqual([
      'debug-switch.json',
      'request-itself.json',
      'sql-delete-in-a-with.json',
      'sql-nine-spaces-before-delete.json',
      'sql-where-always-true.json',
      'sql-where-in-a-subquery.json',
      'sql-where-in-a-text.json',
      'sql-where-true.json',
    ]);
  });

  it.each([
    'connect to db.prod.example.com',
    'see https://prod-db.internal.example.com/x',
    'postgres://prod:5432/ledger',
    'api.production.example.com',
    'api-prod2.example.com',
    'svc@orders.prod',
  ])('keeps plans of development away from production: %s', (text) => {
    expect(development(text)).toBe('deny');
  });

  it.each([
    'this is production-ready. Ship it',
    'the product.example.com page',
    'db.non-prod.example.com and pre-prod.example.com',
    'https://shop.product.example.com/prod',
    'prod data stays out',
  ])('does not take a word for a host: %s', (text) => {
    expect(development(text)).toBe('pass');
  });
});
