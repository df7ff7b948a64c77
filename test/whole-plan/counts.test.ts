import { describe, expect, it, test } from 'vitest';
import { bundleFrom, compileMemory } from '../support/decide.ts';

const policy = (body: object, more: object = {}): Record<string, string> => ({
  'p.yaml': JSON.stringify({ rules: [{ rule: 'r', severity: 'high', ...body }], ...more }),
});

type Given = { readonly tool?: string; readonly args?: object; readonly on_fail?: unknown };
const plan = (...steps: readonly Given[]): object => ({
  steps: steps.map((step, i) => ({ id: `s${i}`, tool: 'pay', args: {}, ...step })),
});
const paid = (...amounts: readonly unknown[]): object =>
  plan(...amounts.map((amount) => ({ args: { amount } })));

async function firesOn(files: Record<string, string>, asked: object): Promise<readonly number[]> {
  return (await bundleFrom(files))
    .policy()
    .evaluate(asked)
    .violations.map(({ stepIndex }) => stepIndex);
}

describe('what counts as one value', () => {
  const rule = policy({ max_calls: { tool: 'pay', limit: 1, per: 'to' } });
  const to = (...values: readonly unknown[]): object =>
    plan(...values.map((value) => ({ args: { to: value } })));

  test.each([
    ['a number and its texts', [5, '5', '5.0', ' 5 ', '05', '0x5', '5e0', '\uff15']],
    ['case and width', ['acc-1', 'ACC-1', '\uff21CC-1']],
    ['invisible characters', ['acc', 'a\u200bcc', 'acc\u00ad', '\ufeffacc', 'a\u2060cc']],
    ['spaces', ['a b', ' a  b', 'a\u00a0b', 'a\tb\n']],
    ['letters that fold to several', ['stra\u00dfe', 'STRASSE', 'strasse']],
    ['truth', [true, 'true', ' TRUE', 1, '1']],
    ['zeros', [0, -0, '0', '-0', '0.0', false]],
    ['look-alikes', ['vendor', '\u03bdendor', 'v\u0435ndor', 'VEND\u041eR', ' vend\u043e\u200br\t']],
    ['look-alikes throughout', ['ACBE', '\u0410\u0421\u0412\u0415', '\u0430\u0441\u0432\u0435', 'acbe']],
    ['look-alikes beside accents', ['M\u00fcller', 'M\u00fcll\u0435r', 'MU\u0308LLER']],
    ['case where look-alikes differ by it', ['\u039d\u0391\u039f', '\u03bd\u03b1\u03bf']],
    ['spaces inside', ['DE89 3704 0044', 'DE8937040044', 'DE89\u00a03704\u20090044', 'de89 37040044']],
    ['what stands between digits', ['4111 1111', '4111-1111', '41111111', '4111_1111', '41,111,111']],
    ['controls', ['acc', 'a\u0007cc', 'acc\0', '\u001bacc', 'ac\bc']],
    ['digits of other scripts', ['4711', '\u0664\u0667\u0661\u0661', '\u096a\u096d\u0967\u0967']],
    ['a dotted capital', ['iban', '\u0130ban', 'IBAN']],
    ['letters of two faces', ['view', '\u03bdiew', '\u03bd\u0456\u0435\u051d']],
    ['words that say what is named', ['acct:1', '1', 'ACCT:1', 'iban: 1', 'tel://1', 'mailto:1']],
    ['the empty text', ['', ' ', '\u200b']],
  ])('%s', async (_, values) => {
    expect(await firesOn(rule, to(...values))).toEqual(values.map((__, i) => i).slice(1));
  });

  test.each([
    ['texts', ['a', 'b', 'ab', 'a-b']],
    ['numbers', [1, 2, 0.5, -1, 1e15]],
    ['parts', ['10.1', '10.1.1', 'a@b', 'a.b', 'INV-A', 'INVA']],
  ])('%s that differ', async (_, values) => {
    expect(await firesOn(rule, to(...values))).toEqual([]);
  });

  test.each([
    ['missing', undefined],
    ['null', null],
    ['an array', ['a']],
    ['an object', { a: 1 }],
    ['a template of another kind', '{{ vars.to }}'],
    ['a text that names nothing', 'x'.repeat(257)],
    ['a text of signs that stand for many letters', '\ufdfa'.repeat(15)],
  ])('%s cannot be told', async (_, value) => {
    expect(await firesOn(rule, to(value))).toEqual([0]);
  });
});

