/**
 * What a session means, slowly: what `evaluate` says of plans that are made of the calls. It keeps the whole trace and nothing
 * else, and asks anew each time.
 */
import type { PredicateModule, RuleRow, Violation } from '@plan-lint/runtime/contract';
import type { Policy } from '../../runtime/evaluate.ts';
import { matchesGlob } from '../oracle/tools.ts';
import { holdsCopy } from './copies.ts';
import { handedOn } from './results-oracle.ts';
import type { HandedOn, WrittenResults } from './results-oracle.ts';

type Evidence = 'value' | 'order';

export interface Asked {
  readonly id: string;
  readonly tool: string;
  readonly args: object;
  /** `null`: the caller does not say. */
  readonly reads: readonly string[] | null;
  /** In a run: by argument, the calls whose results stand there; `null` where nobody can tell. */
  readonly sources?: Readonly<Record<string, readonly string[]>> | null;
  /** In a run: the step that is called for the first time, with what of it was known when the plan was decided. */
  readonly planned?: Later;
}

/** A step of a run that has not been called, as far as it is known. */
export interface Later {
  readonly id: string;
  readonly tool: string;
  readonly args: object;
}

interface Made {
  readonly id: string;
  readonly tool: string;
  readonly args: object;
  /** Calls whose results it holds, by the evidence of the rule that asks. */
  readonly reads: Readonly<Record<Evidence, readonly string[]>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The calls that had ended when it was admitted. */
  readonly ended: readonly string[];
  outcome: string | null;
  /** `undefined`: nobody has handed it over. */
  result: unknown;
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

/** The windows of the generator, in milliseconds. */
const WINDOWS: Readonly<Record<string, number>> = { '60s': 60_000, '5m': 300_000 };

const plain = ({ id, tool, args }: Later): object => ({ id, tool, args });

/** What a counting rule looks at of a call. */
interface Counting {
  readonly arg?: string;
  readonly of?: readonly { readonly tool: string | readonly string[]; readonly arg: string }[];
  readonly per?: string;
}

const at = (args: object, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Readonly<Record<string, unknown>>)[name]
          : undefined,
      args,
    );

/** Whether the rule could tell what the call counts. */
function countable({ tool, args }: Later, { arg: one, of, per }: Counting): boolean {
  const ofTool = of?.find(({ tool: globs }) => [globs].flat().some((glob) => matchesGlob(glob, tool)))?.arg;
  const arg = one ?? ofTool;
  const amount = arg === undefined ? 0 : at(args, arg);
  if (typeof amount !== 'number' || amount < 0) return false;
  if (per === undefined) return true;
  const group = at(args, per);
  return typeof group === 'number'
    ? Math.abs(group) <= Number.MAX_SAFE_INTEGER
    : ['string', 'boolean'].includes(typeof group);
}

/** Whether a rule about the whole plan governs some steps of its tools only. */
const narrows = (written: Written | undefined): boolean =>
  written !== undefined && ('pattern' in written || 'when' in written);

/** Each depends on what had ended when it was admitted, and goes on where that did not end well. */
function linked(calls: readonly Made[]): readonly object[] {
  const there = new Set(calls.map(({ id }) => id));
  return calls.map((call) => ({
    ...plain(call),
    depends_on: call.ended.filter((id) => there.has(id)),
    ...(call.outcome !== 'succeeded' && { on_fail: 'continue' }),
  }));
}

const reading = (calls: readonly Made[], by: Evidence): readonly object[] =>
  calls.map(({ id, tool, args, reads }) => ({
    id,
    tool,
    args: { ...args, reads: reads[by].map((each) => `\${${each}.result}`) },
  }));

export interface OracleOptions {
  readonly context: unknown;
  readonly now: number;
  /** What must not stand in results, as it is written. */
  readonly results?: readonly WrittenResults[];
}

