import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Interval } from '../ir/document.ts';
import type { AllowRule, ResolvedRule } from '../ir/resolved.ts';
import type { Located, Span } from '../ir/source.ts';
import { intervalDomain, outside } from './domains.ts';
import * as laws from './values.ts';
import { showInterval, showList } from './show.ts';

export const settingName = (rule: ResolvedRule): string =>
  rule.kind === 'bound' ? `bounds.${rule.key}` : rule.id;

export function showSetting(rule: ResolvedRule): string {
  if (rule.kind === 'max-steps') return String(rule.limit);
  if (rule.kind === 'only-catalog') return 'only-catalog';
  if (rule.kind === 'bound') return showInterval(rule);
  return rule.kind === 'allow' ? showList(rule.layers.flatMap(({ globs }) => globs)) : rule.id;
}

type SettingRule = Extract<ResolvedRule, { readonly kind: 'max-steps' | 'bound' | 'allow' }>;
type Check<R> = (parent: R, child: R, diagnostics: Diagnostics) => void;

const CHECKS: { readonly [K in SettingRule['kind']]: Check<Extract<SettingRule, { readonly kind: K }>> } = {
  'max-steps': (parent, child, diagnostics) => {
    if (laws.limit.weakens(parent.limit, child.limit)) refuse(laws.limit, parent, child, diagnostics);
  },
  bound: (parent, child, diagnostics) => {
    if (laws.interval.weakens(parent, child)) refuse(laws.interval, parent, child, diagnostics);
  },
  allow: checkNarrower,
};

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
  diagnostics: Diagnostics,
): void {
  const texts = { parent: showSetting(parent), child: showSetting(child) };
  reportWeaker(parent.id, law, texts, [parent.span, child.span], diagnostics);
}

function checkNarrower(parent: AllowRule, child: AllowRule, diagnostics: Diagnostics): void {
  for (const { globs: inherited, span } of parent.layers) {
    for (const tool of outside(
      child.layers.flatMap(({ globs }) => globs),
      inherited,
    )) {
      const related = [{ message: `the inherited list: ${inherited.join(', ')}`, span }];
      diagnostics.report('PL2104', { tool }, child.span, related);
    }
  }
}

/** A value that a child sets anew must lie in the domain that its parent declared. */
export function checkDomain(parent: ResolvedRule, child: ResolvedRule, diagnostics: Diagnostics): void {
  const setting = settingName(child);
  const report = (domain: Located<unknown>, value: string, text: string, span: Span): void =>
    diagnostics.report('PL2109', { setting, value, domain: text }, span, [
      { message: 'the domain is declared here', span: domain.span },
    ]);
  if (parent.kind === 'allow' && child.kind === 'allow' && parent.domain) {
    const outer = parent.domain.value;
    const wide = outside(
      [...child.layers.flatMap(({ globs }) => globs), ...(child.domain?.value ?? [])],
      outer,
    );
    if (wide.length > 0) report(parent.domain, showList(wide), showList(outer), child.span);
    return;
  }
  const value: Interval | null =
    child.kind === 'max-steps'
      ? { min: child.limit, max: child.limit }
      : child.kind === 'bound'
        ? child
        : null;
  if ((parent.kind !== 'max-steps' && parent.kind !== 'bound') || !parent.domain || !value) return;
  const text = showInterval(parent.domain.value);
  if (!laws.isWithin(value, parent.domain.value)) report(parent.domain, showSetting(child), text, child.span);
  else if ('domain' in child && child.kind !== 'allow' && child.domain) {
    if (intervalDomain.weakens(parent.domain.value, child.domain.value))
      report(parent.domain, `domain ${showInterval(child.domain.value)}`, text, child.domain.span);
  }
}

/** Reports a child's value that a law forbids, with both places, both values and the law. */
export function reportWeaker(
  setting: string,
  law: { readonly says: string },
  texts: { readonly parent: string; readonly child: string },
  [at, span]: readonly [parent: Span | null, child: Span],
  diagnostics: Diagnostics,
): void {
  const related = at ? [{ message: `the inherited value: ${texts.parent}`, span: at }] : [];
  diagnostics.report('PL2102', { setting, ...texts, law: law.says }, span, related);
}
