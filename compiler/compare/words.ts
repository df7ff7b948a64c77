/** What became of a rule whose value one can show, in a few words; what plans it stops stands beside it. */
import type { AllowRule, BoundRule, ResolvedRule } from '../ir/resolved.ts';

type Words<R extends ResolvedRule> = (old: R, now: R) => string | null;

const WORDS: { readonly [K in ResolvedRule['kind']]?: Words<Extract<ResolvedRule, { kind: K }>> } = {
  bound: (old, now) => arrow(interval(old), interval(now)),
  allow: listChange,
};

/** `null` where no value says it: what the rule fires on is another set of plans. */
export function changedValue(old: ResolvedRule, now: ResolvedRule): string | null {
  if (old.kind !== now.kind) return null;
  return (WORDS[old.kind] as Words<ResolvedRule> | undefined)?.(old, now) ?? null;
}

const arrow = (old: string, now: string): string | null => (old === now ? null : `${old} → ${now}`);

const interval = ({ min, max, optional }: BoundRule): string =>
  `[${min ?? 'null'}, ${max ?? 'null'}]${optional ? ', or missing' : ''}`;

/** Names of a long list that are shown. */
const MOST = 5;

/** Of lists of one file each; several narrow one another, which a list cannot say. */
function listChange({ layers: before }: AllowRule, { layers: after }: AllowRule): string | null {
  const [old, now] = [before[0]?.globs, after[0]?.globs];
  if (before.length !== 1 || after.length !== 1 || !old || !now) return null;
  const [gone, added] = [
    old.filter((glob) => !now.includes(glob)),
    now.filter((glob) => !old.includes(glob)),
  ];
  const parts = [named('without', gone), named('with', added)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

function named(word: string, globs: readonly string[]): string | null {
  if (globs.length === 0) return null;
  const more = globs.length > MOST ? ` and ${globs.length - MOST} more` : '';
  return `${word} ${globs.slice(0, MOST).join(', ')}${more}`;
}
