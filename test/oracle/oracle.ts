/**
 * What policies mean, written to be read: a naive evaluator of the resolved policy. It shares no code with the
 * compiler's later phases or the runtime; nothing but tests imports it. Tests are three-valued: `unknown` is a
 * test that cannot tell (a number was needed and there is a string), and a rule fires unless its condition fails.
 */
import { breaks } from './args.ts';
import { celHolds } from './cel.ts';
import { onceFor } from './once.ts';
import { anyValue, holds, MISSING, segmentsOf, waits } from './patterns.ts';
import { readSteps } from './read-plan.ts';
import { Later } from './references.ts';
import { compareTexts, readingsOf } from './spelling.ts';
import { textsOf } from './texts.ts';
import { matchesGlob } from './tools.ts';
import { and, ANYTHING, certain } from './truth.ts';
import type { Outlook } from './truth.ts';
import { waiverOf } from './waivers.ts';
import { wholePlanFindings } from './whole-plan.ts';
import { LONG_PLAN } from './limits.ts';
import type {
  Finding,
  OracleAnswer,
  OracleDecision,
  OraclePlan,
  OracleStep,
  PendingFinding,
  Place,
  Values,
} from './shape.ts';
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import type { BoundRule, ResolvedPolicy, ResolvedRule, WholePlanRule } from '../../compiler/ir/resolved.ts';

export type { Finding, OracleAnswer, OracleDecision, OraclePlan, OracleStep, Place, Values };

const STRENGTH = { audit: 'pass', warn: 'warn', require_approval: 'approval', deny: 'deny' } as const;
const ORDER = ['pass', 'warn', 'approval', 'deny'] as const;

export function decide(
  policy: ResolvedPolicy,
  written: OraclePlan['plan'],
  context: unknown,
  now: number,
  catalog: ToolCatalog | null = null,
  values: Values = 'now',
): OracleAnswer {
  const plan = readSteps(written, catalog);
  const { steps } = plan;
  const { rules: declared, bounds } = rulesOf(policy);
  const rules = asksOneRule(policy, steps.length, context, now) ?? declared;
  const pending: PendingFinding[] = [];
  const untold: Place[] = [];
  const findings = rules.flatMap((rule): Finding[] => {
    const told = (step: number, outlook: Outlook, mayFail = true): Finding[] => {
      if (outlook.every((truth) => truth === false)) return [];
      const tool = steps[step]?.tool ?? null;
      const waiver = waiverOf(policy.exceptions, { rule: rule.id, tool, context, now });
      const { id, severity, enforcement } = rule;
      const finding = { rule: id, step, severity, enforcement, waiver };
      if (!outlook.includes(false)) return [finding];
      if (values === 'later') pending.push({ ...finding, mayFail });
      return values === 'later' || rule.references === 'allow' ? [] : [finding];
    };
    if (rule.kind === 'max-steps') return told(-1, certain(steps.length > rule.limit));
    if (rule.kind === 'whole-plan') {
      const asked = { plan, context, now, catalog, bounds };
      const governed = onceFor((step: OracleStep) => governedBy(rule, step, asked));
      // Whether one step is governed bears on the others.
      const isUntold = rule.narrowing?.when && steps.some((step) => governed(step).ofCondition.length > 1);
      const asksOrder = ['require_before', 'require_after', 'flows'].includes(rule.body.kind);
      const everywhere = { rule: rule.id, anywhere: true, asksOrder } as const;
      if (isUntold) untold.push(...[-1, ...steps.keys()].map((step) => ({ ...everywhere, step })));
      return wholePlanFindings(rule.body, asked, values, (step) => governed(step).outlook).flatMap(
        ({ step, outlook, mayFail }) => told(step, outlook, mayFail),
      );
    }
    if (rule.kind !== 'pattern')
      return steps.flatMap((step, i) => told(i, fires(rule, step, { plan, context, now, catalog })));
    const { when, params } = rule;
    const condition = (step?: OracleStep): Outlook =>
      when === null
        ? certain(true)
        : celHolds(when.value, { plan, context, now, ...(step && { step }) }, params);
    const both = (step: number, pattern: Outlook, own: Outlook): Finding[] => {
      const outlook = and([pattern, own]);
      const isOpen = own.length > 1 && outlook.includes(false) && outlook.length > 1;
      const isAsked = values === 'later' || rule.references === 'allow' || ASKS_PARTS.test(when?.value ?? '');
      if (isOpen && isAsked) untold.push({ rule: rule.id, step });
      return told(step, outlook);
    };
    if (rule.scope === 'plan') return both(-1, certain(true), condition());
    return steps.flatMap((step, i) => both(i, holds(rule.pattern, step, context), condition(step)));
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
  return { status, risk, findings, pending: waiting, untold };
}

interface GovernedBy {
  readonly outlook: Outlook;
  readonly ofCondition: Outlook;
}

/** Whether a rule about the whole plan governs a step of its tools. */
function governedBy({ narrowing }: WholePlanRule, step: OracleStep, asked: OraclePlan): GovernedBy {
  if (!narrowing) return { outlook: certain(true), ofCondition: certain(true) };
  const { pattern, when, params = [] } = narrowing;
  const ofCondition = when ? celHolds(when.value, { ...asked, step }, params) : certain(true);
  return { outlook: and([holds(pattern, step, asked.context), ofCondition]), ofCondition };
}

/** What its interpreter does not decide of a text that is known in part, and the engine does. */
const ASKS_PARTS = /startsWith|endsWith|contains/;

interface Rules {
  readonly rules: readonly ResolvedRule[];
  readonly bounds: readonly BoundRule[];
}
const rulesOf = onceFor((policy: ResolvedPolicy): Rules => {
  const rules = rulesIn(policy.layer);
  return { rules, bounds: rules.filter((rule) => rule.kind === 'bound') };
});

/** "A plan of more than 256 steps that `max_steps` denies is denied for that alone." */
function asksOneRule(
  policy: ResolvedPolicy,
  steps: number,
  context: unknown,
  now: number,
): readonly ResolvedRule[] | null {
  if (steps <= LONG_PLAN) return null;
  const denies = rulesOf(policy).rules.find(
    (rule) =>
      rule.kind === 'max-steps' &&
      rule.enforcement === 'deny' &&
      steps > rule.limit &&
      waiverOf(policy.exceptions, { rule: rule.id, tool: null, context, now }) === null,
  );
  return denies ? [denies] : null;
}

function fires(rule: ResolvedRule, step: OracleStep, { catalog }: OraclePlan): Outlook {
  switch (rule.kind) {
    case 'allow':
      return certain(rule.layers.some((layer) => !layer.globs.some((glob) => matchesGlob(glob, step.tool))));
    case 'bound': {
      const { tool, path } = splitKey(rule);
      if (!matchesGlob(tool, step.tool)) return certain(false);
      return anyValue(step.args, segmentsOf(path), (value): Outlook => {
        if (waits(value)) return ANYTHING;
        if (value === MISSING && rule.optional) return certain(false);
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
    case 'pattern':
    case 'whole-plan':
    case 'result':
      return certain(false);
  }
}

/** A bound whose tool nobody names ends it at the last dot. */
function splitKey({ key, tool }: BoundRule): { tool: string; path: string } {
  const cut = tool?.length ?? key.replace(/\[.*/, '').lastIndexOf('.');
  return { tool: key.slice(0, cut), path: key.slice(cut + 1) };
}
