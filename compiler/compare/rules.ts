/** What became of a rule: its condition, how strongly it speaks, what children may make of it, what it is called. */
import { stoppedBy } from '../examples/of-rule.ts';
import type { ResolvedRule, RuleHead } from '../ir/resolved.ts';
import { globDomain, intervalDomain } from '../laws/domains.ts';
import { HEAD_LAWS, STRENGTHS } from '../laws/heads.ts';
import { relationBy } from '../laws/relation.ts';
import type { Relation } from '../laws/relation.ts';
import { showInterval, showList } from '../laws/show.ts';
import type { Law } from '../laws/values.ts';
import type { Step } from './change.ts';
import { ofCondition } from './conditions.ts';

/** Every way in which a rule differs; one of the two is there. */
export function ofRule(old: ResolvedRule | undefined, now: ResolvedRule | undefined): readonly Step[] {
  if (old && now) {
    return [
      ofCondition(old, now),
      ...STRENGTHS.map((key) => ofStrength(key, old, now)),
      ofDomain(old, now),
      ...REPORTED.map((key) => ofReported(key, old, now)),
    ];
  }
  const rule = old ?? now;
  const plan = rule && stoppedBy(rule);
  return old
    ? [{ direction: 'looser', says: 'removed', condition: true, ...(plan && { passed: plan }) }]
    : [{ direction: 'stricter', says: 'added', condition: true, ...(plan && { stopped: plan }) }];
}

function ofStrength(key: (typeof STRENGTHS)[number], old: ResolvedRule, now: ResolvedRule): Step {
  const law: Law<unknown> = HEAD_LAWS[key] as Law<unknown>;
  const direction = relationBy(law, old[key], now[key]);
  if (key === 'final') return { direction, says: now.final ? 'final now' : 'final no longer' };
  if (key === 'references')
    return { direction, says: `references ${old.references ?? 'check'} → ${now.references ?? 'check'}` };
  return { direction, says: `${key} ${String(old[key])} → ${String(now[key])}` };
}

function ofDomain(old: ResolvedRule, now: ResolvedRule): Step {
  if (old.kind === 'allow' && now.kind === 'allow') {
    const [was, is] = [old.domain?.value ?? null, now.domain?.value ?? null];
    return ofOpen(relationBy(globDomain, was, is), was && showList(was), is && showList(is));
  }
  if (!('domain' in old && 'domain' in now) || old.kind === 'allow' || now.kind === 'allow') {
    return { direction: 'same', says: '' };
  }
  const [was, is] = [old.domain?.value ?? null, now.domain?.value ?? null];
  return ofOpen(relationBy(intervalDomain, was, is), was && showInterval(was), is && showInterval(is));
}

/** What children may set anew; `null` for a guardrail. */
export function ofOpen(direction: Relation, was: string | null, is: string | null): Step {
  const shown = (domain: string | null): string =>
    domain === null ? 'a guardrail' : `a default within ${domain}`;
  return { direction, says: `${shown(was)} → ${shown(is)}` };
}

/** What a finding says besides; no plan is decided by it. */
const REPORTED = ['policy', 'category', 'description'] as const satisfies readonly (keyof RuleHead)[];

function ofReported(key: (typeof REPORTED)[number], old: ResolvedRule, now: ResolvedRule): Step {
  if (old[key] === now[key]) return { direction: 'same', says: '' };
  return { direction: 'changed', says: `${key} ${quoted(old[key])} → ${quoted(now[key])}` };
}

const quoted = (text: string): string => (text === '' ? 'none' : `"${text}"`);
