/** What is counted: names, labels and types of the source document, and what runs the service beside them. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ViolationData } from '@plan-lint/runtime';
import { SeriesCap, sizeWord } from './series-cap.ts';

/** Why no decision was made. */
export const ERROR_TYPES = [
  'unauthorized',
  'forbidden',
  'unreadable',
  'unknown_policy',
  'too_large',
  'media_type',
  'iam',
  'audit',
  'timeout',
  'internal',
] as const;
export type ErrorType = (typeof ERROR_TYPES)[number];

/** Why a request was turned away. */
export type ShedReason = 'in_flight' | 'loop_delay' | 'per_subject' | 'draining';

/** From 10 µs to a second. */
const SECONDS = [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 0.1, 0.5, 1];

export interface MetricsOptions {
  readonly teams: ReadonlySet<string>;
  readonly environment: string;
  readonly maxSeries: number;
  /** Milliseconds. */
  readonly share: number;
}

/** Of one decision. */
export interface Counted {
  readonly team: string | null;
  readonly violations: readonly Pick<ViolationData, 'rule' | 'severity'>[];
  readonly seconds: number;
  readonly steps: number;
  readonly rules: number;
}

export class Metrics {
  readonly registry = new Registry();
  readonly #options: MetricsOptions;
  readonly #rules: SeriesCap;
  readonly #validations = this.#counter('plan_lint_validations_total', 'Total number of validations', [
    'team',
    'environment',
  ]);
  readonly #violations = this.#counter('plan_lint_violations_total', 'Total number of violations', [
    'rule',
    'severity',
    'team',
  ]);
  readonly #seconds = this.#histogram(
    'plan_lint_validation_seconds',
    'Time spent validating plans',
    ['plan_size', 'policy_size'],
    SECONDS,
  );
  readonly #policyRules = this.#gauge('plan_lint_policy_rules', 'Number of rules in policy', ['policy']);
  readonly #errors = this.#counter('plan_lint_validation_errors_total', 'Total number of validation errors', [
    'error_type',
  ]);
  readonly #shed = this.#counter('plan_lint_shed_total', 'Requests that were turned away', ['reason']);
  readonly #iam = this.#histogram(
    'plan_lint_iam_seconds',
    'Time until it was known who asks',
    ['mode', 'outcome'],
    [0.0001, 0.001, 0.01, 0.1, 0.5, 1, 2, 5],
  );
  readonly #loaded = this.#counter('plan_lint_bundle_loaded_total', 'Bundles that came to decide', []);
  readonly #refused = this.#counter('plan_lint_bundle_refused_total', 'Bundles that were refused', ['code']);
  readonly #capped = this.#gauge('plan_lint_metrics_capped', 'How often a rule was counted as _other', []);
  readonly #bound = new Map<string, Counter.Internal>();
  #scrape: { readonly at: number; readonly text: Promise<string> } | null = null;

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#rules = new SeriesCap(options.maxSeries);
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  #gauge(name: string, help: string, labelNames: readonly string[]): Gauge {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  #histogram(
    name: string,
    help: string,
    labelNames: readonly string[],
    buckets: readonly number[],
  ): Histogram {
    return new Histogram({
      name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [this.registry],
    });
  }

  /** All of it, as Prometheus reads it. It is not put together for each who asks: nobody needs a token to. */
  text(): Promise<string> {
    const at = performance.now();
    if (!this.#scrape || at - this.#scrape.at >= this.#options.share)
      this.#scrape = { at, text: this.registry.metrics() };
    return this.#scrape.text;
  }

  /** A team that is not configured would be a label that callers choose. */
  teamLabel(team: string | null): string {
    return team !== null && this.#options.teams.has(team) ? team : 'other';
  }

  decided({ team, violations, seconds, steps, rules }: Counted): void {
    const label = this.teamLabel(team);
    this.#boundTo(label).inc();
    this.#seconds.observe({ plan_size: sizeWord(steps), policy_size: sizeWord(rules) }, seconds);
    for (const { rule, severity } of violations) {
      const isAdmitted = this.#rules.admits(`${rule}\n${severity}\n${label}`);
      this.#violations.inc({ rule: isAdmitted ? rule : '_other', severity, team: label });
      if (!isAdmitted) this.#capped.set(this.#rules.over);
    }
  }

  /** The counter of a team, looked up once. */
  #boundTo(team: string): Counter.Internal {
    const found = this.#bound.get(team) ?? this.#validations.labels(team, this.#options.environment);
    this.#bound.set(team, found);
    return found;
  }

  failed(type: ErrorType): void {
    this.#errors.inc({ error_type: type });
  }

  shed(reason: ShedReason): void {
    this.#shed.inc({ reason });
  }

  asked(mode: string, outcome: string, seconds: number): void {
    this.#iam.observe({ mode, outcome }, seconds);
  }

  activated(): void {
    this.#loaded.inc();
  }

  hasRules(policy: string, rules: number): void {
    this.#policyRules.set({ policy }, rules);
  }

  removed(policy: string): void {
    this.#policyRules.remove({ policy });
  }

  refused(code: string): void {
    this.#refused.inc({ code });
  }

  /** A figure that is looked up when it is asked for. */
  watch(name: string, help: string, read: Figure, label?: string): void {
    const labelNames = label === undefined ? [] : [label];
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: () => {
        gauge.reset();
        for (const [labels, value] of valuesOf(read, label)) gauge.set(labels, value);
      },
    });
  }

  /** The same of what somebody else counts, and what only grows. */
  watchTotal(name: string, help: string, read: Figure, label?: string): void {
    const labelNames = label === undefined ? [] : [label];
    const counter: Counter = new Counter({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: () => {
        counter.reset();
        for (const [labels, value] of valuesOf(read, label)) counter.inc(labels, value);
      },
    });
  }
}

/** One figure, or one for each value of a label. */
type Figure = () => number | ReadonlyMap<string, number>;
type Labelled = readonly [labels: Readonly<Record<string, string>>, value: number];

function valuesOf(read: Figure, label: string | undefined): readonly Labelled[] {
  const value = read();
  if (typeof value === 'number') return [[{}, value]];
  return Array.from(value, ([key, each]) => [{ [label ?? '']: key }, each]);
}