export class SessionOracle {
  protected readonly policy: Policy;
  readonly #context: unknown;
  readonly #now: number;
  readonly #results: readonly WrittenResults[];
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
    { context, now, results = [] }: OracleOptions,
  ) {
    const facts = module.facts();
    const [entry] = facts.entries;
    this.policy = policy;
    this.#context = context;
    this.#now = now;
    this.#results = results;
    this.#rows = new Map(facts.rules.map((row) => [row[0], row]));
    this.#threshold = entry?.threshold ?? 1;
    this.#aggregate = entry?.aggregate ?? 'sum';
    this.#written = new Map(written.map((one) => [one.rule, one]));
  }

  get running(): readonly string[] {
    return this.#calls.flatMap(({ id, outcome }) => (outcome === null ? [id] : []));
  }

  isRead(id: string): boolean {
    return this.#calls.some(({ reads }) => [...reads.value, ...reads.order].includes(id));
  }

  #evaluate(steps: readonly object[]): readonly Violation[] {
    return this.policy.evaluate({ steps }, { context: this.#context, now: this.#now }).violations;
  }

  /** Of a run: the steps that have not been called, but this one. */
  protected readonly later: (asked: Asked) => readonly Later[] = () => [];

  #is(rule: string, kind: string): boolean {
    return this.#written.get(rule)?.[kind] !== undefined;
  }

  #isObligation(rule: string): boolean {
    const written = this.#written.get(rule);
    return written?.['scope'] === 'plan' && OBLIGATIONS.includes(String(written['when']));
  }

  /** The rules of a kind, by a member of their bodies. */
  #rulesOf(kind: string, member: string): ReadonlyMap<string, unknown> {
    const found = new Map<string, unknown>();
    for (const written of this.#written.values()) {
      const body = written[kind] as Readonly<Record<string, unknown>> | undefined;
      if (body?.[member] !== undefined) found.set(written.rule, body[member]);
    }
    return found;
  }

  /** Rules of the kind, each with the calls that it looks back to. */
  #windows(kind: string, call: Made): readonly (readonly [rule: string, calls: readonly Made[]])[] {
    return [...this.#rulesOf(kind, 'within')].map(([rule, written]) => {
      const length = WINDOWS[String(written)] ?? 0;
      return [rule, this.#calls.filter((one) => call.at - one.at < length)] as const;
    });
  }

  /** Rules that count, each with the calls that it looks at beside this one, where those are not simply all before. */
  #counts(asked: Asked, call: Made): readonly (readonly [rule: string, calls: readonly Later[]])[] {
    const later = this.later(asked);
    const looksBack = [...this.#windows('max_calls', call), ...this.#windows('max_total', call)];
    if (later.length === 0) return looksBack;
    const { planned } = asked;
    // What narrows a rule was told with the plan where all of the step was known.
    const wasKnown = (written: Written | undefined): boolean =>
      !narrows(written) || JSON.stringify(planned?.args) === JSON.stringify(asked.args);
    const isOwn = (body: Counting, written?: Written): boolean =>
      !!planned && countable(planned, body) && wasKnown(written);
    const windows = new Map(looksBack);
    const counting = [...this.#written.values()].flatMap((written) => {
      const body = (written['max_calls'] ?? written['max_total']) as Counting | undefined;
      if (body === undefined) return [];
      const ahead = isOwn(body, written) ? [] : later;
      return [[written.rule, [...(windows.get(written.rule) ?? this.#calls), ...ahead]] as const];
    });
    return [...counting, ['max_steps', [...this.#calls, ...(isOwn({}) ? [] : later)]]];
  }

  /** The rules that fire on a call. */
  #firing(asked: Asked, call: Made): readonly string[] {
    const all = [...this.#calls, call];
    const fired = (steps: readonly object[]): readonly string[] =>
      this.#evaluate(steps).flatMap(({ rule, stepIndex }) =>
        stepIndex === steps.length - 1 || stepIndex === -1 ? [rule] : [],
      );
    const counts = this.#counts(asked, call);
    const windowed = new Set(counts.map(([rule]) => rule));
    const otherwise = ['require_before', 'require_after', 'separate_duty', 'flows', 'on_fail'];
    const simple = fired(all.map(plain)).filter(
      (rule) =>
        !windowed.has(rule) && !otherwise.some((kind) => this.#is(rule, kind)) && !this.#isObligation(rule),
    );
    const counted = counts.flatMap(([rule, calls]) =>
      fired([...calls, call].map(plain)).filter((each) => each === rule),
    );
    const approvals = this.#windows('require_before', call);
    const lapsing = new Set(approvals.map(([rule]) => rule));
    const asksBefore = [...this.#written.keys()].some(
      (rule) => this.#is(rule, 'require_before') && !lapsing.has(rule),
    );
    const before = (asksBefore ? fired(linked(all)) : []).filter(
      (rule) => this.#is(rule, 'require_before') && !lapsing.has(rule),
    );
    const lapsed = approvals.flatMap(([rule, calls]) =>
      fired(linked([...calls, call])).filter((each) => each === rule),
    );
    const evidence = this.#rulesOf('flows', 'evidence');
    const flowing = [...this.#written.keys()].filter((rule) => this.#is(rule, 'flows'));
    const flows = (['value', 'order'] as const).flatMap((by) => {
      const own = flowing.filter((rule) => (evidence.get(rule) ?? 'value') === by);
      if (own.length === 0) return [];
      const earlier = reading(this.#calls, by);
      return own.filter((rule) => fired([...earlier, this.#sink(rule, asked, call, by)]).includes(rule));
    });
    const separates = [...this.#written.keys()].some((rule) => this.#is(rule, 'separate_duty'));
    const duties = (separates ? this.#calls : []).flatMap((other) =>
      this.#evaluate([plain(other), plain(call)]).flatMap(({ rule }) =>
        this.#is(rule, 'separate_duty') ? [rule] : [],
      ),
    );
    return [...new Set([...simple, ...counted, ...before, ...lapsed, ...flows, ...duties])].sort();
  }

  /** A call as a rule about flows sees it: what the arguments hold that must stay clean stands in these too. */
  #sink(rule: string, { sources, reads }: Asked, call: Made, by: Evidence): object {
    const [plainly] = reading([call], by) as readonly [{ readonly args: Readonly<Record<string, unknown>> }];
    const { to } = this.#written.get(rule)?.['flows'] as { readonly to: unknown };
    const into = [to]
      .flat()
      .flatMap((one) => (typeof one === 'object' ? [(one as { arg: string }).arg] : []));
    const args: Record<string, unknown> = { ...plainly.args };
    for (const name of into) {
      if (!Object.hasOwn(call.args, name)) continue;
      const value = (call.args as Readonly<Record<string, unknown>>)[name];
      const carried = this.#carried({ [name]: value })[by];
      const told = sources ? (sources[name] ?? []) : (reads ?? carried);
      const ids = told.filter((each) => this.#calls.some(({ id }) => id === each));
      args[name] = [value, ...ids.map((each) => `\${${each}.result}`)];
    }
    return { ...plainly, args };
  }

  /** Whether something is owed to a rule that admits nothing else until then. */
  #isBarred(tool: string): boolean {
    const owed = this.owed().map((one) => one.split(' ')[0] ?? '');
    return [...this.#rulesOf('require_after', 'until').keys()].some((rule) => {
      const { after, allow_while_owed: further } = this.#written.get(rule)?.['require_after'] as Readonly<
        Record<string, string | readonly string[] | undefined>
      >;
      const globs = [after ?? [], further ?? []].flat();
      return owed.includes(rule) && !globs.some((glob) => matchesGlob(glob, tool));
    });
  }

  /** What a call holds where nobody says: results that it copies or that nobody has seen, or of all before. */
  #carried(args: object): Made['reads'] {
    const isHeld = ({ outcome, result }: Made): boolean => {
      if (outcome === null) return false;
      return result === undefined ? outcome !== 'failed' : holdsCopy(args, result);
    };
    const asksOrder = [...this.#rulesOf('flows', 'evidence').values()].includes('order');
    return {
      value: this.#calls.filter(isHeld).map(({ id }) => id),
      order: asksOrder ? this.#calls.map(({ id }) => id) : [],
    };
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

  call(asked: Asked, now: number, settled: readonly string[] = []): Said {
    const { id, tool, args, reads } = asked;
    if (this.#isBarred(tool)) return { status: 'deny', risk: 1, rules: ['session.owed'] };
    const ended = this.#calls.flatMap((one) => (one.outcome === null ? [] : [one.id]));
    // What it reads may have been taken back since it was asked first.
    const told = reads?.filter((each) => this.#calls.some((one) => one.id === each)) ?? [];
    const held = reads === null ? this.#carried(args) : { value: told, order: told };
    const made: Made = { id, tool, args, reads: held, at: now, ended, outcome: null, result: undefined };
    const firing = this.#firing(asked, made);
    const said = this.#judged(firing, settled);
    if (said.status !== 'pass' && said.status !== 'warn') return said;
    this.#calls.push(made);
    for (const rule of firing) if (!settled.includes(rule)) this.#counted.add(rule);
    return said;
  }

  /** @returns what of the result may be handed on */
  end(id: string, outcome: string, given: unknown): HandedOn {
    const tool = this.#calls.find((one) => one.id === id)?.tool ?? '';
    const handed = handedOn(tool, given, this.#results);
    for (const rule of handed.rules) this.#counted.add(rule);
    const result = handed.kept;
    if (outcome === 'not_started') this.#calls = this.#calls.filter((one) => one.id !== id);
    for (const one of this.#calls) if (one.id === id) Object.assign(one, { outcome, result });
    return handed;
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
    const broken = this.#evaluate(this.#calls.map(plain)).filter((one) => this.#isObligation(one.rule));
    return [...broken.map(({ rule }) => rule), ...this.owed().map((one) => one.split(' ')[0] ?? '')].sort();
  }
}
