import type { Question } from '../module/question.ts';
import type { Facts, Step } from './shape.ts';

interface Plan {
  readonly steps: readonly Step[];
  readonly context?: unknown;
}

/** Facts, and of which plan they are. */
interface Known {
  readonly plan: unknown;
  readonly facts: Facts;
}

/** The facts of the plan that is asked about: its entries and its violations ask one by one, and find them once. */
export function factsOf(question: Question): Facts {
  const { plan, context } = question;
  const known = question.facts as Known | null;
  if (known !== null && known.plan === plan && known.facts.context === context) return known.facts;
  const facts = newFacts(plan as Plan, context);
  question.facts = { plan, facts };
  return facts;
}

export function newFacts({ steps, context: claimed }: Plan, context: unknown): Facts {
  return {
    steps,
    claimed,
    context,
    ids: undefined,
    graph: undefined,
    groups: new Map(),
    narrowed: new Map(),
    firstOpen: new Map(),
  };
}

/** The place of each step by its id. */
export function idsOf(facts: Facts): ReadonlyMap<string, number> {
  facts.ids ??= new Map(facts.steps.map((step, i) => [step.id, i]));
  return facts.ids;
}

/** The tool of a step as a message shows it. */
export function shownTool({ steps }: Facts, step: number, secret: (text: string) => boolean): string {
  const tool = steps[step]?.tool ?? '';
  return secret(tool) ? '[secret]' : tool;
}
