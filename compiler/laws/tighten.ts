import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { globCovers } from '../glob/covers.ts';
import type { Interval } from '../ir/document.ts';
import type { AllowRule, ResolvedRule } from '../ir/resolved.ts';
import type { Located, Span } from '../ir/source.ts';
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

/** A child's setting must not ask for less than the one it inherits; the law then takes the stricter one. */
export function checkTighter(parent: ResolvedRule, child: ResolvedRule, diagnostics: Diagnostics): void {
  const spans = [parent.span, child.span] as const;
  const texts = { parent: showSetting(parent), child: showSetting(child) };
  if (parent.kind === 'max-steps' && child.kind === 'max-steps') {
    if (laws.limit.weakens(parent.limit, child.limit)) {
      reportWeaker('max_steps', laws.limit, texts, spans, diagnostics);
    }
  } else if (parent.kind === 'bound' && child.kind === 'bound') {
    if (laws.interval.weakens(parent, child)) {
      reportWeaker(parent.id, laws.interval, texts, spans, diagnostics);
    }
  } else if (parent.kind === 'allow' && child.kind === 'allow') {
    checkNarrower(parent, child, diagnostics);
  }
}

function checkNarrower(parent: AllowRule, child: AllowRule, diagnostics: Diagnostics): void {
  for (const glob of child.layers.flatMap((layer) => layer.globs)) {
    const open = parent.layers.find((layer) => !layer.globs.some((outer) => globCovers(outer, glob)));
    if (!open) continue;
    const related = [{ message: `the inherited list: ${open.globs.join(', ')}`, span: open.span }];
    diagnostics.report('PL2104', { tool: glob }, child.span, related);
  }
}

/** A value that a child sets anew must lie in the domain that its parent declared. */
export function checkDomain(parent: ResolvedRule, child: ResolvedRule, diagnostics: Diagnostics): void {
  const setting = settingName(child);
  const refuse = (domain: Located<unknown>, value: string, text: string, span: Span): void =>
    diagnostics.report('PL2109', { setting, value, domain: text }, span, [
      { message: 'the domain is declared here', span: domain.span },
    ]);
  if (parent.kind === 'allow' && child.kind === 'allow' && parent.domain) {
    const outer = parent.domain.value;
    const within = (globs: readonly string[]): readonly string[] =>
      globs.filter((glob) => !outer.some((other) => globCovers(other, glob)));
    const wide = [
      ...within(child.layers.flatMap(({ globs }) => globs)),
      ...within(child.domain?.value ?? []),
    ];
    if (wide.length > 0) refuse(parent.domain, showList(wide), showList(outer), child.span);
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
  if (!laws.isWithin(value, parent.domain.value)) refuse(parent.domain, showSetting(child), text, child.span);
  else if ('domain' in child && child.kind !== 'allow' && child.domain) {
    if (!laws.isWithin(child.domain.value, parent.domain.value))
      refuse(parent.domain, `domain ${showInterval(child.domain.value)}`, text, child.domain.span);
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
