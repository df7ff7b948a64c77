/** A parameter in a condition may be bound anew only where the condition shows by its form that it fires on more. */
import { describe, expect, test } from 'vitest';
import { bundleFrom, diagnose } from '../support/decide.ts';

const PARAMS = `params:
  limit: { type: number, value: 10, tighten: lower }
  least: { type: number, value: 10, tighten: higher }
  count: { type: integer, value: 5, tighten: lower }
  blocked: { type: list, value: [a, 1], tighten: add }
  allowed: { type: list, value: [a, b], tighten: remove }
  word: { type: text, value: a, mode: default, domain: [a, b] }
  free: { type: number, value: 1, mode: default, domain: [0, 9] }
`;

async function codes(when: string, binding: string): Promise<string> {
  const said = await diagnose({
    'base.yaml': `name: base\n${PARAMS}rules:\n  - rule: r\n    when: ${JSON.stringify(when)}\n`,
    'team.yaml': `name: team\nextends: base.yaml\nparams: { ${binding} }\n`,
  });
  return said.map((one) => /PL\d+/.exec(one)?.[0] ?? one).join(' ');
}

describe('is proved', () => {
  test.each([
    ['step.args.amount > params.limit', 'limit: 5'],
    ['step.args.amount >= params.limit', 'limit: 5'],
    ['params.limit < step.args.amount * 2.0', 'limit: 5'],
    ['step.args.amount < params.least', 'least: 20'],
    ['params.least >= step.args.amount', 'least: 20'],
    ['size(step.args) > params.count', 'count: 3'],
    ['!(step.args.amount <= params.limit)', 'limit: 5'],
    ['!(!(step.args.amount > params.limit))', 'limit: 5'],
    [
      'step.tool == "x" && (step.args.amount > params.limit || step.args.amount < params.least)',
      'limit: 5, least: 20',
    ],
    ['step.tool == "x" ? step.args.amount > params.limit : params.limit < 3.0', 'limit: 5'],
    ['step.args.items.exists(i, i.price > params.limit)', 'limit: 5'],
    ['step.args.items.all(i, i.price > params.limit)', 'limit: 5'],
    ['cel.bind(x, step.args.amount, x > params.limit)', 'limit: 5'],
    ['step.args.to in params.blocked', 'blocked: [a, 1, c]'],
    ['!(step.args.to in params.allowed)', 'allowed: [b]'],
    ['step.args.amount > params.limit && step.args.to == params.word', 'limit: 5, word: b'],
    ['step.args.amount == params.free', 'free: 7'],
    ['step.args.amount * 2.0 > params.limit * 2.0', 'limit: 10'],
  ])('%s with %s', async (when, binding) => {
    expect(await codes(when, binding)).toBe('');
  });
});

describe('is refused', () => {
  test.each([
    ['step.args.amount < params.limit', 'limit: 5'],
    ['!(step.args.amount > params.limit)', 'limit: 5'],
    ['step.args.amount > params.least', 'least: 20'],
    ['step.args.amount == params.limit', 'limit: 5'],
    ['step.args.amount * 2.0 > params.limit * 2.0', 'limit: 5'],
    ['step.args.amount > params.limit && step.args.amount < params.limit', 'limit: 5'],
    ['params.limit > 7.0 ? step.args.amount > 1.0 : false', 'limit: 5'],
    ['step.args.items.filter(i, i.price > params.limit).size() > 3', 'limit: 5'],
    ['step.args.items.exists_one(i, i.price > params.limit)', 'limit: 5'],
    ['!(step.args.to in params.blocked)', 'blocked: [a, 1, c]'],
    ['step.args.to in params.allowed', 'allowed: [b]'],
    ['size(params.blocked) < 3', 'blocked: [a, 1, c]'],
    ['params.blocked.exists(b, b == step.args.to)', 'blocked: [a, 1, c]'],
    ['step.args.amount > (params.count > 4 ? 1 : 2)', 'count: 3'],
  ])('%s with %s', async (when, binding) => {
    expect(await codes(when, binding)).toBe('PL2202');
  });
});

test('lists that read alike are still two lists, of which a child of both has both', async () => {
  const bundle = await bundleFrom({
    'base.yaml': `name: base\n${PARAMS}rules:\n  - rule: r\n    severity: critical\n    when: step.args.to in params.blocked\n`,
    'one.yaml': 'name: one\nextends: base.yaml\nparams: { blocked: [a, 1, "RU, KP"] }\n',
    'two.yaml': 'name: two\nextends: base.yaml\nparams: { blocked: [a, 1, RU, KP] }\n',
    'team.yaml': 'name: team\nextends: [one.yaml, two.yaml]\n',
  });
  for (const to of ['a', 'RU', 'KP', 'RU, KP']) {
    const plan = { steps: [{ id: 's', tool: 't', args: { to } }] };
    expect(bundle.policy().evaluate(plan, { now: 0 }).status).toBe('deny');
  }
});
