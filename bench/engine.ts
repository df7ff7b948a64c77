import type { Plan, Workload } from './workload.ts';
import type { Verdict } from './oracle.ts';

/** One way to decide plans, made ready for one workload. */
export interface Prepared {
  /** What is timed: a full decision with all that fired. */
  readonly decide: (plan: Plan) => unknown;
  /** The same decision in the oracle's words. */
  readonly verdict: (plan: Plan) => Verdict | Promise<Verdict>;
  /** `decide` gives a promise. */
  readonly later?: true;
  /** A yes or no as early as it can be had, where the engine has one. */
  readonly allows?: (plan: Plan) => boolean;
  /** Bytes of what would be shipped; 0 where nothing is. */
  readonly bytes: number;
  readonly gzip?: number;
  /** An engine in a process of its own times itself, in processor time too. */
  readonly timed?: (plans: readonly Plan[], budget: number) => Promise<Timed>;
  /** What a reader of its figure has to know. */
  readonly note?: string;
}

export interface Timed {
  /** Lower quartile of microseconds a plan, warm. */
  readonly micros: number;
  /** Milliseconds from rules to the first decision. */
  readonly ready: number;
}

/** Something an engine needs is not on this machine; the message says what, and how to get it. */
export class Missing extends Error {}

export interface Engine {
  readonly name: string;
  /** Largest workload it is asked about; above, one decision takes seconds. */
  readonly most?: number;
  /** The part of a workload that it can be asked at all: it is held to the oracle on that, and timed next to us on that. */
  readonly part?: (workload: Workload) => Workload;
  /** What it says instead of a rule's name, where it names no rules. */
  readonly wording?: (workload: Workload) => (finding: string) => string;
  /** @throws Missing where the toolchain is missing */
  readonly prepare: (workload: Workload) => Promise<Prepared> | Prepared;
}

/** Names of everything that can fire: the rules, then the settings. */
export function findingNames({ rules, deny }: Workload): readonly string[] {
  return [...rules.map(({ id }) => id), ...deny.map((source) => `deny ${source}`), 'allow', 'max_steps'];
}

/** Pairs (finding, step) as a verdict. */
export function verdictOf(names: readonly string[], pairs: Int32Array): Verdict {
  const found: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) found.push(`${pairs[i + 1] ?? 0}:${names[pairs[i] ?? 0] ?? ''}`);
  return found.sort();
}

/** Runs the text of an ES module and gives back its default export. */
export async function load(text: string): Promise<unknown> {
  const url = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
  const namespace = (await import(url)) as { readonly default: unknown };
  return namespace.default;
}
