/**
 * What a plan says about the order of its steps, read naively: dependencies, the effect of a failure, and what
 * may happen when the plan runs.
 */
import { once } from './once.ts';
import type { OracleStep } from './shape.ts';
import { laterIn, readText } from './references.ts';
import type { Later } from './references.ts';
import { textsOf } from './texts.ts';

export type StepNumber = number;

/** What refers to steps in fields other than the arguments, which nobody has read before. */
const readIn = (value: unknown): readonly Later[] =>
  textsOf(value).flatMap((text) => (typeof text === 'string' ? (readText(text) ?? []) : []));

const idsOf = (all: readonly Later[]): readonly string[] => all.flatMap(({ ids }) => ids);

export class NaivePlan {
  readonly steps: readonly OracleStep[];
  readonly all: readonly StepNumber[];

  /** Whether each step waits for all in front of it, whatever its texts say. */
  readonly #inOrder: boolean;

  constructor(steps: readonly OracleStep[], inOrder = false) {
    this.#inOrder = inOrder;
    this.steps = steps;
    this.all = steps.map((_, i) => i);
  }

  /** The step with this id. */
  numberOf(id: unknown): StepNumber | undefined {
    return this.all.find((i) => this.steps[i]?.id === id);
  }

  #numbers(ids: readonly unknown[]): readonly StepNumber[] {
    return [...new Set(ids.flatMap((id) => this.numberOf(id) ?? []))];
  }

  /** What a step waits for. */
  waits = once((i: StepNumber): readonly StepNumber[] => {
    const { args, ...fields } = this.steps[i] ?? {};
    const found = [...laterIn(args), ...readIn(Object.values(fields))];
    return this.#numbers([...(this.steps[i]?.depends_on ?? []), ...idsOf(found)]);
  });

  /** Whether nobody knows what a step waits for, directly or by way of others. */
  isOpaque(i: StepNumber): boolean {
    if (this.#inOrder) return false;
    return [i, ...this.ancestors(i)].some((step) => this.hidesReferences(step));
  }

  /** Whether some text of a step is not understood. */
  hidesReferences(i: StepNumber): boolean {
    const { args, ...fields } = this.steps[i] ?? {};
    return [...laterIn(args), ...readIn(Object.values(fields))].some(({ known }) => known === null);
  }

  /** The steps whose results stand in its arguments. */
  reads(i: StepNumber): readonly StepNumber[] {
    return this.#numbers(idsOf(laterIn(this.steps[i]?.args)));
  }

  /** Whether its arguments may hold the result of any step. */
  readsAnything(i: StepNumber): boolean {
    return laterIn(this.steps[i]?.args).some(({ known }) => known === null);
  }

  effect(i: StepNumber): 'stops' | 'continues' | 'handled' | 'unknown' {
    const written = this.steps[i]?.on_fail ?? 'abort';
    if (written === 'abort' || written === 'retry') return 'stops';
    if (written === 'continue') return 'continues';
    const ids = Array.isArray(written) ? (written as readonly unknown[]) : [written];
    const words = ['abort', 'retry', 'continue'] as readonly unknown[];
    const known = ids.every((id) => !words.includes(id) && ![undefined, i].includes(this.numberOf(id)));
    return known && ids.length > 0 ? 'handled' : 'unknown';
  }

  /** The steps that the failure of a step runs; all of them where that is unknown. */
  handlers = once((i: StepNumber): readonly StepNumber[] => {
    if (this.effect(i) === 'unknown') return this.all;
    if (this.effect(i) !== 'handled') return [];
    return this.#numbers([this.steps[i]?.on_fail].flat());
  });

  /** Whether no step waits for a later one. */
  get isListed(): boolean {
    const isLast = (i: StepNumber): boolean => i === this.all.length - 1;
    return this.all.every(
      (i) => this.waits(i).every((other) => other < i) && (isLast(i) || !this.hidesReferences(i)),
    );
  }

  /** As an executor runs it that goes through the list: each step waits for all before it. */
  inListOrder(): NaivePlan {
    if (!this.isListed) return this;
    const before = (i: StepNumber): readonly string[] => this.steps.slice(0, i).map(({ id }) => id);
    return new NaivePlan(
      this.steps.map((step, i) => ({ ...step, depends_on: before(i) })),
      true,
    );
  }

  /** Everything a step waits for, directly or not. */
  ancestors = once((i: StepNumber): ReadonlySet<StepNumber> => {
    return new Set(this.waits(i).flatMap((other) => [other, ...this.ancestors(other)]));
  });

  /** What has certainly ended when a step starts: nothing where a failure may start it. */
  settled = once((i: StepNumber): ReadonlySet<StepNumber> => {
    if (this.all.some((other) => this.handlers(other).includes(i))) return new Set();
    return new Set(this.waits(i).flatMap((other) => [other, ...this.settled(other)]));
  });

  /** The least set of steps that holds a step whenever `starts` says so of the set so far. */
  least(starts: (i: StepNumber, started: ReadonlySet<StepNumber>) => boolean): ReadonlySet<StepNumber> {
    let started = new Set<StepNumber>();
    for (;;) {
      const next = new Set(this.all.filter((i) => started.has(i) || starts(i, started)));
      if (next.size === started.size) return started;
      started = next;
    }
  }

  /** The steps that can start although none of `first` has ended well. */
  startsWithout(first: readonly StepNumber[]): ReadonlySet<StepNumber> {
    return this.least((i, started) => {
      const ready = this.waits(i).every((other) => started.has(other) && !first.includes(other));
      return ready || this.all.some((x) => started.has(x) && this.handlers(x).includes(i));
    });
  }

  /** What runs where exactly these steps fail. */
  execution(failing: ReadonlySet<StepNumber>): ReadonlySet<StepNumber> {
    const lets = (i: StepNumber): boolean =>
      !failing.has(i) || this.effect(i) === 'continues' || this.effect(i) === 'unknown';
    return this.least(
      (i, started) =>
        this.waits(i).every((other) => started.has(other) && lets(other)) ||
        [...started].some((x) => failing.has(x) && this.handlers(x).includes(i)),
    );
  }
}
