/**
 * GNN4TaskPlan by `policies/domains/planner`: chains of tools over a film catalog (tmdb) and for a person (ultratool).
 * The source has no arguments, so what arguments do is shown by giving some to steps that have none.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { alter, decider, library, plansOf, present, tally, toolsOf, undenied } from './corpora.ts';
import type { Outcome, Plan, Step } from './corpora.ts';
import { has, LOGIN, MONEY, ofPerson as vouched, withPayments } from './honest.ts';

const FILMS = 'gnn4taskplan-tmdb.jsonl';
const PERSON = 'gnn4taskplan-ultratool.jsonl';
/** The steps in the other order: each now stands before what it depends on. */
const reversed = (plan: Plan): Plan => ({ ...plan, steps: plan.steps.toReversed() });
const unlinked = ({ id, tool, args }: Step): Step => ({ id, tool, args });
const plus = (plan: Plan, tool: string): Plan => {
  return { ...plan, steps: [...plan.steps, { id: 'x', tool, args: {} }] };
};
const without = (plan: Plan, tool: RegExp): Plan => {
  return { ...plan, steps: plan.steps.filter((step) => !tool.test(step.tool)).map(unlinked) };
};
describe.skipIf(!present(FILMS))('tmdb by movie-catalog', () => {
  const plans = present(FILMS) ? plansOf(FILMS) : [];
  const chains = plans.filter((plan) => plan.steps.length > 1);
  let decide: (plan: Plan) => Outcome;
  beforeAll(async () => {
    const decided = decider(await library(), 'movie-catalog');
    decide = (plan) => decided(plan, {});
  }, 60_000);

  it('allows 96 of 100 right answers; the others ask by an id that no step has found', () => {
    const denied = plans.filter((plan) => decide(plan).status !== 'pass');
    expect(Object.fromEntries(denied.map((plan) => [plan.id, decide(plan).rules]))).toEqual({
      // The company of a logo is asked about, and nobody has searched for it.
      'gnn4taskplan-tmdb-30': ['company_id_was_found'],
      // The company behind a collection: a collection names films, which alone name companies.
      'gnn4taskplan-tmdb-87': ['company_id_was_found'],
      // The cast of a season after that of a film: the series was found three steps before, the link is to the film.
      'gnn4taskplan-tmdb-89': ['series_id_was_found'],
      // The series of a director, straight from a film: its credits, which name the director, were not asked for.
      'gnn4taskplan-tmdb-93': ['person_id_was_found'],
    });
  });

  it('denies the reversed order', () => {
    expect(chains).toHaveLength(95);
    expect(undenied(chains.map(reversed), decide, 'runs_in_the_listed_order')).toEqual([]);
  });

  it('denies a chain whose links are removed, or whose first step is', () => {
    const allowed = (altered: readonly Plan[]): readonly string[] =>
      altered.filter((plan) => decide(plan).status !== 'deny').map(({ id }) => id);
    // Two searches, and a search beside a list of the best: nothing in them needs the other.
    const free = ['gnn4taskplan-tmdb-78', 'gnn4taskplan-tmdb-91'];
    expect(allowed(chains.map((plan) => ({ ...plan, steps: plan.steps.map(unlinked) })))).toEqual(free);
    expect(allowed(chains.map((plan) => ({ ...plan, steps: plan.steps.slice(1).map(unlinked) })))).toEqual(
      free,
    );
  });

  it('denies more steps than a question needs', () => {
    const long = plans.map((plan) => ({
      ...plan,
      steps: Array.from({ length: 9 }, (_, i) => ({ id: `s${String(i)}`, tool: 'SearchTV', args: {} })),
    }));
    expect(undenied(long, decide, 'max_steps')).toEqual([]);
  });

  it('denies tools outside the catalog, and knows every tool of it', () => {
    expect(
      undenied(
        plans.map((plan) => plus(plan, 'DeleteMovie')),
        decide,
        'allow_tools',
      ),
    ).toEqual([]);
    const known = toolsOf('tmdb-tools.json').map((tool) => {
      return decide({ id: tool, context: {}, steps: [{ id: 's1', tool, args: {} }] }).rules;
    });
    expect(known.flat()).not.toContain('allow_tools');
  });
});

