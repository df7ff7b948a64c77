/** What a service would vouch for beside each right answer of the corpora, and what the sources leave out. */
import type { Plan, Step } from './corpora.ts';

export const LOGIN = /^(?:account_login|login_system)$/;
export const MONEY =
  /^(?:domestic_remittance|transfer_money|credit_card_repayment|(?:special_)?foreign_currency_(?:purchase|sale|exchange)|fixed_deposit_transaction|cash_withdrawal_reservation)$/;

export const has = (plan: Plan, tool: RegExp): boolean => plan.steps.some((step) => tool.test(step.tool));

/** The source of UltraTool gives no step arguments; a payment without them is denied. */
const paid = (step: Step): Step =>
  MONEY.test(step.tool) ? { ...step, args: { amount: 50, account: 'DE-4471-0098', ...step.args } } : step;

export const withPayments = (plan: Plan): Plan => ({ ...plan, steps: plan.steps.map(paid) });

/** The person said yes to what she asked for; her bank has her logged in, unless the plan does that. */
export const ofPerson = (plan: Plan) => ({
  authenticated: !has(plan, LOGIN),
  confirmed: plan.steps.map((step) => step.tool),
  payees: ['DE-4471-0098'],
});

export interface OfCustomer {
  readonly user_id: unknown;
  readonly orders: Readonly<
    Record<string, { readonly paid_with: readonly string[]; readonly total: number }>
  >;
  readonly payment_methods: readonly string[];
  readonly confirmed: readonly string[];
}

const text = (step: Step, name: string): readonly string[] => {
  const value = step.args[name];
  return typeof value === 'string' ? [value] : [];
};

/** The customer is the plan's; her orders, payment methods and confirmations are those of the right answer. */
export function ofCustomer({ context, steps }: Plan): OfCustomer {
  const ids = [...new Set(steps.flatMap((step) => text(step, 'order_id')))];
  const paidWith = (id: string): readonly string[] =>
    steps.filter((step) => step.args['order_id'] === id).flatMap((step) => text(step, 'payment_method_id'));
  return {
    user_id: context['user_id'],
    orders: Object.fromEntries(ids.map((id) => [id, { paid_with: paidWith(id), total: 250 }])),
    payment_methods: steps.flatMap((step) => text(step, 'payment_method_id')),
    confirmed: ids,
  };
}
