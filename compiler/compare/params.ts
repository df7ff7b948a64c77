/** What became of parameters: not their values, which show in the rules that name them, but what children may bind. */
import type { ResolvedParam } from '../ir/resolved.ts';
import { showInterval, showList } from '../laws/show.ts';
import * as laws from '../laws/values.ts';
import type { Step } from './change.ts';

export interface ParamStep {
  readonly what: string;
  readonly step: Step;
}

/** Parameters that both sides have; one that is new or gone shows in the rules. */
export function ofParams(
  before: readonly ResolvedParam[],
  after: readonly ResolvedParam[],
): readonly ParamStep[] {
  return after.flatMap((now) => {
    const old = before.find(({ name }) => name === now.name);
    return old ? [{ what: `params.${now.name}`, step: ofParam(old, now) }] : [];
  });
}

/** How far a child may move a value, the least first. */
const FREEDOMS = ['fixed', 'tightens', 'default'] as const;

function freedomOf({ mode, tighten }: ResolvedParam): (typeof FREEDOMS)[number] {
  if (mode === 'default') return 'default';
  return tighten ? 'tightens' : 'fixed';
}

function ofParam(old: ResolvedParam, now: ResolvedParam): Step {
  const says = `${shown(old)} → ${shown(now)}`;
  const [was, is] = [old, now].map((param) => FREEDOMS.indexOf(freedomOf(param)));
  if (was === undefined || is === undefined) return { direction: 'same', says };
  // What may only tighten opens nothing: every binding is proved stricter.
  if (was !== is) {
    if (Math.max(was, is) < FREEDOMS.indexOf('default')) return { direction: 'changed', says };
    return { direction: is > was ? 'looser' : 'stricter', says };
  }
  if (freedomOf(now) !== 'default') {
    return { direction: says === `${shown(old)} → ${shown(old)}` ? 'same' : 'changed', says };
  }
  const [looser, stricter] = [isWider(old, now), isWider(now, old)];
  if (looser && stricter) return { direction: 'incomparable', says };
  if (looser || stricter) return { direction: looser ? 'looser' : 'stricter', says };
  return { direction: 'same', says };
}

/** Whether the domain of a default admits what it did not. */
function isWider({ domain: old }: ResolvedParam, { domain: now }: ResolvedParam): boolean {
  if (!old || !now) return old !== null && now === null;
  if (isList(old) && isList(now)) return !now.every((item) => old.includes(item));
  return isList(old) || isList(now) || !laws.isWithin(now, old);
}

type Domain = NonNullable<ResolvedParam['domain']>;
const isList = (domain: Domain): domain is Extract<Domain, readonly unknown[]> => Array.isArray(domain);

function shown(param: ResolvedParam): string {
  const { domain, tighten } = param;
  const within = domain ? ` within ${isList(domain) ? showList(domain) : showInterval(domain)}` : '';
  return `${freedomOf(param)}${tighten ? ` ${tighten}` : ''}${within}`;
}
