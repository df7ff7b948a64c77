import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { PatternDeclaration, ReferenceMode, RefinementDeclaration } from '../ir/document.ts';
import type { Example } from '../examples/example.ts';
import { letThroughBy, openTo, stoppedBy } from '../examples/of-rule.ts';
import type { ResolvedRule } from '../ir/resolved.ts';
import type { Located, Span } from '../ir/source.ts';
import { OPERANDS, OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { DEFAULT_ENFORCEMENT, DEFAULT_WEIGHT } from './defaults.ts';
import * as laws from '../laws/values.ts';
import type { Law } from '../laws/values.ts';
import { withOperand } from '../laws/substitute.ts';
import { showOperand } from '../laws/show.ts';
import { reportWeaker } from '../laws/tighten.ts';
import { refineWholePlan } from './whole-plan.ts';

/**
 * The inherited rule as a child's `refine` wants it. Reports what is weaker by a law; whether a new pattern is
 * stricter is proved afterwards, where parent and child are whole.
 *
 * @param whole - the rule with the values of its parameters, for examples; `null` where it lacks one
 */
export function refineRule(
  rule: ResolvedRule,
  wanted: RefinementDeclaration,
  whole: ResolvedRule | null,
  diagnostics: Diagnostics,
): ResolvedRule {
  const { when, enabled } = wanted;
  const inherited = [{ message: `the inherited rule: ${headline(rule)}`, span: rule.span }];
  if (when) {
    const example = whole ? letThroughBy(when, whole) : undefined;
    diagnostics.report('PL2203', { rule: rule.id }, when.span, inherited, example);
  }
  if (enabled?.value === false) {
    const example = whole ? stoppedBy(whole) : undefined;
    diagnostics.report('PL2204', { rule: rule.id }, enabled.span, inherited, example);
  }
  if (rule.final && wanted.final?.value === false) {
    diagnostics.report('PL2211', { rule: rule.id }, wanted.final.span, inherited);
  }
  const head = refineHead(rule, wanted, whole, diagnostics);
  const says = describe(rule, wanted, head);
  const chain =
    says === '' ? rule.chain : [...rule.chain, { span: wanted.rule.span, says: `refined: ${says}` }];
  const final = rule.final || (wanted.final?.value ?? false);
  return { ...refineCondition(rule, wanted, diagnostics), ...head, final, chain };
}

const headline = ({ severity, enforcement, weight }: ResolvedRule): string =>
  `severity ${severity}, ${enforcement}, weight ${weight}`;

type Head = Pick<ResolvedRule, 'severity' | 'enforcement' | 'weight' | 'references'>;

/** Plans that a weaker one decides otherwise. Of a severity nothing is decided. */
const SHOWS: Partial<Record<keyof Head, (rule: ResolvedRule) => Example | undefined>> = {
  enforcement: stoppedBy,
  weight: stoppedBy,
  references: openTo,
};

/** A raised severity brings at least the enforcement and weight that it has by default. */
function refineHead(
  rule: ResolvedRule,
  wanted: RefinementDeclaration,
  whole: ResolvedRule | null,
  diagnostics: Diagnostics,
): Head {
  const raise = <T extends string | number | undefined>(
    key: keyof Head,
    law: Law<T>,
    held: T,
    next: Located<T> | undefined,
  ): T => {
    if (!next) return held;
    if (law.weakens(held, next.value)) {
      const example = whole ? SHOWS[key]?.(whole) : undefined;
      const texts = { parent: String(held ?? 'check'), child: String(next.value), example };
      reportWeaker(`${rule.id}.${key}`, law, texts, [rule.span, next.span], diagnostics);
    }
    return law.join(held, next.value);
  };
  const severity = raise('severity', laws.severity, rule.severity, wanted.severity);
  const raised = severity !== rule.severity;
  const enforcement = raise('enforcement', laws.enforcement, rule.enforcement, wanted.enforcement);
  const weight = raise('weight', laws.weight, rule.weight, wanted.weight);
  const references = raise<ReferenceMode | undefined>(
    'references',
    laws.references,
    rule.references,
    wanted.references,
  );
  return {
    references,
    severity,
    enforcement:
      raised && !wanted.enforcement
        ? laws.enforcement.join(enforcement, DEFAULT_ENFORCEMENT[severity])
        : enforcement,
    weight: raised && !wanted.weight ? laws.weight.join(weight, DEFAULT_WEIGHT[severity]) : weight,
  };
}

function describe(rule: ResolvedRule, wanted: RefinementDeclaration, head: Head): string {
  const { tool, addTools, addArgs, value, pattern, final } = wanted;
  const texts = (items: readonly Located<string>[]): string => items.map((item) => item.value).join(', ');
  return [
    head.severity === rule.severity ? '' : `severity ${head.severity}`,
    head.enforcement === rule.enforcement ? '' : head.enforcement,
    head.weight === rule.weight ? '' : `weight ${head.weight}`,
    final?.value && !rule.final ? 'final' : '',
    head.references === rule.references ? '' : 'references check',
    tool ? `tool ${texts(tool.value)}` : '',
    addTools.length > 0 ? `also for ${texts(addTools)}` : '',
    addArgs.length > 0 ? `also on ${texts(addArgs)}` : '',
    value ? `value ${showOperand(value.value)}` : '',
    pattern ? 'another pattern' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function refineCondition(
  rule: ResolvedRule,
  wanted: RefinementDeclaration,
  diagnostics: Diagnostics,
): ResolvedRule {
  if (rule.kind === 'pattern')
    return { ...rule, pattern: refinePattern(rule.id, rule.pattern, wanted, diagnostics) };
  if (rule.kind === 'whole-plan') return { ...rule, ...refineWholePlan(rule, wanted, diagnostics) };
  const { value } = wanted;
  const isToken = rule.kind === 'deny-token';
  for (const { key, span } of conditionKeys(wanted)) {
    if (isToken && key === 'value') continue;
    const reason = isToken
      ? 'it is one regular expression, which `value` may widen'
      : 'it comes from a setting; write the setting itself, which merges by its own law';
    diagnostics.report('PL2212', { key, rule: rule.id, reason }, span);
  }
  if (!isToken || !value) return rule;
  if (typeof value.value === 'string') return { ...rule, regex: value.value };
  const got = `\`${showOperand(value.value)}\``;
  diagnostics.report('PL1102', { what: '`value`', expected: 'a regular expression', got }, value.span);
  return rule;
}

interface Part {
  readonly key: string;
  readonly span: Span;
}

function conditionKeys({ tool, addTools, addArgs, value, pattern }: RefinementDeclaration): readonly Part[] {
  const first = (key: string, items: readonly Located<string>[]): readonly Part[] =>
    items[0] ? [{ key, span: items[0].span }] : [];
  return [
    ...(tool ? [{ key: 'tool', span: tool.span }] : []),
    ...first('add_tools', addTools),
    ...first('add_args', addArgs),
    ...(value ? [{ key: 'value', span: value.span }] : []),
    ...(pattern ? [{ key: 'pattern', span: pattern.span }] : []),
  ];
}

function refinePattern(
  rule: string,
  inherited: PatternDeclaration,
  wanted: RefinementDeclaration,
  diagnostics: Diagnostics,
): PatternDeclaration {
  const { tool, addTools, addArgs, value } = wanted;
  let pattern = wanted.pattern ?? inherited;
  const refuse = (key: string, span: Span, reason: string): void =>
    diagnostics.report('PL2212', { key, rule, reason }, span);
  if (value) {
    const { leaf } = pattern;
    const { expected, accepts } =
      OPERANDS[OPERATIONS[(leaf?.operation.value ?? 'exists') as OperationName].operand];
    if (!leaf) refuse('value', value.span, 'its pattern has several tests');
    else if (!accepts(value.value)) {
      const got = `\`${showOperand(value.value)}\``;
      diagnostics.report('PL1109', { operation: leaf.operation.value, expected, got }, value.span);
    } else {
      pattern = { ...pattern, leaf: withOperand(leaf, value) };
    }
  }
  const [firstArg] = addArgs;
  if (firstArg) {
    const { leaf } = pattern;
    if (!leaf?.arg) refuse('add_args', firstArg.span, 'its pattern is not one test of one argument');
    else {
      const or = [leaf.arg, ...addArgs].map((arg): PatternDeclaration => ({
        ...pattern,
        tools: null,
        leaf: { ...leaf, arg },
      }));
      pattern = { ...pattern, leaf: null, or };
    }
  }
  if (tool) pattern = { ...pattern, tools: tool.value };
  const [firstTool] = addTools;
  if (firstTool) {
    if (!pattern.tools)
      refuse('add_tools', firstTool.span, 'it applies to every tool already, or names tools further inside');
    else pattern = { ...pattern, tools: [...pattern.tools, ...addTools] };
  }
  return pattern;
}

/** Whether a refinement asks for another condition, and not for another standing alone. */
export const changesCondition = (wanted: RefinementDeclaration): boolean => conditionKeys(wanted).length > 0;

/** Whether another condition stands in place of the one before. Of rules about the whole plan limits fall and tools are added; what narrows them may be replaced. */
export function replacesCondition(rule: ResolvedRule, refined: ResolvedRule): boolean {
  if (rule.kind === 'pattern' && refined.kind === 'pattern') return rule.pattern !== refined.pattern;
  if (rule.kind === 'whole-plan' && refined.kind === 'whole-plan')
    return rule.narrowing?.pattern !== refined.narrowing?.pattern;
  return rule.kind === 'deny-token' && refined.kind === 'deny-token' && rule.regex !== refined.regex;
}

/** Two conditions of one rule in one file: the second would stand, and nobody would hold it against the first. */
export function reportAgain(wanted: RefinementDeclaration, first: Span, diagnostics: Diagnostics): void {
  const [again] = conditionKeys(wanted);
  if (!again) return;
  const reason = 'this file has changed its condition before; write both changes in one refinement';
  const params = { key: again.key, rule: wanted.rule.value, reason };
  diagnostics.report('PL2212', params, again.span, [{ message: 'first changed here', span: first }]);
}

/** The place in a refinement that changed the condition, for a caret. */
export function conditionSpan(wanted: RefinementDeclaration): Span {
  return conditionKeys(wanted)[0]?.span ?? wanted.rule.span;
}
