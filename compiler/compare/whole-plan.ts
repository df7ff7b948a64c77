/** What became of a rule about the whole plan: compared by its parts, for no prover reads them. */
import { globCovers } from '../glob/covers.ts';
import type { ToolList, WholePlanBody } from '../ir/whole-plan.ts';
import { showWholePlan } from '../ir/whole-plan-text.ts';

export interface WholePlanChange {
  readonly direction: 'same' | 'stricter' | 'looser' | 'incomparable';
  readonly says: string;
}

/**
 * A lower limit and further governed tools are stricter, the other way round looser; whatever else has changed is
 * stricter for some plans and looser for others.
 */
export function wholePlanChange(old: WholePlanBody, now: WholePlanBody): WholePlanChange {
  const says = `${showWholePlan(old)} → ${showWholePlan(now)}`;
  if (rest(old) !== rest(now)) return { direction: 'incomparable', says };
  const [was, is] = [limitOf(old), limitOf(now)];
  const tighter = is <= was && covers(now.tools, old.tools);
  const wider = was <= is && covers(old.tools, now.tools);
  const direction = tighter && wider ? 'same' : tighter ? 'stricter' : wider ? 'looser' : 'incomparable';
  return { direction, says };
}

const covers = (outer: ToolList, inner: ToolList): boolean =>
  inner.every(({ value }) => outer.some((glob) => globCovers(glob.value, value)));

/** Kinds without a limit have the same one. */
const limitOf = (body: WholePlanBody): number => ('limit' in body ? (body.limit.value?.value ?? 0) : 0);

/** Everything but tools, limit and places, as text. */
function rest(body: WholePlanBody): string {
  return JSON.stringify(body, (key, value: unknown) =>
    key === 'span' || key === 'tools' || key === 'limit' ? undefined : value,
  );
}
