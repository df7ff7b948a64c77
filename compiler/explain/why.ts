/** Why a plan was decided so: the tests of each rule that fired, and which of them held. */
import type { Decision, Violation } from '@plan-lint/runtime/contract';
import { originOf } from '../diagnostics/position.ts';
import { rulesIn } from '../ir/layer.ts';
import type { ArgPath } from '../ir/path.ts';
import type { Expr, Test } from '../ir/program.ts';
import type { ResolvedPolicies, ResolvedRule } from '../ir/resolved.ts';
import { showWholePlanRule } from '../ir/whole-plan-text.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { withContext } from '../proof/caller.ts';
import { testedBy, valuesAt } from '../proof/evaluate.ts';
import { conditionOfRule } from '../proof/rule.ts';
import { lead } from '../spelling/index.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { pathsRead, valueAt } from './reads.ts';
import { valueShower } from './shown-value.ts';
import type { ShowValue } from './shown-value.ts';

interface Step {
  readonly tool: string;
  readonly args?: unknown;
  readonly parameters?: unknown;
}

/** One test of a rule, in words, how it came out, and what it saw. */
export interface Atom {
  readonly says: string;
  readonly outcome: Outcome;
  /** What it looked at, as it may be shown. */
  readonly saw: readonly string[];
}

/** A finding of a decision and the rule behind it. */
export interface Why {
  readonly violation: Violation;
  readonly rule: ResolvedRule | null;
  readonly atoms: readonly Atom[];
  /** What a rule about the whole plan asks of it. */
  readonly asks: string | null;
}

/** What was decided. */
export interface Question {
  readonly plan: unknown;
  readonly context: unknown;
}

/** Each violation of a decision with its rule and the tests that let it fire. */
export function explainAll(
  question: Question,
  decision: Decision,
  { entries }: ResolvedPolicies,
): readonly Why[] {
  const rules = entries.flatMap((entry) => rulesIn(entry.layer));
  const show = valueShower(entries);
  return decision.violations.map((violation) => {
    const { origin } = violation;
    const rule =
      rules.find(({ id, span }) => {
        const at = originOf(span);
        return id === violation.rule && at.file === origin?.file && at.line === origin.line;
      }) ?? null;
    const asked = rule && conditionOfRule(rule);
    const condition = asked && withContext(asked, question.context);
    const step = (question.plan as { readonly steps?: readonly Step[] }).steps?.[violation.stepIndex];
    return {
      violation,
      rule,
      atoms: [
        ...(condition && step ? atomsOf(condition, step, show) : []),
        ...whenOf(rule, violation, { ...question, step }, show),
      ],
      asks: rule?.kind === 'whole-plan' ? showWholePlanRule(rule) : null,
    };
  });
}

/** The engine's words for a condition that ended in an error or in what is not known yet. */
const UNDECIDED = / cannot be decided: /;

/** A rule that fired has a condition that held, or that could not be told. */
function whenOf(
  rule: ResolvedRule | null,
  { message }: Violation,
  variables: Readonly<Record<string, unknown>>,
  show: ShowValue,
): readonly Atom[] {
  if (rule?.kind !== 'pattern' || !rule.when) return [];
  const { value: condition } = rule.when;
  const saw = pathsRead(condition).map(
    (path) => `${path.join('.')} = ${show(path, valueAt(variables, path))}`,
  );
  return [{ says: `when ${condition}`, outcome: UNDECIDED.test(message) ? 'not told' : 'held', saw }];
}

function atomsOf(expr: Expr, step: Step, show: ShowValue): readonly Atom[] {
  if ('items' in expr) return expr.items.flatMap((item) => atomsOf(item, step, show));
  if (expr.kind === 'constant' || expr.kind === 'invalid-args' || expr.kind === 'cel') return [];
  const args = step.args ?? step.parameters;
  if (expr.kind === 'tool') {
    const says = `the tool is ${expr.negated ? 'none' : 'one'} of ${expr.globs.join(', ')}`;
    return [{ says, outcome: outcomeOf(expr, step.tool, args, []), saw: [JSON.stringify(step.tool)] }];
  }
  const { path, test, negated } = expr;
  const says = sayingOf(test, negated);
  const values = path ? valuesAt(args, path) : [args];
  const names = (path ?? []).filter((segment) => typeof segment === 'string');
  return [
    {
      says: `${path ? `\`${shown(path)}\`` : 'a text in the arguments'} ${lead(test.view)}${says}`,
      outcome: outcomeOf(expr, step.tool, args, testedBy(test, values)),
      // Of a test of all texts the whole of the arguments would be shown, secrets among them.
      saw: path ? values.map((value) => (typeof value === 'symbol' ? 'no list' : show(names, value))) : [],
    },
  ];
}

/** A test in words. A whole request is too long to be shown, and a value that the caller did not give cannot be. */
function sayingOf({ operation, operand, from }: Test, negated: boolean): string {
  const described = OPERATIONS[operation as OperationName];
  if (!from && described.operand !== 'request') return described.says(operand, negated);
  const [before = ''] = described.says('operand', negated).split('"operand"');
  return `${before}${from ? `\`context.${from.path.join('.')}\`` : 'what the user asked'}`;
}

const shown = (path: ArgPath): string =>
  path.reduce<string>(
    (text, at) => (typeof at === 'string' ? `${text}${text && '.'}${at}` : `${text}[*]`),
    '',
  );
