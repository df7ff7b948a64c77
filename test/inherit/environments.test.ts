/**
 * Environments are children like any other: development is looser only where a parent left a default open, or by an
 * exception that the caller's environment must meet.
 */
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import type { ResolvedPolicy } from '../../compiler/ir/resolved.ts';
import { bundleFrom } from '../support/decide.ts';
import { says } from './support.ts';

const BASE = `rules:
  - rule: large_transfer
    pattern: { tool: payments.transfer, operation: amount_gt, value: 10000 }
max_steps: { value: 20, mode: default, domain: [1, 50] }
fail_risk_threshold: 0.6
`;
const PRODUCTION = 'extends: base.yaml\nmax_steps: 10\n';
const DEVELOPMENT = `extends: base.yaml
max_steps: 50
exceptions:
  - rule: large_transfer
    scope: { context: { environment: development } }
    reason: load tests on a system with made-up accounts
    ticket: SEC-9
    requested_by: alice
    approved_by: bob
    expires: 2027-01-01T00:00:00Z
`;
const files = { 'base.yaml': BASE, 'production.yaml': PRODUCTION, 'development.yaml': DEVELOPMENT };

const now = Date.parse('2026-06-01T00:00:00Z');
const transfer = { steps: [{ id: 's', tool: 'payments.transfer', args: { amount: 20000 } }] };
const long = { steps: Array.from({ length: 30 }, (_, i) => ({ id: `s${i}`, tool: 'db.query', args: {} })) };

describe('development', () => {
  test('is looser where its parent left a default open', async () => {
    const bundle = await bundleFrom(files);
    expect(bundle.policy('development').evaluate(long, { now }).status).toBe('pass');
    expect(bundle.policy('production').evaluate(long, { now }).status).toBe('deny');
  });

  test('is looser by an exception only for a caller who vouches for that environment', async () => {
    const bundle = await bundleFrom(files);
    const status = (entry: string, environment?: string): string =>
      bundle.policy(entry).evaluate(transfer, { now, context: environment && { environment } }).status;
    expect(status('development', 'development')).toBe('pass');
    expect(status('development', 'production')).toBe('deny');
    expect(status('development')).toBe('deny');
    expect(status('production', 'development')).toBe('deny');
  });

  test.each([
    ['fail_risk_threshold: 0.9', 'PL2102'],
    ['max_steps: 51', 'PL2109'],
    ['risk_weights: { large_transfer: 0.1 }', 'PL2102'],
    ['refine: [{ rule: large_transfer, enabled: false }]', 'PL2204'],
    ['refine: [{ rule: large_transfer, value: 20000 }]', 'PL2201'],
  ])('is not looser otherwise: %s', async (line, code) => {
    expect(await says({ ...files, 'development.yaml': `extends: base.yaml\n${line}\n` })).toContain(code);
  });
});

describe('the shipped environments', () => {
  const entries = async (): Promise<readonly ResolvedPolicy[]> => {
    const { result } = await compile(directoryHost('policies'));
    return result?.policies.entries ?? [];
  };

  test('development has every rule that production inherits, as strong as it stands in the file of its origin', async () => {
    const all = await entries();
    const [production, development] = ['production', 'development'].map((name) =>
      all.find((entry) => entry.name === name),
    );
    if (!production || !development) throw new Error('an environment is missing');
    const inDevelopment = new Map(rulesIn(development.layer).map((rule) => [rule.id, rule]));
    const inherited = rulesIn(production.layer).filter(
      ({ span }) => !span.file.path.endsWith('production.yaml'),
    );
    expect(inherited.length).toBeGreaterThan(30);
    for (const rule of inherited) {
      const same = inDevelopment.get(rule.id);
      // What production has tightened since has one more line in its history.
      const [first] = rule.chain;
      expect([rule.id, same?.span.file.path]).toEqual([rule.id, rule.span.file.path]);
      expect(same?.chain[0]?.says).toBe(first?.says);
    }
  });

  test('an exception of development is bound to the environment that the caller vouches for', async () => {
    const development = (await entries()).find(({ name }) => name === 'development');
    const bound = { path: ['environment'], values: ['development'] };
    const unbound = development?.exceptions.filter(
      ({ scope }) => !scope.context.some((demand) => JSON.stringify(demand) === JSON.stringify(bound)),
    );
    expect(unbound).toEqual([]);
  });
});
