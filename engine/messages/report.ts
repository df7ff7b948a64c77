import type { Cause } from '../module/cause.ts';
import type { Judgement, Question } from '../module/judge.ts';
import type { Problem } from '../walk/plan.ts';
import type { Entry } from '../module/tables.ts';
import type { RuleRow, Violation, Waiver } from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;

type Finding = readonly [entry: Entry, index: number, at: number, waiver: Waiver | null];

/** What fired, in the order of the steps. */
export function describe(question: Question, judgements: readonly Judgement[]): readonly Violation[] {
  const seen = new Map<string, Finding>();
  for (const { entry, found, waived } of judgements) {
    for (let i = 0; i < found.length; i += 2) {
      const index = found[i] ?? 0;
      const at = found[i + 1] ?? -1;
      const waiver = waived?.get(i) ?? null;
      // Entries that share a rule report it once; where one of them does not waive it, it is not waived.
      const key = `${index} ${at}`;
      const known = seen.get(key);
      if (!known || (known[3] && !waiver)) seen.set(key, [entry, index, at, waiver]);
    }
  }
  return [...seen.values()]
    .sort((a, b) => a[2] - b[2] || a[1] - b[1])
    .map((finding) => violationOf(question, finding));
}

function violationOf(question: Question, [entry, index, at, waiver]: Finding): Violation {
  const { rules, policies, categories, files, severities, enforcements } = question.tables;
  const [id, policy, category, severity, enforcement, , description, file, line, column] = rules[
    index
  ] as RuleRow;
  const { path, message } = causeOf(question, entry, index, at);
  return {
    rule: id,
    policy: policies[policy] ?? '',
    severity: severities[severity] as Violation['severity'],
    enforcement: enforcements[enforcement] as Violation['enforcement'],
    category: categories[category] ?? '',
    message: description === '' ? message : `${description}: ${message}`,
    stepIndex: at,
    stepId: shownId(question, at),
    argPath: path,
    origin: { file: files[file] ?? '', line, column },
    waiver: waiver ? waiver.label : null,
  };
}

/** A report must not throw where the rule itself does, nor for a plan that was changed since it was decided. */
function causeOf({ plan, context, now }: Question, entry: Entry, index: number, at: number): Cause {
  try {
    return entry.explain(index, at, plan, context, now);
  } catch {
    return { path: '', message: 'an error inside this rule, or a change of the plan since it was asked' };
  }
}

const CATEGORIES: Readonly<Record<string, string>> = {
  'runtime.polluted': 'BUNDLE',
  'plan.cycle': 'LOOP_DETECTED',
  'plan.self_dependency': 'LOOP_DETECTED',
  'plan.missing_dependency': 'MISSING_DEPENDENCY',
};

/** What is wrong with a plan that no policy was asked about. */
export function describeProblem(question: Question, { id, message, stepIndex }: Problem): Violation {
  return {
    rule: id,
    policy: 'plan-lint',
    severity: 'critical',
    enforcement: 'deny',
    category: CATEGORIES[id] ?? 'SCHEMA_INVALID',
    message,
    stepIndex,
    stepId: shownId(question, stepIndex),
    argPath: '',
    origin: null,
    waiver: null,
  };
}

interface Steps {
  readonly steps: readonly { readonly id: unknown }[];
}

/** The id of a step as it is now. */
function shownId({ tables, plan }: Question, at: number): string | null {
  try {
    const id = at < 0 ? null : (plan as Steps).steps[at]?.id;
    return typeof id !== 'string' ? null : tables.secret(id) ? '[secret]' : id;
  } catch {
    // A getter that throws: the step has no id to show.
    return null;
  }
}
