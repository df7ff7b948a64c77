/** What became of rules and settings between two resolved policies, proved where it can be. */
import { rulesIn } from '../ir/layer.ts';
import type { ResolvedPolicy, ResolvedRule } from '../ir/resolved.ts';
import { intervalDomain } from '../laws/domains.ts';
import { relationBy } from '../laws/relation.ts';
import { showDuration, showInterval } from '../laws/show.ts';
import * as laws from '../laws/values.ts';
import { asChange } from './change.ts';
import type { Change, Step } from './change.ts';
import { ofExceptions } from './exceptions.ts';
import { ofParams } from './params.ts';
import { ofOpen, ofRule } from './rules.ts';

/** Changes of one entry, under the name that it has now. */
export function changesOf(before: ResolvedPolicy, after: ResolvedPolicy): readonly Change[] {
  const [old, now] = [byId(before), byId(after)];
  const rules = [...new Set([...old.keys(), ...now.keys()])].flatMap((id) =>
    ofRule(old.get(id), now.get(id)).map((step) => ({ what: id, step })),
  );
  const steps = [
    ...rules,
    ...ofThreshold(before, after).map((step) => ({ what: 'fail_risk_threshold', step })),
    { what: 'aggregate', step: ofAggregate(before, after) },
    { what: 'max_exception', step: ofMaxException(before, after) },
    ...ofParams(before.params, after.params),
    ...ofExceptions(before.exceptions, after.exceptions),
  ];
  return steps.flatMap(({ what, step }) => asChange(after.name, what, step));
}

const byId = ({ layer }: ResolvedPolicy): ReadonlyMap<string, ResolvedRule> =>
  new Map(rulesIn(layer).map((rule) => [rule.id, rule]));

function ofThreshold(before: ResolvedPolicy, after: ResolvedPolicy): readonly Step[] {
  const direction = relationBy(laws.threshold, before.threshold, after.threshold);
  const [was, is] = [before.thresholdDomain, after.thresholdDomain];
  return [
    { direction, says: `${before.threshold} → ${after.threshold}` },
    ofOpen(relationBy(intervalDomain, was, is), was && showInterval(was), is && showInterval(is)),
  ];
}

function ofAggregate({ aggregate: old }: ResolvedPolicy, { aggregate: now }: ResolvedPolicy): Step {
  return { direction: relationBy(laws.aggregate, old, now), says: `${old} → ${now}` };
}

/** Without one an exception may last as long as it likes. */
function ofMaxException({ maxException: old }: ResolvedPolicy, { maxException: now }: ResolvedPolicy): Step {
  const shown = (longest: number | null): string => (longest === null ? 'none' : showDuration(longest));
  const direction = relationBy(laws.maxException, old ?? Infinity, now ?? Infinity);
  return { direction, says: `${shown(old)} → ${shown(now)}` };
}
