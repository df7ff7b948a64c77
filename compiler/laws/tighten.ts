import type { Diagnostics, Illustration } from '../diagnostics/diagnostic.ts';
import { longerThan } from '../examples/of-rule.ts';
import type { Interval } from '../ir/document.ts';
import type { AllowRule, BoundRule, ResolvedRule } from '../ir/resolved.ts';
import type { Located, Span } from '../ir/source.ts';
import { slipsThrough } from './condition.ts';
import { intervalDomain, outside } from './domains.ts';
import * as laws from './values.ts';
import { showInterval, showList } from './show.ts';

export const settingName = (rule: ResolvedRule): string =>
  rule.kind === 'bound' ? `bounds.${rule.key}` : rule.id;

export function showSetting(rule: ResolvedRule): string {
  if (rule.kind === 'max-steps') return String(rule.limit);
  if (rule.kind === 'only-catalog') return 'only-catalog';
  if (rule.kind === 'result') return rule.action;
  if (rule.kind === 'bound') return showInterval(rule);
  return rule.kind === 'allow' ? showList(rule.layers.flatMap(({ globs }) => globs)) : rule.id;
}

type SettingRule = Extract<ResolvedRule, { readonly kind: 'max-steps' | 'bound' | 'allow' | 'result' }>;
type Check<R> = (parent: R, child: R, diagnostics: Diagnostics) => void;

const CHECKS: { readonly [K in SettingRule['kind']]: Check<Extract<SettingRule, { readonly kind: K }>> } = {
  'max-steps': (parent, child, diagnostics) => {
    if (!laws.limit.weakens(parent.limit, child.limit)) return;
    refuse(laws.limit, parent, child, longerThan(parent.limit), diagnostics);
  },
  bound: (parent, child, diagnostics) => {
    if (!laws.interval.weakens(parent, child)) return;
    refuse(laws.interval, parent, child, slipsThrough(parent, near(parent, child)), diagnostics);
  },
  allow: checkNarrower,
  result: (parent, child, diagnostics) => {
    if (laws.resultAction.weakens(parent.action, child.action))
      refuse(laws.resultAction, parent, child, undefined, diagnostics);
  },
};

/** The child's bound with its open ends just beyond those of the parent: what slips through it does so through the child's. */
const near = (parent: BoundRule, child: BoundRule): BoundRule => ({
  ...child,
  tool: parent.tool,
  optional: parent.optional,
  min: child.min ?? (parent.min === null ? null : parent.min - 1),
  max: child.max ?? (parent.max === null ? null : parent.max + 1),
});

const isSetting = (rule: ResolvedRule): rule is SettingRule => Object.hasOwn(CHECKS, rule.kind);

/** A child's setting must not ask for less than the one it inherits; the law then takes the stricter one. */
export function checkTighter(parent: ResolvedRule, child: ResolvedRule, diagnostics: Diagnostics): void {
  if (!isSetting(parent) || parent.kind !== child.kind) return;
  (CHECKS[parent.kind] as Check<ResolvedRule>)(parent, child, diagnostics);
}

function refuse(
  law: { readonly says: string },
  parent: ResolvedRule,
  child: ResolvedRule,
  example: Illustration | undefined,
  diagnostics: Diagnostics,
): void {
  const texts = { parent: showSetting(parent), child: showSetting(child), example };
  reportWeaker(parent.id, law, texts, [parent.span, child.span], diagnostics);
}

function checkNarrower(parent: AllowRule, child: AllowRule, diagnostics: Diagnostics): void {
  for (const layer of parent.layers) {
    const { globs: inherited, span } = layer;
    for (const tool of outside(
      child.layers.flatMap(({ globs }) => globs),
      inherited,
    )) {
      const related = [{ message: `the inherited list: ${inherited.join(', ')}`, span }];
      const alone = { ...child, layers: [{ globs: [tool], span: child.span }] };
      const params = { tool, parent: showList(inherited) };
      diagnostics.report(
        'PL2104',
        params,
        child.span,
        related,
        slipsThrough({ ...parent, layers: [layer] }, alone),
      );
    }
  }
}

/** A value that a child sets anew must lie in the domain that its parent declared. */
export function checkDomain(parent: ResolvedRule, child: ResolvedRule, diagnostics: Diagnostics): void {
  const setting = settingName(child);
  const report = (domain: Located<unknown>, { value, text, span, example }: Outside): void =>
    reportOutside({ setting, value, domain: text }, [domain.span, span], example, diagnostics);
  if (parent.kind === 'allow' && child.kind === 'allow' && parent.domain) {
    const outer = parent.domain.value;
    const wide = outside(
      [...child.layers.flatMap(({ globs }) => globs), ...(child.domain?.value ?? [])],
      outer,
    );
    const promised = { ...parent, layers: [{ globs: outer, span: parent.span }] };
    const example = slipsThrough(promised, child);
    if (wide.length > 0)
      report(parent.domain, { value: showList(wide), text: showList(outer), span: child.span, example });
    return;
  }
  const bound = child.kind === 'bound' ? child : null;
  const value: Interval | null = child.kind === 'max-steps' ? { min: child.limit, max: child.limit } : bound;
  if ((parent.kind !== 'max-steps' && parent.kind !== 'bound') || !parent.domain || !value) return;
  const text = showInterval(parent.domain.value);
  if (!laws.isWithin(value, parent.domain.value)) {
    const example = outsideDomain(parent.domain.value, child);
    report(parent.domain, { value: showSetting(child), text, span: child.span, example });
  } else if ('domain' in child && child.kind !== 'allow' && child.domain) {
    if (intervalDomain.weakens(parent.domain.value, child.domain.value)) {
      const wide = `domain ${showInterval(child.domain.value)}`;
      report(parent.domain, { value: wide, text, span: child.domain.span });
    }
  }
}

interface Outside {
  readonly value: string;
  readonly text: string;
  readonly span: Span;
  readonly example?: Illustration | undefined;
}

/** A plan that every value of the domain would stop, and the child lets through. */
function outsideDomain(domain: Interval, child: ResolvedRule): Illustration | undefined {
  if (child.kind === 'bound')
    return slipsThrough({ ...child, ...domain }, near({ ...child, ...domain }, child));
  const isLonger = child.kind === 'max-steps' && domain.max !== null && child.limit > domain.max;
  return isLonger ? longerThan(domain.max) : undefined;
}

/** Reports a value outside the domain of a default: both places, the value, the domain, and a plan where one shows it. */
export function reportOutside(
  params: { readonly setting: string; readonly value: string; readonly domain: string },
  [at, span]: readonly [domain: Span, child: Span],
  example: Illustration | undefined,
  diagnostics: Diagnostics,
): void {
  const related = [{ message: `the domain is declared here: ${params.domain}`, span: at }];
  diagnostics.report('PL2109', params, span, related, example);
}

/** Reports a child's value that a law forbids: both places, both values, the law, and a plan where one shows it. */
export function reportWeaker(
  setting: string,
  law: { readonly says: string },
  { parent, child, example }: Weaker,
  [at, span]: readonly [parent: Span | null, child: Span],
  diagnostics: Diagnostics,
): void {
  const related = at ? [{ message: `the inherited value: ${parent}`, span: at }] : [];
  diagnostics.report('PL2102', { setting, parent, child, law: law.says }, span, related, example);
}

/** Two values as messages show them. */
export interface Weaker {
  readonly parent: string;
  readonly child: string;
  readonly example?: Illustration | undefined;
}
