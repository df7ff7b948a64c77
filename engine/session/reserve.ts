/** In a run: what is set aside for steps that have not been called yet. */
import type { Question } from '../module/question.ts';
import { newFacts } from '../whole-plan/facts.ts';
import type { Planned } from './online.ts';
import type { PlannedCall } from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;

export interface Reserve {
  /** In place of what was set aside for the step before. */
  readonly set: (step: PlannedCall) => void;
  /** What is set aside for a step is its own while it is asked about, and from then on where it is admitted. */
  readonly whileAsked: <T extends { readonly status: number }>(step: string, ask: () => T) => T;
}

export function plannedOf({ id, tool, args }: PlannedCall, question: Question): Planned {
  const step = { id, tool, args };
  return { step, facts: newFacts({ steps: [step] }, question.context), question };
}

/**
 * @param question - that of the session, with its context
 * @param tell - tells the rules
 */
export function newReserve(question: Question, tell: (planned: Planned, sign: 1 | -1) => void): Reserve {
  const reserved = new Map<string, Planned>();
  function put(planned: Planned): void {
    reserved.set(planned.step.id, planned);
    tell(planned, 1);
  }
  function take(id: string): Planned | undefined {
    const planned = reserved.get(id);
    if (planned && reserved.delete(id)) tell(planned, -1);
    return planned;
  }
  return {
    set(step) {
      take(step.id);
      put(plannedOf(step, question));
    },
    whileAsked(id, ask) {
      const own = take(id);
      if (!own) return ask();
      let isAdmitted = false;
      try {
        const verdict = ask();
        isAdmitted = verdict.status < 2;
        return verdict;
      } finally {
        if (!isAdmitted) put(own);
      }
    },
  };
}
