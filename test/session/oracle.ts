/**
 * What a session means, slowly: what `evaluate` says of plans that are made of the calls. It keeps the whole trace and nothing
 * else, and asks anew each time.
 */
import type { PredicateModule, RuleRow, Violation } from '@plan-lint/runtime/contract';
import type { Policy } from '../../runtime/evaluate.ts';

interface Made {
  readonly id: string;
  readonly tool: string;
  readonly args: object;
  readonly reads: readonly string[];
  /** The calls that had ended when it was admitted. */
  readonly ended: readonly string[];
  outcome: string | null;
}

export interface Said {
  readonly status: string;
  readonly risk: number;
  readonly rules: readonly string[];
}

/** What the oracle has to know of a rule: its body as it is written. */
export interface Written {
  readonly rule: string;
  readonly [kind: string]: unknown;
}

const STATUSES = ['pass', 'warn', 'approval', 'deny'];

/** Conditions that further calls can only mend, by their text: those of the generator. */
const OBLIGATIONS = [
  '!plan.steps.exists(s, s.tool == "mail")',
  'size(plan.steps) < 3',
  'plan.steps.all(s, s.tool != "mail")',
];

export class SessionOracle {
  readonly #policy: Policy;
  readonly #context: unknown;
  readonly #now: number;
  readonly #rows: ReadonlyMap<string, RuleRow>;
  readonly #threshold: number;
  readonly #aggregate: string;
  readonly #written: ReadonlyMap<string, Written>;
  #calls: Made[] = [];
  readonly #counted = new Set<string>();

  constructor(
    policy: Policy,
    module: PredicateModule,
    written: readonly Written[],
    { context, now }: { readonly context: unknown; readonly now: number },
  ) {
    const facts = module.facts();
    const [entry] = facts.entries;
    this.#policy = policy;
    this.#context = context;
    this.#now = now;
    this.#rows = new Map(facts.rules.map((row) => [row[0], row]));
    this.#threshold = entry?.threshold ?? 1;
    this.#aggregate = entry?.aggregate ?? 'sum';
    this.#written = new Map(written.map((one) => [one.rule, one]));
  }

  get running(): readonly string[] {
    return this.#calls.flatMap(({ id, outcome }) => (outcome === null ? [id] : []));
  }

  isRead(id: string): boolean {
    return this.#calls.some(({ reads }) => reads.includes(id));
  }

  #evaluate(steps: readonly object[]): readonly Violation[] {
    return this.#policy.evaluate({ steps }, { context: this.#context, now: this.#now }).violations;
  }

  #is(rule: string, kind: string): boolean {
    return this.#written.get(rule)?.[kind] !== undefined;
  }

  #isObligation(rule: string): boolean {
    const written = this.#written.get(rule);
    return written?.['scope'] === 'plan' && OBLIGATIONS.includes(String(written['when']));
  }

  /** The rules that fire on a call. */
  #firing(call: Made): readonly string[] {
    const all = [...this.#calls, call];
    const at = all.length - 1;
    const here = (one: Violation): boolean => one.stepIndex === at || one.stepIndex === -1;
    const plain = all.map(({ id, tool, args }) => ({ id, tool, args }));
    const otherwise = ['require_before', 'require_after', 'separate_duty', 'flows', 'on_fail'];
    const simple = this.#evaluate(plain).filter(
      (one) =>
        here(one) && !otherwise.some((kind) => this.#is(one.rule, kind)) && !this.#isObligation(one.rule),
    );
    const linked = all.map(({ id, tool, args, ended, outcome }) => ({
      id,
      tool,
      args,
      depends_on: ended,
      ...(outcome !== 'succeeded' && { on_fail: 'continue' }),
    }));
    const before = this.#evaluate(linked).filter((one) => here(one) && this.#is(one.rule, 'require_before'));
    const reading = all.map(({ id, tool, args, reads }) => ({
      id,
      tool,
      args: { ...args, reads: reads.map((each) => `\${${each}.result}`) },
    }));
    const flows = this.#evaluate(reading).filter((one) => here(one) && this.#is(one.rule, 'flows'));
    const duties = this.#calls.flatMap(({ id, tool, args }) =>
      this.#evaluate([{ id, tool, args }, plain[at] as object]).filter((one) =>
        this.#is(one.rule, 'separate_duty'),
      ),
    );
    return [...new Set([...simple, ...before, ...flows, ...duties].map((one) => one.rule))].sort();
  }

  #judged(firing: readonly string[], settled: readonly string[]): Said {
    const open = firing.filter((rule) => !settled.includes(rule));
    const strongest = open.reduce((most, rule) => Math.max(most, this.#rows.get(rule)?.[4] ?? 3), 0);
    const weights = [...new Set([...this.#counted, ...open])].map((rule) => this.#rows.get(rule)?.[5] ?? 1);
    const parts = weights.map((weight) => Math.round(weight * 1e6));
    const score =
      this.#aggregate === 'max' ? Math.max(0, ...parts) : parts.reduce((sum, part) => sum + part, 0);
    const denied = open.length > 0 && score >= Math.round(this.#threshold * 1e6);
    const status = STATUSES[denied ? 3 : strongest] ?? 'deny';
    return { status, risk: firing.length === 0 ? 0 : Math.min(score, 1e6) / 1e6, rules: firing };
  }

  call(
    { id, tool, args, reads }: Pick<Made, 'id' | 'tool' | 'args' | 'reads'>,
    settled: readonly string[] = [],
  ): Said {
    const ended = this.#calls.flatMap((one) => (one.outcome === null ? [] : [one.id]));
    const made: Made = { id, tool, args, reads, ended, outcome: null };
    const firing = this.#firing(made);
    const said = this.#judged(firing, settled);
    if (said.status !== 'pass' && said.status !== 'warn') return said;
    this.#calls.push(made);
    for (const rule of firing) if (!settled.includes(rule)) this.#counted.add(rule);
    return said;
  }

  end(id: string, outcome: string): void {
    if (outcome === 'not_started') this.#calls = this.#calls.filter((one) => one.id !== id);
    for (const one of this.#calls) if (one.id === id) one.outcome = outcome;
  }

  /** Pairs (rule, call) that are owed. */
  owed(): readonly string[] {
    const rules = [...this.#written.values()].filter((one) => one['require_after'] !== undefined);
    return rules
      .flatMap(({ rule, require_after: body }) => {
        const failing = (body as { readonly on_failure?: boolean }).on_failure !== false;
        return this.#calls.filter((call) => this.#owes(call, rule, failing)).map(({ id }) => `${rule} ${id}`);
      })
      .sort();
  }

  #owes(call: Made, rule: string, failing: boolean): boolean {
    const { id, tool, args } = call;
    if (call.outcome === 'failed' && !failing) return false;
    const first = { id, tool, args, on_fail: 'continue' };
    const isOwed = (steps: readonly object[]): boolean =>
      this.#evaluate(steps).some((one) => one.rule === rule && one.stepIndex === 0);
    if (!isOwed([first])) return false;
    return this.#calls.every((other) => {
      if (other === call || other.outcome !== 'succeeded' || !other.ended.includes(id)) return true;
      return isOwed([first, { id: other.id, tool: other.tool, args: other.args, depends_on: [id] }]);
    });
  }

  close(): readonly string[] {
    const plain = this.#calls.map(({ id, tool, args }) => ({ id, tool, args }));
    const broken = this.#evaluate(plain).filter((one) => this.#isObligation(one.rule));
    return [...broken.map(({ rule }) => rule), ...this.owed().map((one) => one.split(' ')[0] ?? '')].sort();
  }
}