describe('max_total', () => {
  const upTo = (limit: number): Record<string, string> =>
    policy({ max_total: { tool: 'pay', arg: 'amount', limit } });

  it('adds decimals, not binary fractions', async () => {
    expect(await firesOn(upTo(0.3), paid(0.1, 0.2))).toEqual([]);
    expect(await firesOn(upTo(1), paid(...Array.from({ length: 10 }, () => 0.1)))).toEqual([]);
    expect(await firesOn(upTo(0.3), paid(0.1, 0.2, 1e-17))).toEqual([2]);
  });

  it('keeps what a sum of doubles would lose', async () => {
    expect(await firesOn(upTo(9007199254740991), paid(9007199254740991, 0.25))).toEqual([1]);
    expect(await firesOn(upTo(1e308), paid(1e308, 5e-324))).toEqual([1]);
    expect(await firesOn(upTo(Number.MAX_VALUE), paid(1e308, 1e308))).toEqual([1]);
  });

  test.each([['5'], ['5 EUR'], [-1], [-5e-324], [null], [undefined], [true], [[5]], ['${x}']])(
    '%j cannot be added',
    async (amount) => {
      expect(await firesOn(upTo(100), paid(amount, 100))).toEqual([0]);
    },
  );

  it('a limit of nothing allows nothing but zero', async () => {
    expect(await firesOn(upTo(0), paid(0, -0, 5e-324))).toEqual([2]);
  });
});

it('an exception that covers one call does not hide the calls behind it', async () => {
  const exception = {
    rule: 'r',
    scope: { tool: 'pay.refund' },
    reason: 'refunds are urgent',
    ticket: 'T-1',
    requested_by: 'ann',
    approved_by: 'bob',
    expires: '2999-01-01T00:00:00Z',
  };
  const files = policy({ max_calls: { tool: 'pay.*', limit: 1 } }, { exceptions: [exception] });
  const bundle = await bundleFrom(files);
  const asked = plan({ tool: 'pay.send' }, { tool: 'pay.refund' }, { tool: 'pay.send' });
  const { violations, valid } = bundle.policy().evaluate(asked);
  expect(violations.map(({ stepIndex, waiver }) => [stepIndex, waiver !== null])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(valid).toBe(false);
});

it('a text that is secret is not shown, be it a tool or a value', async () => {
  const files = policy(
    { max_calls: { tool: '*', limit: 0, per: 'to' } },
    { deny_tokens_regex: ['sk-[a-z]+'] },
  );
  const bundle = await bundleFrom(files);
  const asked = plan({ tool: 'sk-secret', args: { to: '${sk-secret}' }, on_fail: 'sk-secret' });
  expect(JSON.stringify(bundle.policy().evaluate(asked).violations)).not.toContain('sk-secret');
});

it('many steps, each at fault, are all found and explained', async () => {
  const bundle = await bundleFrom({
    'p.yaml': JSON.stringify({
      rules: [
        { rule: 'a', max_calls: { tool: '*', limit: 0, per: 'to' } },
        { rule: 'b', max_total: { tool: '*', arg: 'amount', limit: 1, per: 'to' } },
        { rule: 'c', separate_duty: { tool: '*', other: '*', by: 'to', same: ['to', 'amount'] } },
        { rule: 'd', on_fail: { tool: '*', handler: 'undo' } },
      ],
    }),
  });
  const last = 2_400;
  const steps = Array.from({ length: last + 1 }, (_, i) => ({
    id: `s${i}`,
    tool: 't',
    args: { to: 'x', amount: 1e308 },
    on_fail: [`s${(i + 1) % last}`, 's5', 's6'],
  }));
  const { violations } = bundle.policy().evaluate({ steps });
  expect(violations).toHaveLength(4 * steps.length);
  expect(violations.every(({ message }) => message !== '')).toBe(true);
});

it('a module without such rules carries none of their code', async () => {
  const with_ = await compileMemory(policy({ max_calls: { tool: 'pay', limit: 1 } }));
  const without = await compileMemory(policy({ pattern: { tool: 'pay' } }));
  expect(with_.module.code).toContain('the plan calls');
  expect(without.module.code).not.toContain('the plan calls');
});

it('`allows` says what `evaluate` says, of malformed plans too', async () => {
  const bundle = await bundleFrom({
    'p.yaml': JSON.stringify({
      rules: [
        { rule: 'a', max_calls: { tool: 'pay', limit: 1, per: 'to' } },
        { rule: 'b', separate_duty: { tool: 'pay', other: 'pay', by: 'to' }, severity: 'info' },
        { rule: 'c', pattern: { tool: 'pay' }, severity: 'info' },
      ],
    }),
  });
  const good = { id: 's0', tool: 'pay', args: { to: 'a' } };
  const plans: readonly object[] = [
    { steps: [good] },
    { steps: [good, { ...good, id: 's1' }] },
    { steps: [good, null] },
    { steps: [good, { id: 's1', tool: 7, args: [] }] },
    { steps: [good, { id: 's1', tool: 'pay' }] },
    { steps: [good, { ...good, args: { to: Number.NaN } }] },
  ];
  const says = plans.map((one) => bundle.policy().allows(one));
  expect(says).toEqual(plans.map((one) => bundle.policy().evaluate(one).valid));
  expect(says).toEqual([true, false, false, false, false, false]);
});
