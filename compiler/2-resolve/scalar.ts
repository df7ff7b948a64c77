import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Interval, Setting } from '../ir/document.ts';
import type { Located, Span } from '../ir/source.ts';
import { joinChains, knows } from './chain.ts';
import type { Chain } from './chain.ts';
import * as laws from '../laws/values.ts';
import type { Law } from '../laws/values.ts';
import { showInterval } from '../laws/show.ts';
import { reportWeaker } from '../laws/tighten.ts';

/** A single value of a policy that some line has set; `span` is `null` for a default of the language. */
export interface Held<T, D> {
  readonly value: T;
  readonly span: Span | null;
  /** What a child may set anew; `null` for a guardrail. */
  readonly domain: Located<D> | null;
  readonly chain: Chain;
}

export const ofLanguage = <T>(value: T): Held<T, never> => ({ value, span: null, domain: null, chain: [] });

/** The value that two parents give together. */
export function joinHeld<T, D extends Interval>(law: Law<T>, a: Held<T, D>, b: Held<T, D>): Held<T, D> {
  // A default of the language is promised to nobody.
  if (a.span === null || b.span === null) return a.span === null ? b : a;
  if (a.domain ?? b.domain) {
    if (knows(a.chain, b.chain)) return a;
    if (knows(b.chain, a.chain)) return b;
  }
  const stricter = law.join(a.value, b.value) === a.value ? a : b;
  const both = a.domain && b.domain && laws.interval.join(a.domain.value, b.domain.value);
  const domain = both && !laws.isEmpty(both) ? a.domain : null;
  return {
    ...stricter,
    domain: domain && both ? { value: both as D, span: domain.span } : null,
    chain: joinChains(a.chain, b.chain),
  };
}

/** The value after a document has had its say. */
export function setScalar<T extends number | string, D extends Interval>(
  setting: string,
  law: Law<T>,
  held: Held<T, D>,
  next: Setting<T, D> | undefined,
  { child, diagnostics }: { readonly child: boolean; readonly diagnostics: Diagnostics },
): Held<T, D> {
  if (!next) return held;
  const { value, span } = next;
  const chain = [...held.chain, { span, says: String(value) }];
  const set = { value, span, domain: next.domain ?? null, chain };
  // A policy without parents may loosen a default of the language: nobody has promised it to anyone.
  if (held.span === null && !child) return set;
  if (held.domain) {
    const text = showInterval(held.domain.value);
    const at = [{ message: 'the domain is declared here', span: held.domain.span }];
    const inside = laws.isWithin({ min: Number(value), max: Number(value) }, held.domain.value);
    if (!inside) diagnostics.report('PL2109', { setting, value: String(value), domain: text }, span, at);
    else if (next.domain && !laws.isWithin(next.domain.value, held.domain.value)) {
      const wide = `domain ${showInterval(next.domain.value)}`;
      diagnostics.report('PL2109', { setting, value: wide, domain: text }, next.domain.span, at);
    }
    return set;
  }
  const texts = { parent: String(held.value), child: String(value) };
  if (child && law.weakens(held.value, value)) {
    reportWeaker(setting, law, texts, [held.span, span], diagnostics);
  } else if (child && next.domain && held.span) {
    const related = [{ message: `the inherited value: ${texts.parent}`, span: held.span }];
    diagnostics.report('PL2110', { setting, ...texts }, next.domain.span, related);
  }
  const stricter = law.join(held.value, value) === value;
  return stricter ? set : { ...held, chain };
}
