import type { WholePlanRule } from '../../compiler/ir/resolved.ts';
import type { WholePlanBody } from '../../compiler/ir/whole-plan.ts';

/** How a rule about the whole plan has changed: by its limit or the tools it governs, all else alike. */
export function wholePlanStep(
  old: WholePlanRule,
  now: WholePlanRule,
): { readonly direction: 'same' | 'stricter' | 'looser' | 'unknown'; readonly says: string } {
  const [was, is] = [old.body, now.body];
  if (plain(was) === plain(is)) return { direction: 'same', says: '' };
  if (plain({ ...was, limit: null }) === plain({ ...is, limit: null })) {
    const [before, after] = [limitOf(was), limitOf(is)];
    if (before !== null && after !== null)
      return { direction: after < before ? 'stricter' : 'looser', says: `limit ${before} → ${after}` };
  }
  return { direction: 'unknown', says: `another \`${is.kind}\`, which cannot be compared` };
}

const limitOf = (body: WholePlanBody): number | null =>
  'limit' in body ? (body.limit.value?.value ?? null) : null;

/** Without places, and without the parameter a value came from. */
const plain = (body: object): string =>
  JSON.stringify(body, (key, value: unknown) => (key === 'span' || key === 'param' ? undefined : value));
