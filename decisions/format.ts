/** A report of a batch is a head, an item a plan and a tail, so that none needs more than one plan. */
import type { ViolationObject } from './decision.ts';
import type { PlanRecord } from './record.ts';
import type { Summary } from './summary.ts';

export interface ItemOptions {
  /** Path from the working directory to the plans, for readers that start from the former; may be empty. */
  readonly root: string;
  readonly colour: boolean;
  readonly about: RunFacts;
}

/** What a page says of its run beside what was decided; who decided is in the summary. */
export interface RunFacts {
  /** When, ISO 8601 in UTC. */
  readonly at: string;
  /** What the caller vouched for; `null` where it is not known, as in a merged report. */
  readonly context: unknown;
}

export interface BatchFormat {
  /** `null` while the summary is not known; a head with one has the same length as one without. */
  readonly head: (summary: Summary | null) => string;
  /** What the report says of one plan; `''` for nothing. */
  readonly item: (record: PlanRecord, options: ItemOptions) => string;
  /** Makes an `item` for records of `decidePlan`, which says the same in less time. */
  readonly decided?: () => BatchFormat['item'];
  readonly separator: string;
  readonly tail: (summary: Summary, options: ItemOptions) => string;
  /** Bytes of items after which a report for people shows no more of them. */
  readonly limit?: number;
}

/** A plan's file as one finds it from the working directory. */
export const pathOf = (record: PlanRecord, { root }: ItemOptions): string =>
  root === '' || record.file === 'stdin' ? record.file : `${root}/${record.file}`;

/** Where an editor or a pull request shows a finding: its step, or its plan. */
export const lineOf = (record: PlanRecord, violation: ViolationObject): number =>
  violation.line ?? record.line ?? 1;
