import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Interval, Setting } from '../ir/document.ts';
import type { Located, SourceFile, Span } from '../ir/source.ts';
import * as laws from '../laws/values.ts';
import type { Law } from '../laws/values.ts';
import { showInterval } from '../laws/show.ts';
import { joinChains } from './chain.ts';
import type { Chain } from './chain.ts';
import { isClosed, joinAll, joinDomains } from './join.ts';
import { newest } from './versions.ts';
import type { Version, Writer } from './versions.ts';

/** A single value of a policy that some line has set. */
export interface Held<T, D> {
  readonly value: T;
  /** For a default of the language, the start of the file that leaves it so. */
  readonly span: Span;
  readonly isOfLanguage: boolean;
  /** What a child may set anew; `null` for a guardrail. */
  readonly domain: Located<D> | null;
  /** Empty while no line has set it. */
  readonly chain: Chain;
}

/** What a file without parents promises by its silence: the default of the language. */
export const ofLanguage = <T>(value: T, file: SourceFile): Held<T, never> => ({
  value,
  span: { file, start: 0, end: 0 },
  isOfLanguage: true,
  domain: null,
  chain: [],
});

/** A value together with the versions that it is made of. */
export interface Joint<T, D> {
  readonly held: Held<T, D>;
  readonly versions: readonly Version<Held<T, D>>[];
}

/** The value that several parents give together: the strictest of the newest versions. */
export function joinHeld<T, D extends Interval>(
  law: Law<T>,
  parents: readonly Joint<T, D>[],
  writer: Writer,
): Joint<T, D> | null {
  const [only] = parents;
  if (only && parents.every(({ held }) => held === only.held)) return only;
  const versions = newest(parents.flatMap((parent) => parent.versions));
  const values = versions.map(({ value }) => value);
  const [first] = values;
  if (!first) return null;
  const value = joinAll(
    law,
    values.map((each) => each.value),
  );
  const strictest = values.find((each) => each.value === value) ?? first;
  // Domains are intervals of numbers, whatever the name of their type.
  const domain = joinDomains(values.map((each) => each.domain)) as Located<D> | null;
  // That a file has left it at the default is worth a line only where another one has set it.
  const isSet = values.some(({ isOfLanguage }) => !isOfLanguage);
  const chains = values.map(({ isOfLanguage, chain, span, value: its }): Chain =>
    isOfLanguage && isSet ? [{ span, says: `${String(its)}, the default, for this file sets none` }] : chain,
  );
  const held = { ...strictest, domain, chain: chains.reduce(joinChains) };
  const closes = isClosed(
    values.map((each) => each.domain),
    domain,
  );
  return { held, versions: closes ? [{ value: held, writer }] : versions };
}

interface ScalarContext<T> {
  /** Whether the document has parents. */
  readonly child: boolean;
  readonly diagnostics: Diagnostics;
  readonly show?: (value: T) => string;
}

/** The value after a document has had its say. */
export function setScalar<T extends number | string, D extends Interval>(
  setting: string,
  law: Law<T>,
  held: Held<T, D>,
  next: Setting<T, D> | undefined,
  { child, diagnostics, show = String }: ScalarContext<T>,
): Held<T, D> {
  if (!next) return held;
  const { value, span } = next;
  const chain = [...held.chain, { span, says: show(value) }];
  const set = { value, span, isOfLanguage: false, domain: next.domain ?? null, chain };
  // A policy without parents may loosen a default of the language: it has promised it to nobody yet.
  if (held.isOfLanguage && !child) return set;
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
  const texts = { parent: show(held.value), child: show(value) };
  const where = held.isOfLanguage ? 'not set here, so it is the default' : 'the inherited value';
  const related = [{ message: `${where}: ${texts.parent}`, span: held.span }];
  const refuse = (at: Span, wanted: string): void =>
    diagnostics.report('PL2102', { setting, ...texts, child: wanted, law: law.says }, at, related);
  if (child && law.weakens(held.value, value)) {
    refuse(span, texts.child);
  } else if (child && next.domain && !held.isOfLanguage) {
    diagnostics.report('PL2110', { setting, ...texts }, next.domain.span, related);
  } else if (child && next.domain && opensMore(law, held.value, next.domain.value)) {
    refuse(next.domain.span, `domain ${showInterval(next.domain.value)}`);
  }
  const stricter = law.join(held.value, value) === value;
  return stricter ? set : { ...held, chain };
}

/** Whether some value of a domain is weaker than the one that is held. */
const opensMore = <T extends number | string>(law: Law<T>, held: T, { min, max }: Interval): boolean =>
  [min ?? -Infinity, max ?? Infinity].some((end) => law.weakens(held, end as T));
