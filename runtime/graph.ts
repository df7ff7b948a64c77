import type { Report } from './problem.ts';
import type { Fields } from './walk.ts';

const UNNAMED = /^\s|\s$|[{}]|\.result\b/;

/** What steps depend on, by `depends_on` and by references; kept from plan to plan. */
export class Dependencies {
  /** Pairs: step, and the id of the step it depends on. */
  #from: number[] = [];
  #to: string[] = [];
  /** The last step that named a dependency. */
  readonly #last = new Map<string, number>();
  /** More were named than may be. */
  overflown = false;

  /** Forgets everything. */
  reset(): void {
    this.overflown = false;
    if (this.#from.length === 0) return;
    this.#from = [];
    this.#to = [];
    this.#last.clear();
  }

  /** Notes a dependency once a step, however often the step names it; up to `most` of them. */
  note(id: string, step: number, most: number): void {
    if (this.#last.get(id) === step) return;
    if (this.#from.length >= most) {
      this.overflown = true;
      return;
    }
    this.#last.set(id, step);
    this.#from.push(step);
    this.#to.push(id);
  }

  /** Every dependency exists, none is the step itself, and there is an order that satisfies all. */
  check(steps: readonly unknown[], report: Report): void {
    if (this.#from.length === 0) return;
    const indexOf = new Map(steps.map((step, i) => [(step as Fields)['id'] as string, i]));
    // Another reader of a reference to such a step could find another one.
    for (const [id, step] of indexOf)
      if (UNNAMED.test(id)) report('shape', 'no reference can name `id`', step);
    const children = steps.map((): number[] => []);
    const waiting = steps.map(() => 0);
    const missing = new Set<number>();
    this.#from.forEach((step, edge) => {
      const target = indexOf.get(this.#to[edge] ?? '');
      if (target === undefined) missing.add(step);
      else if (target === step) report('self_dependency', 'the step depends on itself', step);
      else {
        children[target]?.push(step);
        waiting[step] = (waiting[step] ?? 0) + 1;
      }
    });
    for (const step of missing)
      report('missing_dependency', 'the step refers to a step that is not in the plan', step);
    // Kahn 1962: take away what depends on nothing; what is left stands in or behind a cycle.
    const ready = [...waiting.keys()].filter((step) => waiting[step] === 0);
    // The list grows while it is walked.
    for (const done of ready) {
      for (const child of children[done] ?? []) {
        const left = (waiting[child] ?? 0) - 1;
        waiting[child] = left;
        if (left === 0) ready.push(child);
      }
    }
    const stuck = waiting.findIndex((count) => count > 0);
    if (stuck >= 0) report('cycle', 'steps depend on each other in a circle', stuck);
  }
}
