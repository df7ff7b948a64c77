/**
 * tau-bench retail by `policies/domains/retail`: 500 right answers, and what happens when one is altered.
 *
 * The source has the changes only, not the look-ups before them, nor the shop's database. So the test vouches for what
 * the shop would know: the customer is the plan's, her orders, payment methods and confirmations are those of the right
 * answer, and an order was paid with what the answer returns it to.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { alter, decider, library, plansOf, present, tally, toolsOf, undenied } from './corpora.ts';
import type { Outcome, Plan, Step } from './corpora.ts';
import { ofCustomer as vouched } from './honest.ts';

const FILE = 'tau-bench-retail-train.jsonl';

describe.skipIf(!present(FILE))('tau-bench retail', () => {
  const plans = present(FILE) ? plansOf(FILE) : [];
  let decide: (plan: object, context: object) => Outcome;
  const by = (context: (plan: Plan) => object) => {
    const of = new Map(plans.map((plan) => [plan.id, context(plan)]));
    return (plan: Plan) => decide(plan, of.get(plan.id) ?? {});
  };
  const honest = (): ((plan: Plan) => Outcome) => by(vouched);
  /** Each plan that has a step of such a tool, with that step altered. */
  const altered = (tool: RegExp, args: (step: Step) => Readonly<Record<string, unknown>>): readonly Plan[] =>
    plans.flatMap((plan) => {
      const index = plan.steps.findIndex((step) => tool.test(step.tool));
      const step = plan.steps[index];
      return step ? [alter(plan, index, args(step))] : [];
    });

  beforeAll(async () => {
    decide = decider(await library(), 'retail-customer-service');
  }, 60_000);

  it('allows every right answer; 20 are warned about, for they exchange items for the same ones', () => {
    // Those are right in the source: the customer names the same options again, and the simulator wants the call.
    expect(tally(plans, honest())).toEqual({ pass: 480, 'warn exchange_for_the_same': 20 });
  });

  it('denies every plan in which nobody is authenticated', () => {
    const anonymous = by((plan) => ({ ...vouched(plan), user_id: '' }));
    expect(undenied(plans, anonymous, 'identity_before_changes')).toEqual([]);
    expect(undenied(plans, () => decide(plans[0] ?? {}, {}), 'identity_before_changes')).toEqual([]);
  });

  it('denies every plan without the customer’s confirmation, whatever the plan claims', () => {
    const unconfirmed = by((plan) => ({ ...vouched(plan), confirmed: [] }));
    expect(undenied(plans, unconfirmed, 'confirmed_by_the_customer')).toEqual([]);
    const claiming = plans.map((plan) => ({
      ...plan,
      context: { ...plan.context, confirmed: vouched(plan).confirmed },
    }));
    expect(undenied(claiming, unconfirmed, 'confirmed_by_the_customer')).toEqual([]);
  });

  it('denies a change of somebody else’s order', () => {
    const stolen = altered(/./, () => ({ order_id: '#W0000000' }));
    expect(stolen).toHaveLength(500);
    expect(undenied(stolen, honest(), 'only_her_own_orders')).toEqual([]);
    const address = {
      address1: '1 Elm',
      address2: '',
      city: 'Reno',
      state: 'NV',
      country: 'USA',
      zip: '89501',
    };
    const profile = plans.map((plan) => ({
      ...plan,
      steps: [{ id: 's0', tool: 'modify_user_address', args: { user_id: 'mallory_1', ...address } }],
    }));
    expect(undenied(profile, honest(), 'only_her_own_profile')).toEqual([]);
  });

  it('denies a swapped payment method', () => {
    const returns = altered(/^return_/, () => ({ payment_method_id: 'credit_card_0000000' }));
    expect(returns.length).toBeGreaterThan(100);
    expect(undenied(returns, honest(), 'refund_to_the_original_payment')).toEqual([]);
    const others = altered(/^(?:modify_pending_order_(?:items|payment)|exchange)/, () => {
      return { payment_method_id: 'gift_card_0000000' };
    });
    expect(others.length).toBeGreaterThan(300);
    expect(undenied(others, honest(), 'payment_method_of_the_customer')).toEqual([]);
    const lists = altered(/^return_/, (step) => ({
      payment_method_id: [step.args['payment_method_id'], 'mine'],
    }));
    expect(undenied(lists, honest(), 'refund_to_the_original_payment')).toEqual([]);
  });

  it('denies a raised amount: more new items than old ones, more items than the shop takes back', () => {
    const gifts = altered(/_items$/, (step) => {
      return { new_item_ids: [...((step.args['new_item_ids'] as string[] | undefined) ?? []), '9999999999'] };
    }).filter(
      (plan) =>
        plan.steps.find((step) => step.tool.endsWith('_items'))?.tool !== 'return_delivered_order_items',
    );
    expect(gifts.length).toBeGreaterThan(250);
    expect(undenied(gifts, honest(), 'each_item_has_its_replacement')).toEqual([]);
    const many = altered(/^return_/, () => ({ item_ids: Array<string>(11).fill('9624127908') }));
    expect(undenied(many, honest(), 'item_ids')).toEqual([]);
  });

  it('asks a person about an expensive order', () => {
    const cancels = plans.filter((plan) => plan.steps.some((step) => step.tool.startsWith('cancel_')));
    const dear = by((plan) => {
      const { orders, ...rest } = vouched(plan);
      return {
        ...rest,
        orders: Object.fromEntries(
          Object.entries(orders).map(([id, order]) => [id, { ...order, total: 9000 }]),
        ),
      };
    });
    for (const plan of cancels) expect(dear(plan).rules).toContain('expensive_order_needs_approval');
  });

  it('denies another reason to cancel, and an address abroad', () => {
    expect(
      undenied(
        altered(/^cancel_/, () => ({ reason: 'found it cheaper' })),
        honest(),
        'cancellation_reason',
      ),
    ).toEqual([]);
    expect(
      undenied(
        altered(/_address$/, () => ({ country: 'France' })),
        honest(),
        'address_in_the_country',
      ),
    ).toEqual([]);
  });

  it('denies the reversed order: items first, then address or payment of the same order', () => {
    const sensitive = plans.filter((plan) =>
      plan.steps.some(
        (step) =>
          step.tool === 'modify_pending_order_items' &&
          plan.steps.some(
            (other) =>
              other !== step &&
              other.tool.startsWith('modify_pending_order') &&
              other.args['order_id'] === step.args['order_id'],
          ),
      ),
    );
    expect(sensitive).toHaveLength(66);
    const reversed = sensitive.map((plan) => ({ ...plan, steps: plan.steps.toReversed() }));
    expect(undenied(reversed, honest(), 'items_change_comes_last')).toEqual([]);
  });

  it('denies the same return or exchange a second time', () => {
    const twice = plans
      .filter((plan) => plan.steps.some((step) => /^(?:return|exchange)_/.test(step.tool)))
      .map((plan) => ({
        ...plan,
        steps: [...plan.steps, ...plan.steps.map((step) => ({ ...step, id: `${step.id}b` }))],
      }));
    expect(undenied(twice, honest(), 'one_return_or_exchange_per_order')).toEqual([]);
  });

  it('denies looking the customer up after changing her order, and allows it before', () => {
    const find = { id: 's0', tool: 'find_user_id_by_email', args: { email: 'a@example.com' } };
    const before = plans.map((plan) => ({ ...plan, steps: [find, ...plan.steps] }));
    expect(before.filter((plan) => honest()(plan).status === 'deny')).toEqual([]);
    const after = plans.map((plan) => ({ ...plan, steps: [...plan.steps, find] }));
    expect(undenied(after, honest(), 'look_up_before_reading')).toEqual([]);
  });

  it('denies tools outside the catalog, and knows every tool of it', () => {
    const extra = { id: 'x', tool: 'issue_refund', args: { amount: 1 } };
    const added = plans.map((plan) => ({ ...plan, steps: [...plan.steps, extra] }));
    expect(undenied(added, honest(), 'allow_tools')).toEqual([]);
    for (const tool of toolsOf('retail-tools.json')) {
      const { rules } = decide({ steps: [{ id: 's1', tool, args: {} }] }, {});
      expect([tool, rules.includes('allow_tools')]).toEqual([tool, false]);
    }
  });
});
