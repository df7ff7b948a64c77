import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { PolicyBlock, ResultDeclaration, RuleDeclaration, Settings } from '../ir/document.ts';
import type { Narrowing, ResolvedRule, RuleHead } from '../ir/resolved.ts';
import type { Located, Span } from '../ir/source.ts';
import * as laws from '../laws/values.ts';
import { showInterval, showList } from '../laws/show.ts';
import { reportWeaker } from '../laws/tighten.ts';
import { DEFAULT_ENFORCEMENT, DEFAULT_SEVERITY, DEFAULT_WEIGHT, SETTING_HEADS } from './defaults.ts';

/** The rules a policy block brings: its own, and one for each flat setting that can be broken by a plan. */
export function rulesOf({ name, rules, settings }: PolicyBlock): readonly ResolvedRule[] {
  const { allowTools, bounds, denyTokens, results, maxSteps, tools, validateArgs } = settings;
  const found: ResolvedRule[] = rules.map((rule) => ruleOfAuthor(name, rule));
  if (allowTools) {
    const layer = { globs: allowTools.value.map((glob) => glob.value), span: allowTools.span };
    found.push({
      ...settingHead('allow', {
        id: 'allow_tools',
        says: showList(layer.globs),
        policy: name,
        ...allowTools,
      }),
      kind: 'allow',
      layers: [layer],
      domain: allowTools.domain ?? null,
    });
  }
  for (const { key, keySpan, min, max, domain, references, optional, final = false } of bounds) {
    const id = `bounds[${JSON.stringify(key)}]`;
    const options = [
      references && `references ${references.value}`,
      optional && `optional ${optional.value}`,
    ];
    const says = [showInterval({ min, max }), ...options].filter((part) => part !== undefined).join(', ');
    found.push({
      ...settingHead('bound', { id, policy: name, span: keySpan, says, final }),
      ...(references && { references: references.value }),
      kind: 'bound',
      key,
      tool: null,
      min,
      max,
      optional: optional?.value,
      domain: domain ?? null,
    });
  }
  for (const { value: regex, span, final = false } of denyTokens) {
    const id = `deny_tokens_regex[${JSON.stringify(regex)}]`;
    const head = settingHead('deny-token', { id, policy: name, span, says: regex, final });
    found.push({ ...head, kind: 'deny-token', regex });
  }
  found.push(...resultRules(name, results));
  if (maxSteps) {
    found.push({
      ...settingHead('max-steps', {
        id: 'max_steps',
        policy: name,
        says: String(maxSteps.value),
        ...maxSteps,
      }),
      kind: 'max-steps',
      limit: maxSteps.value,
      domain: maxSteps.domain ?? null,
    });
  }
  if (tools?.value === 'only-catalog') {
    found.push({
      ...settingHead('only-catalog', { id: 'tools', policy: name, says: tools.value, ...tools }),
      kind: 'only-catalog',
    });
  }
  if (validateArgs?.value === true) {
    found.push({
      ...settingHead('validate-args', { id: 'validate_args', policy: name, says: 'true', ...validateArgs }),
      kind: 'validate-args',
    });
  }
  return found;
}

/**
 * A rule for each tool and each expression: what a child adds stands beside what it inherits. None takes exceptions: what has
 * been handed on cannot be taken back.
 */
function resultRules(policy: string, results: readonly ResultDeclaration[]): readonly ResolvedRule[] {
  return results.flatMap(({ tools, regexes, action }) =>
    tools.flatMap(({ value: glob }) =>
      regexes.map(({ value: regex, span }): ResolvedRule => {
        const id = `results[${JSON.stringify(glob)}][${JSON.stringify(regex)}]`;
        const head = settingHead('result', { id, policy, span, says: action, final: true });
        return { ...head, weight: 0, kind: 'result', glob, regex, action };
      }),
    ),
  );
}

/** `tools: any` and `validate_args: false` are what holds by default; against an inherited guardrail they are weaker. */
export function checkSwitches(
  { tools, validateArgs }: Settings,
  inherited: { readonly get: (id: string) => ResolvedRule | undefined },
  diagnostics: Diagnostics,
): void {
  const check = (id: string, law: { readonly says: string }, on: string, off: Located<unknown>): void => {
    const held = inherited.get(id);
    const texts = { parent: on, child: String(off.value) };
    if (held) reportWeaker(id, law, texts, [held.span, off.span], diagnostics);
  };
  if (tools?.value === 'any') check('tools', laws.onlyCatalog, 'only-catalog', tools);
  if (validateArgs?.value === false) check('validate_args', laws.validateArgs, 'true', validateArgs);
}

/** What a setting says of the rule that it makes. */
interface Declared {
  readonly id: string;
  readonly policy: string;
  readonly span: Span;
  readonly says: string;
  readonly final?: boolean;
}

function settingHead(
  kind: keyof typeof SETTING_HEADS,
  { id, policy, span, says, final = false }: Declared,
): RuleHead {
  const { severity, category, description } = SETTING_HEADS[kind];
  return {
    id,
    policy,
    severity,
    category,
    description,
    enforcement: DEFAULT_ENFORCEMENT[severity],
    weight: DEFAULT_WEIGHT[severity],
    span,
    final,
    chain: [{ span, says: final ? `${says}, final` : says }],
  };
}

const narrowingOf = ({ pattern, when }: RuleDeclaration): Narrowing | null =>
  when || pattern.tools || pattern.leaf || pattern.and || pattern.or || pattern.not
    ? { pattern, when }
    : null;

function ruleOfAuthor(policy: string, rule: RuleDeclaration): ResolvedRule {
  const severity = rule.severity?.value ?? DEFAULT_SEVERITY;
  const enforcement = rule.enforcement?.value ?? DEFAULT_ENFORCEMENT[severity];
  const weight = rule.weight?.value ?? DEFAULT_WEIGHT[severity];
  const final = rule.final?.value ?? false;
  const references = rule.references?.value === 'allow' ? ', references allow' : '';
  const says = `declared: severity ${severity}, ${enforcement}, weight ${weight}${final ? ', final' : ''}${references}`;
  const head: RuleHead = {
    id: rule.id.value,
    policy,
    severity,
    enforcement,
    category: rule.category ?? 'POLICY_RULE',
    weight,
    description: rule.description,
    span: rule.span,
    final,
    chain: [{ span: rule.span, says }],
  };
  const { pattern, when, scope, wholePlan } = rule;
  // Member by member: there are thousands of them, and a spread is slow.
  return wholePlan
    ? { ...head, kind: 'whole-plan', body: wholePlan, narrowing: narrowingOf(rule) }
    : {
        id: head.id,
        policy,
        severity,
        enforcement,
        category: head.category,
        weight,
        description: head.description,
        span: head.span,
        final,
        chain: head.chain,
        kind: 'pattern',
        pattern,
        when,
        scope,
        ...(references !== '' && { references: 'allow' as const }),
      };
}
