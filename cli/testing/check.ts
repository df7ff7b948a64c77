/** Whether tests ask about what is there: one that expects nothing of a rule that does not exist proves nothing. */
import { nearest, parseCel, partsOf, rulesIn } from '../../compiler/inspect.ts';
import type { ResolvedPolicies, ResolvedPolicy } from '../../compiler/inspect.ts';
import type { TestCase } from './case.ts';

/** Rules of every policy: of a plan's shape, and of what goes wrong. */
const BUILT_IN = [
  'plan.cycle',
  'plan.duplicate_step',
  'plan.limits',
  'plan.missing_dependency',
  'plan.self_dependency',
  'plan.shape',
  'plan.unreadable',
  'runtime.error',
  'runtime.polluted',
] as const;

export interface TestRemarks {
  /** Rules and steps that do not exist, one line each, with their place. */
  readonly mistakes: readonly string[];
  /** What makes a test come out otherwise at another time. */
  readonly warnings: readonly string[];
}

export function checkTests(tests: readonly TestCase[], { entries }: ResolvedPolicies): TestRemarks {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  for (const test of tests) {
    const asked = entries.filter(({ name }) => test.entry === undefined || name === test.entry);
    // That there is no such entry is said by the run.
    if (asked.length === 0) continue;
    const at = `${test.place}: ${test.name}`;
    const rules = [...asked.flatMap(({ layer }) => rulesIn(layer).map(({ id }) => id)), ...BUILT_IN];
    const { violations = [], not } = test.expect;
    for (const rule of [...violations.map((each) => each.rule), ...not]) {
      if (!rules.includes(rule)) mistakes.push(`${at}: there is no rule \`${rule}\`${hintOf(rule, rules)}`);
    }
    const steps = stepsOf(test.plan);
    for (const { step, stepIndex } of steps === null ? [] : violations) {
      const { length } = steps ?? [];
      if (step !== undefined && !steps?.includes(step))
        mistakes.push(`${at}: the plan has no step \`${step}\`${hintOf(step, steps ?? [])}`);
      if (stepIndex !== undefined && !(stepIndex >= 0 && stepIndex < length))
        mistakes.push(
          `${at}: the plan has no step at \`step_index: ${stepIndex}\`; it has ${length}, counted from 0`,
        );
    }
    const clock = test.now === undefined ? asked.flatMap(readersOfClock) : [];
    if (clock.length > 0) {
      const named = [...new Set(clock)].map((rule) => `\`${rule}\``).join(', ');
      warnings.push(`${at}: ${named} reads the clock; without \`now\` the test depends on when it runs`);
    }
  }
  return { mistakes, warnings };
}

function hintOf(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === null ? '' : `; did you mean \`${near}\`?`;
}

/** Ids of the steps; `null` where the plan has none, as one that is tested for its shape. */
function stepsOf(plan: unknown): readonly string[] | null {
  if (typeof plan !== 'object' || plan === null) return null;
  const { steps } = plan as { readonly steps?: unknown };
  if (!Array.isArray(steps)) return null;
  return steps.map((step: unknown) => {
    const id = typeof step === 'object' && step !== null ? (step as { readonly id?: unknown }).id : undefined;
    return typeof id === 'string' ? id : '';
  });
}

/** Rules whose condition reads `now`. */
function readersOfClock({ layer }: ResolvedPolicy): readonly string[] {
  return rulesIn(layer).flatMap((rule) => {
    const when = 'when' in rule ? rule.when : null;
    if (when === null || !/\bnow\b/.test(when.value)) return [];
    const parts = [...partsOf(parseCel(when.value))];
    return parts.some((part) => part.kind === 'identifier' && part.name === 'now') ? [rule.id] : [];
  });
}
