/** What a run means, slowly: the plan as it is written, what has been called of it, and the oracle of sessions for the values. */
import type { Decision, PredicateModule } from '../../runtime/contract.ts';
import type { Policy } from '../../runtime/evaluate.ts';
import { SessionOracle } from './oracle.ts';
import type { Asked, Later, OracleOptions, Said, Written } from './oracle.ts';
import type { HandedOn } from './results-oracle.ts';
import type { PlannedRun, RunStep } from './run-traces.ts';

interface Attempt {
  readonly call: string;
  outcome: string | null;
  result: unknown;
}

/** What an argument says: its value, or why it has none. */
type Resolved = { readonly value: unknown } | 'unresolved' | 'deviation';

const REFERENCE = /\$\{(s\d)\.result(?:\.(x|y))?\}|\{\{ (s\d)\.result(?:\.(x|y))? \}\}/g;
const isOpaque = (text: string): boolean => text === '{{ x | upper }}';

/** In a call it is a text like any other; to `evaluate`, which the oracle asks, it would be one that is not understood. */
const asValues = (args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      typeof value === 'string' && isOpaque(value) ? '(( x | upper ))' : value,
    ]),
  );

const refused = (rule: string): Said => ({ status: 'deny', risk: 1, rules: [rule] });

export class RunOracle extends SessionOracle {
  readonly decision: Decision;
  readonly #steps: readonly RunStep[];
  readonly #unplanned: PlannedRun['unplanned'];
  readonly #attempts = new Map<string, Attempt[]>();
  readonly #calls = new Map<string, number>();
  #isApproved = false;

  constructor(
    policy: Policy,
    module: PredicateModule,
    written: readonly Written[],
    asked: OracleOptions,
    run: PlannedRun,
  ) {
    super(policy, module, written, asked);
    this.#steps = run.plan.steps;
    this.#unplanned = run.unplanned;
    this.decision = policy.evaluate(run.plan, { context: asked.context, now: asked.now, values: 'later' });
  }

  approvePlan(): void {
    this.#isApproved = true;
  }

  /** The step that the number stands for, with what its call has to say; where nobody can tell, as it is written. */
  stepAt(nth: number): RunStep {
    const step = this.#steps[nth % this.#steps.length] as RunStep;
    const args = Object.entries(step.args).map(([key, written]) => {
      const resolved = this.#resolve(written);
      return [key, typeof resolved === 'string' ? written : resolved.value] as const;
    });
    return { ...step, args: Object.fromEntries(args) };
  }