describe.skipIf(!present(PERSON))('ultratool by personal-assistant', () => {
  const plans = present(PERSON) ? plansOf(PERSON).map(withPayments) : [];
  const paying = plans.filter((plan) => has(plan, MONEY));
  let decided: (plan: object, context: object) => Outcome;
  beforeAll(async () => {
    decided = decider(await library(), 'personal-assistant');
  }, 60_000);

  const decide = (plan: Plan): Outcome => decided(plan, vouched(plan));

  it('allows 3505 of 3527 right answers; a person would send the others back too', () => {
    expect(tally(plans, decide)).toEqual({
      pass: 3505,
      // A password is changed (5), or one application sent with the tool for bulk mail (10) where send_email would do.
      'deny allow_tools': 15,
      // ssh_connect: a shell on a server by another name.
      'deny allow_tools no_shell': 2,
      // Money moves, and the login comes afterwards, so nothing shows whose session paid.
      'deny login_before_the_account': 4,
      // The bill is paid before the order is placed.
      'deny look_before_you_book': 1,
    });
  });

  it('denies the reversed order', () => {
    expect(undenied(plans.map(reversed), decide, 'runs_in_the_listed_order')).toEqual([]);
    // Without links, only the tools tell: the login and the search come first.
    const logins = paying.filter((plan) => has(plan, LOGIN) && decide(plan).status === 'pass');
    expect(logins.length).toBeGreaterThan(100);
    const late = logins.map((plan) => {
      const steps = plan.steps.map(unlinked);
      const login = (step: Step): boolean => LOGIN.test(step.tool);
      return { ...plan, steps: [...steps.filter((step) => !login(step)), ...steps.filter(login)] };
    });
    expect(undenied(late, decide, 'login_before_the_account')).toEqual([]);
  });

  it('denies moving money without a session', () => {
    const decideWithout = (plan: Plan): Outcome => decided(plan, { ...vouched(plan), authenticated: false });
    expect(paying.length).toBeGreaterThan(300);
    expect(
      undenied(
        paying.map((plan) => without(plan, LOGIN)),
        decideWithout,
        'session_for_money',
      ),
    ).toEqual([]);
  });

  it('denies what pays or deletes without a confirmation', () => {
    const final = plans.filter(
      (plan) => has(plan, MONEY) || has(plan, /^(?:file_delete|checkout_api|del_transaction)$/),
    );
    expect(final.length).toBeGreaterThan(600);
    const unconfirmed = (plan: Plan): Outcome => decided(plan, { ...vouched(plan), confirmed: [] });
    expect(undenied(final, unconfirmed, 'confirmed_by_the_person')).toEqual([]);
    expect(
      undenied(final, (plan) => decided(plan, { authenticated: true }), 'confirmed_by_the_person'),
    ).toEqual([]);
  });

  it('denies a raised amount, and one that is no number', () => {
    const money = (plan: Plan): number => plan.steps.findIndex((step) => MONEY.test(step.tool));
    const amount = (value: unknown): readonly Plan[] =>
      paying.map((plan) => alter(plan, money(plan), { amount: value }));
    expect(undenied(amount(2001), decide, 'amount_within_the_day')).toEqual([]);
    expect(undenied(amount(-5), decide, 'amount_within_the_day')).toEqual([]);
    expect(undenied(amount('5'), decide, 'amount_within_the_day')).toEqual([]);
    const same = amount(150).filter((plan, i) => decide(plan).status !== decide(paying[i] ?? plan).status);
    expect(same).toEqual([]);
  });

  it('denies a swapped payee', () => {
    const remit = /^(?:domestic_remittance|transfer_money)$/;
    const sends = plans.filter((plan) => has(plan, remit));
    const to = (account: unknown): readonly Plan[] =>
      sends.map((plan) =>
        alter(
          plan,
          plan.steps.findIndex((step) => remit.test(step.tool)),
          { account },
        ),
      );
    expect(sends).toHaveLength(52);
    expect(undenied(to('XX-0000-0000'), decide, 'known_payee')).toEqual([]);
    expect(undenied(to(['DE-4471-0098', 'XX-0000-0000']), decide, 'known_payee')).toEqual([]);
    expect(to('DE-4471-0098').filter((plan) => decide(plan).rules.includes('known_payee'))).toEqual([]);
  });

  it('denies tools outside the list, of which only three are in the catalog', () => {
    expect(
      undenied(
        plans.map((plan) => plus(plan, 'crypto_withdrawal')),
        decide,
        'allow_tools',
      ),
    ).toEqual([]);
    const refused = toolsOf('ultratool-tools.json').filter((tool) => {
      const plan = { id: tool, context: {}, steps: [{ id: 's1', tool, args: {} }] };
      return decide(plan).rules.includes('allow_tools');
    });
    expect(refused.sort()).toEqual(['change_password', 'email_marketing_tool', 'ssh_connect']);
  });
});
