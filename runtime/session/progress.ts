/** How far a plan has run: which steps have started and ended, and what their results say where others name it. */
import type { Outcome, Source } from '../contract.ts';
import { canonicalJson } from '../jcs.ts';
import { hasOwn } from '../platform.ts';
import { frozenCopy } from './copy.ts';
import type { EndOptions } from './core.ts';
import type { CallDecision } from './decision.ts';
import type { PlannedStep, PlannedSteps } from './planned.ts';
import type { Read } from './resolve.ts';

type State = 'running' | Exclude<Outcome, 'not_started'>;

export type ProgressState = readonly [
  states: readonly (readonly [step: string, state: State, call: string])[],
  attempts: readonly (readonly [step: string, count: number])[],
  values: readonly (readonly [key: string, read: readonly [unknown] | 'missing' | 'unread'])[],
  waiting: readonly (readonly [call: string, step: string])[],
];

const keyOf = (step: string, path: readonly string[]): string => JSON.stringify([step, path]);

export class Progress {
  readonly #steps: PlannedSteps;
  readonly #largest: number;
  readonly #states = new Map<string, { readonly state: State; readonly call: string }>();
  readonly #attempts = new Map<string, number>();
  readonly #values = new Map<string, Read>();
  /** Calls that wait for an approval, with their step. */
  readonly #waiting = new Map<string, string>();

  constructor(steps: PlannedSteps, largest: number, saved: ProgressState | null) {
    this.#steps = steps;
    this.#largest = largest;
    const [states = [], attempts = [], values = [], waiting = []] = saved ?? [];
    for (const [step, state, call] of states) this.#states.set(step, { state, call });
    for (const [step, count] of attempts) this.#attempts.set(step, count);
    for (const [key, read] of values)
      this.#values.set(key, typeof read === 'string' ? read : { value: read[0] });
    for (const [call, step] of waiting) this.#waiting.set(call, step);
  }

  /** Why the step may not be called now. */
  obstacle({ id, waits, onFail }: PlannedStep): readonly [rule: string, message: string] | null {
    const own = this.#states.get(id)?.state;
    if (own === 'running') return ['run.repeated', 'the step is running'];
    const isRetry = own === 'failed' && onFail === 'retry';
    if (own !== undefined && !isRetry) return ['run.repeated', 'the step has been run'];
    for (const other of waits) {
      const state = this.#states.get(other)?.state;
      if (state === 'succeeded') continue;
      if (state === undefined || state === 'running')
        return ['run.out_of_order', `the step waits for \`${other}\`, which has not ended`];
      if (this.#steps.of(other)?.onFail !== 'continue')
        return ['run.out_of_order', `\`${other}\` has not succeeded, and the plan does not go on without it`];
    }
    for (const other of this.#steps.handles.get(id) ?? []) {
      const state = this.#states.get(other)?.state;
      if (state === 'failed' || state === 'unknown') return null;
    }
    return this.#steps.handles.has(id)
      ? ['run.out_of_order', 'the step handles a failure that has not happened']
      : null;
  }

  /** Whether it has not been called, or never started. */
  isAhead({ id }: PlannedStep): boolean {
    return !this.#states.has(id);
  }

  /** The first call of a step has its id; a further one, one that no step has. */
  callId({ id }: PlannedStep): string {
    const before = this.#attempts.get(id) ?? 0;
    if (before === 0) return id;
    let call = `${id}#${before + 1}`;
    while (this.#steps.of(call)) call += "'";
    return call;
  }

  /** The calls whose results stand in the arguments; `null` where that cannot be told. */
  reads({ reads }: PlannedStep): readonly string[] | null {
    return reads && reads.flatMap((step) => this.#states.get(step)?.call ?? []);
  }

  /** Where in the arguments they stand; `null` where that cannot be told. */
  sources({ reads, places }: PlannedStep): readonly Source[] | null {
    if (reads === null) return null;
    return places.flatMap(({ at, step }) => {
      const call = this.#states.get(step)?.call;
      return call === undefined ? [] : [{ at, call }];
    });
  }

  read(step: string, path: readonly string[]): Read {
    return this.#values.get(keyOf(step, path)) ?? 'unread';
  }

  asked({ id }: PlannedStep, call: string, { admitted, ticket }: CallDecision): void {
    if (ticket !== null) this.#waiting.set(call, id);
    if (admitted) this.#start(id, call);
  }

  settled({ id: call, admitted }: CallDecision): void {
    const step = this.#waiting.get(call);
    if (step === undefined || !admitted) return;
    this.#waiting.delete(call);
    this.#start(step, call);
  }

  #start(step: string, call: string): void {
    this.#states.set(step, { state: 'running', call });
    this.#attempts.set(step, (this.#attempts.get(step) ?? 0) + 1);
  }

  /** @returns the step that has ended; `null` for a call that nobody planned */
  end(call: string, { outcome, result }: EndOptions): string | null {
    for (const [step, { call: own }] of this.#states) {
      if (own !== call) continue;
      if (outcome === 'not_started') this.#states.delete(step);
      else {
        this.#states.set(step, { state: outcome, call });
        this.#keep(step, result);
      }
      return step;
    }
    return null;
  }

  /** Keeps of a result what later steps name. */
  #keep(step: string, result: unknown): void {
    this.#steps.paths.get(step)?.forEach((path) => {
      this.#values.set(keyOf(step, path), result === undefined ? 'unread' : this.#readAt(result, path));
    });
  }

  #readAt(result: unknown, path: readonly string[]): Read {
    try {
      let value = result;
      for (const name of path) {
        if (typeof value !== 'object' || value === null || !hasOwn(value, name)) return 'missing';
        value = (value as Readonly<Record<string, unknown>>)[name];
      }
      if (value === undefined) return 'missing';
      const copy = frozenCopy(value);
      return canonicalJson(copy).length > this.#largest ? 'unread' : { value: copy };
    } catch {
      return 'unread';
    }
  }

  save(): ProgressState {
    return [
      [...this.#states].map(([step, { state, call }]) => [step, state, call] as const),
      [...this.#attempts],
      [...this.#values].map(
        ([key, read]) => [key, typeof read === 'string' ? read : ([read.value] as const)] as const,
      ),
      [...this.#waiting],
    ];
  }
}