  /** Of a call of a step: what of it is asked of the session, or why it is refused. */
  asStep(id: string, tool: string, args: Readonly<Record<string, unknown>>): Asked | Said {
    const step = this.#steps.find((one) => one.id === id) as RunStep;
    if (!this.#isAdmitted()) return refused('run.not_admitted');
    const obstacle = this.#obstacle(step) ?? this.#deviation(step, tool, args);
    if (obstacle !== null) return refused(obstacle);
    const before = this.#calls.get(id) ?? 0;
    const texts = this.#texts(step.args);
    const sources = [...new Set(this.#referred(step.args))];
    return {
      id: before === 0 ? id : `${id}#${before + 1}`,
      tool,
      args: asValues(args),
      reads: texts.some(isOpaque) ? null : sources.flatMap((one) => this.#last(one)?.call ?? []),
      sources: texts.some(isOpaque)
        ? null
        : Object.fromEntries(
            Object.entries(step.args).map(([key, written]) => [
              key,
              this.#referred({ written }).flatMap((one) => this.#last(one)?.call ?? []),
            ]),
          ),
      ...(!this.#last(id) && { planned: { id, tool, args: this.#known(step, true) } }),
    };
  }

  /** Of a call of no step. */
  asUnplanned(asked: Asked): Asked | Said {
    if (!this.#isAdmitted()) return refused('run.not_admitted');
    return this.#unplanned === 'session' ? asked : refused('run.unplanned');
  }

  /** Rules that were approved with the plan for a step, and wait for nothing. */
  settledFor(id: string): readonly string[] {
    const index = this.#steps.findIndex((one) => one.id === id);
    if (!this.#isApproved || index < 0) return [];
    const isOf = (at: number): boolean => at === index || at < 0;
    return this.decision.violations.flatMap(({ rule, stepIndex, enforcement }) => {
      const waits = this.decision.pending.some((one) => one.rule === rule && isOf(one.stepIndex));
      return enforcement === 'require_approval' && isOf(stepIndex) && !waits ? [rule] : [];
    });
  }

  started(step: string, call: string): void {
    this.#attempts.set(step, [
      ...(this.#attempts.get(step) ?? []),
      { call, outcome: null, result: undefined },
    ]);
    this.#calls.set(step, (this.#calls.get(step) ?? 0) + 1);
  }

  override end(id: string, outcome: string, given: unknown): HandedOn {
    const handed = super.end(id, outcome, given);
    const result = handed.kept;
    for (const [step, attempts] of this.#attempts) {
      const left = outcome === 'not_started' ? attempts.filter(({ call }) => call !== id) : attempts;
      this.#attempts.set(step, left);
      for (const attempt of left) if (attempt.call === id) Object.assign(attempt, { outcome, result });
    }
    return handed;
  }

  protected override readonly later = ({ planned }: Asked): readonly Later[] =>
    this.#steps
      .filter(({ id }) => id !== planned?.id && !this.#last(id))
      .map((step) => ({ id: `later-${step.id}`, tool: step.tool, args: this.#known(step, false) }));

  #isAdmitted(): boolean {
    return this.decision.valid || (this.decision.status === 'approval' && this.#isApproved);
  }

  #last(step: string): Attempt | undefined {
    return this.#attempts.get(step)?.at(-1);
  }

  #texts(args: object): readonly string[] {
    return Object.values(args).filter((each): each is string => typeof each === 'string');
  }

  #referred(args: object): readonly string[] {
    return this.#texts(args).flatMap((text) =>
      [...text.matchAll(REFERENCE)].map(([, one, , other]) => one ?? other ?? ''),
    );
  }

  #obstacle({ id, args, depends_on: listed = [], on_fail: onFail }: RunStep): string | null {
    const own = this.#last(id);
    if (own && !(own.outcome === 'failed' && onFail === 'retry')) return 'run.repeated';
    for (const other of [...listed, ...this.#referred(args)]) {
      const outcome = this.#last(other)?.outcome ?? null;
      const goesOn = this.#steps.some((one) => one.id === other && one.on_fail === 'continue');
      if (outcome === null || (outcome !== 'succeeded' && !goesOn)) return 'run.out_of_order';
    }
    const handled = this.#steps.filter((one) => one.on_fail === id);
    const hasFailed = handled.some((one) =>
      ['failed', 'unknown'].includes(this.#last(one.id)?.outcome ?? ''),
    );
    return handled.length > 0 && !hasFailed ? 'run.out_of_order' : null;
  }

  #resolve(written: unknown): Resolved {
    if (typeof written !== 'string' || isOpaque(written)) return { value: written };
    const references = [...written.matchAll(REFERENCE)];
    let text = written;
    for (const [whole, one, field, other, otherField] of references) {
      const attempt = this.#last(one ?? other ?? '');
      if (!attempt || attempt.outcome === null || attempt.result === undefined) return 'unresolved';
      const name = field ?? otherField;
      const { result } = attempt;
      const isMember = typeof result === 'object' && result !== null && Object.hasOwn(result, name ?? '');
      if (name !== undefined && !isMember) return 'deviation';
      const value: unknown = name === undefined ? result : (result as Record<string, unknown>)[name];
      if (whole === written) return { value };
      if (typeof value === 'object') return 'deviation';
      text = text.replace(whole, () => `${value as string | number | boolean}`);
    }
    return { value: text };
  }

  #deviation(step: RunStep, tool: string, args: Readonly<Record<string, unknown>>): string | null {
    if (tool !== step.tool) return 'run.deviation';
    for (const [key, written] of Object.entries(step.args)) {
      if (!Object.hasOwn(args, key)) return 'run.deviation';
      const resolved = this.#resolve(written);
      if (typeof resolved === 'string') return `run.${resolved}`;
      if (JSON.stringify(resolved.value) !== JSON.stringify(args[key])) return 'run.deviation';
    }
    return Object.keys(args).some((key) => !Object.hasOwn(step.args, key)) ? 'run.deviation' : null;
  }

  /** What is known of a step; when the plan was decided, no result was. */
  #known({ args }: RunStep, isBefore: boolean): object {
    const members = Object.entries(args).flatMap(([key, written]) => {
      if (typeof written === 'string' && isOpaque(written)) return [];
      if (isBefore && this.#referred({ written }).length > 0) return [];
      const resolved = this.#resolve(written);
      return typeof resolved === 'string' ? [] : [[key, resolved.value] as const];
    });
    return Object.fromEntries(members);
  }
}
