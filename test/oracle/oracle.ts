/**
 * What policies mean, written to be read: a naive evaluator of the resolved policy. It shares no code with the
 * compiler's later phases or the runtime; nothing but tests imports it. Tests are three-valued: `unknown` is a
 * test that cannot tell (a number was needed and there is a string), and a rule fires unless its condition fails.
 */
import { breaks } from './args.ts';
import { celHolds } from './cel.ts';
import { anyValue, holds, segmentsOf, waits } from './patterns.ts';
import { Later, withReferences } from './references.ts';
import { compareTexts, readingsOf } from './spelling.ts';
import { textsOf } from './texts.ts';
import { matchesGlob } from './tools.ts';
import { and, ANYTHING, certain } from './truth.ts';
import type { Outlook } from './truth.ts';
import { waiverOf } from './waivers.ts';
import { wholePlanFindings } from './whole-plan.ts';
import type { Finding, OracleDecision, OraclePlan, OracleStep, Values } from './shape.ts';
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import type { BoundRule, ResolvedPolicy, ResolvedRule } from '../../compiler/ir/resolved.ts';

export type { Finding, OracleDecision, OraclePlan, OracleStep, Values };

const STRENGTH = { audit: 'pass', warn: 'warn', require_approval: 'approval', deny: 'deny' } as const;
const ORDER = ['pass', 'warn', 'approval', 'deny'] as const;

export function decide(
  policy: ResolvedPolicy,
  written: OraclePlan['plan'],
  context: unknown,
  now: number,
  catalog: ToolCatalog | null = null,
  values: Values = 'now',
): OracleDecision {
  const plan = {
    ...written,
    steps: written.steps.map((step) => ({
      ...step,
      args: withReferences(step.args, templatesOf(catalog, step.tool)) as OracleStep['args'],
    })),
  };
  const { steps } = plan;
  const rules = rulesIn(policy.layer);
  const bounds = rules.filter((rule) => rule.kind === 'bound');
  const pending: Finding[] = [];
  const findings = rules.flatMap((rule): Finding[] => {
    const told = (step: number, outlook: Outlook): Finding[] => {
      if (outlook.every((truth) => truth === false)) return [];
      const tool = steps[step]?.tool ?? null;
      const waiver = waiverOf(policy.exceptions, { rule: rule.id, tool, context, now });
      const { id, severity, enforcement } = rule;
      const finding = { rule: id, step, severity, enforcement, waiver };
      if (!outlook.includes(false)) return [finding];
      if (values === 'later') pending.push(finding);
      return values === 'later' || rule.references === 'allow' ? [] : [finding];
    };
    if (rule.kind === 'max-steps') return told(-1, certain(steps.length > rule.limit));
    if (rule.kind === 'pattern' && rule.scope === 'plan') {
      return told(
        -1,
        rule.when === null ? certain(true) : celHolds(rule.when.value, { plan, context, now }, rule.params),
      );
    }
    if (rule.kind === 'whole-plan') {
      const asked = { plan, context, now, catalog, bounds };
      return wholePlanFindings(rule.body, asked, values).flatMap(({ step, outlook }) => told(step, outlook));
    }
    return steps.flatMap((step, i) => told(i, fires(rule, step, { plan, context, now, catalog })));
  });
  const counting = findings.filter(({ waiver }) => waiver === null);
  const fired = rules.filter((rule) => counting.some((finding) => finding.rule === rule.id));
  const weights = fired.map((rule) => rule.weight);
  const total = policy.aggregate === 'max' ? Math.max(0, ...weights) : weights.reduce((sum, w) => sum + w, 0);
  // Decimal weights: compared to six places.
  const risk = Math.min(1, Math.round(total * 1e6) / 1e6);
  const outcomes = fired.map((rule) => STRENGTH[rule.enforcement]);
  if (risk >= policy.threshold) outcomes.push('deny');
  const status = ORDER.findLast((outcome) => outcomes.includes(outcome)) ?? 'pass';
  // What fires whatever the values are does not wait for them.
  const isIn = (all: readonly Finding[], one: Finding): boolean =>
    all.some(({ rule, step }) => rule === one.rule && step === one.step);
  const waiting = pending.filter((one, i) => !isIn(findings, one) && !isIn(pending.slice(0, i), one));
  return { status, risk, findings, pending: waiting };
}

/** The arguments of a tool in which the catalog says that nothing is a reference. */
function templatesOf(catalog: ToolCatalog | null, tool: string): readonly string[] {
  const declared = catalog?.tools.get(tool)?.input['properties'] ?? {};
  return Object.entries(declared).flatMap(([name, schema]) =>
    (schema as Readonly<Record<string, unknown>>)['x-plan-lint-template'] === true ? [name] : [],
  );
}

function fires(rule: ResolvedRule, step: OracleStep, plan: OraclePlan): Outlook {
  const { catalog, ...asked } = plan;
  const subject = { step, ...asked };
  switch (rule.kind) {
    case 'pattern': {
      const pattern = holds(rule.pattern, step);
      const condition = rule.when ? celHolds(rule.when.value, subject, rule.params) : certain(true);
      return and([pattern, condition]);
    }
    case 'allow':
      return certain(rule.layers.some((layer) => !layer.globs.some((glob) => matchesGlob(glob, step.tool))));
    case 'bound': {
      const { tool, path } = splitKey(rule);
      if (!matchesGlob(tool, step.tool)) return certain(false);
      return anyValue(step.args, segmentsOf(path), (value): Outlook => {
        if (waits(value)) return ANYTHING;
        if (typeof value !== 'number' || !Number.isFinite(value)) return certain('unknown');
        return certain((rule.min !== null && value < rule.min) || (rule.max !== null && value > rule.max));
      });
    }
    case 'deny-token':
      // Of what is written in the plan.
      return certain(
        textsOf(step.args)
          .map((text) => (text instanceof Later ? text.text : text))
          .some(
            (text) =>
              compareTexts('matches', text, rule.regex, readingsOf('matches', undefined, undefined)) !==
              false,
          ),
      );
    case 'only-catalog':
      return certain(catalog?.tools.has(step.tool) !== true);
    case 'validate-args':
      return catalog === null ? certain(false) : breaks(catalog, step.tool, step.args);
    case 'max-steps':
    case 'whole-plan':
      return certain(false);
  }
}

/** A bound whose tool nobody names ends it at the last dot. */
function splitKey({ key, tool }: BoundRule): { tool: string; path: string } {
  const cut = tool?.length ?? key.lastIndexOf('.');
  return { tool: key.slice(0, cut), path: key.slice(cut + 1) };
}
