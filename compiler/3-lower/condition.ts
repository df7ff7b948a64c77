import { compileCel } from '../cel/index.ts';
import { PARAM_CEL_TYPES } from '../cel/params.ts';
import { ruleVariables } from '../cel/rule-variables.ts';
import type { DiagnosticCode } from '../diagnostics/catalog.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { CelRead } from '../ir/cel.ts';
import { everyNode } from '../ir/cel-walk.ts';
import type { PatternPlan } from '../ir/pattern.ts';
import type { CelTest } from '../ir/program.ts';
import type { PatternRule } from '../ir/resolved.ts';
import type { Located } from '../ir/source.ts';
import type { CompileText } from './pattern.ts';
import { spanWithin } from '../ir/place.ts';

const CODES = {
  syntax: 'PL3201',
  type: 'PL3202',
  'unknown-name': 'PL3203',
  unsupported: 'PL3204',
} as const satisfies Record<string, DiagnosticCode>;

/** Compiles a `when` of a rule; `null` after it has reported what is wrong. */
export function lowerCondition(
  rule: string,
  when: Located<string>,
  { scope, params = [] }: Pick<PatternRule, 'scope' | 'params'>,
  compile: CompileText,
  diagnostics: Diagnostics,
): CelTest | null {
  const typed = params.map(({ name, type, value }) => ({ name, type: PARAM_CEL_TYPES[type], value }));
  const patterns: Record<string, PatternPlan> = {};
  const result = compileCel(when.value, {
    variables: ruleVariables(scope, Object.fromEntries(typed.map(({ name, type }) => [name, type]))),
    compilePattern: (source) => {
      const compiled = compile(source);
      if (!compiled.ok) return { ok: false, message: compiled.refusal.message };
      patterns[source] = compiled.plan;
      return { ok: true, pattern: { key: source } };
    },
  });
  if (result.ok) {
    for (const read of result.reads) warnOfTrust(rule, read, when, diagnostics);
    return { kind: 'cel', expression: result.expression, patterns, params: typed };
  }
  for (const { code, message, hint, start, end } of result.errors) {
    diagnostics.report(CODES[code], { reason: message, hint }, spanWithin(when, start, end));
  }
  return null;
}

/**
 * Whether a condition asks of the step, whoever asks, and parameters alone; reports it where not. A session asks it when a
 * call is made, and a run when a step is set aside: neither has the same plan or time before it.
 */
export function asksStepAlone(
  { expression }: CelTest,
  when: Located<string>,
  diagnostics: Diagnostics,
): boolean {
  const other = everyNode(expression.root).find(
    (node) => node.op === 'variable' && (node.name === 'plan' || node.name === 'now'),
  );
  if (other?.op !== 'variable') return true;
  diagnostics.report('PL3205', { name: other.name }, spanWithin(when, other.start, other.end));
  return false;
}

/** `plan.context` is what the agent claims; a rule that lets it decide believes the one it guards against. */
function warnOfTrust(
  rule: string,
  { path, start, end }: CelRead,
  when: Located<string>,
  diagnostics: Diagnostics,
): void {
  const [variable, field] = path;
  if (variable !== 'plan' || field !== 'context') return;
  diagnostics.report('PL4001', { rule, path: path.join('.') }, spanWithin(when, start, end));
}
