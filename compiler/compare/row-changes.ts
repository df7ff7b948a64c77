/** What became of the rules of two modules, as far as modules say: their conditions are code. */
import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import type { EntryFacts, ModuleFacts, RuleRow, Waiver } from '@plan-lint/runtime/contract';
import type { Change } from './change.ts';

/** Where a change is of the module as a whole; its rows do not say which entry has which rule. */
const ALL = '*';

export const INCOMPARABLE: Change = {
  entry: ALL,
  what: 'conditions',
  direction: 'unknown',
  says: 'incomparable: conditions are compiled; pass the archive or --plans-dir',
};

/** Severity, enforcement and weight of each rule, threshold, aggregate and waivers of each entry. */
export function rowChanges(before: ModuleFacts, after: ModuleFacts): readonly Change[] {
  const [old, now] = [byId(before), byId(after)];
  return [
    ...[...new Set([...old.keys(), ...now.keys()])].flatMap((id) =>
      ofRule(id, old.get(id) ?? [], now.get(id) ?? []),
    ),
    ...ofEntries(before, after),
  ];
}

function byId({ rules }: ModuleFacts): ReadonlyMap<string, readonly RuleRow[]> {
  const found = new Map<string, RuleRow[]>();
  for (const row of rules) found.set(row[0], [...(found.get(row[0]) ?? []), row]);
  return found;
}

function ofRule(what: string, old: readonly RuleRow[], now: readonly RuleRow[]): readonly Change[] {
  const whole = (says: string, direction: Change['direction']): readonly Change[] => [
    { entry: ALL, what, direction, says },
  ];
  const [was, is] = [old[0], now[0]];
  if (!was) return whole('added', 'stricter');
  if (!is) return whole('removed', 'looser');
  const shown = (rows: readonly RuleRow[]): string =>
    JSON.stringify(
      rows.map(([, , , severity, enforcement, weight]) => [severity, enforcement, weight]).sort(),
    );
  if (shown(old) === shown(now)) return [];
  // Entries that refine a rule have a row each.
  if (old.length + now.length > 2)
    return whole('entries have it in several forms, some of which changed', 'unknown');
  const [, , , s0, e0, w0] = was;
  const [, , , s1, e1, w1] = is;
  return [
    ...step(ALL, what, s1 - s0, `severity ${SEVERITIES[s0] ?? ''} → ${SEVERITIES[s1] ?? ''}`),
    ...step(ALL, what, e1 - e0, `enforcement ${ENFORCEMENTS[e0] ?? ''} → ${ENFORCEMENTS[e1] ?? ''}`),
    ...step(ALL, what, w1 - w0, `weight ${w0} → ${w1}`),
  ];
}

function ofEntries(before: ModuleFacts, after: ModuleFacts): readonly Change[] {
  const gone = before.entries.filter(({ name }) => !after.entries.some((entry) => entry.name === name));
  return [
    ...after.entries.flatMap((entry) => {
      const old = before.entries.find(({ name }) => name === entry.name);
      return old ? ofEntry(old, entry, before, after) : step(entry.name, 'entry', 1, 'a new entry');
    }),
    ...gone.flatMap(({ name }) => step(name, 'entry', -1, 'no longer an entry')),
  ];
}

function ofEntry(
  old: EntryFacts,
  now: EntryFacts,
  before: ModuleFacts,
  after: ModuleFacts,
): readonly Change[] {
  const sum = (entry: EntryFacts): number => Number(entry.aggregate === 'sum');
  const [were, are] = [waiversOf(old, before), waiversOf(now, after)];
  const waiver = (direction: number, word: string, [, rule, label]: Named): readonly Change[] =>
    step(now.name, rule, direction, `exception ${label} ${word}`);
  return [
    ...step(
      now.name,
      'fail_risk_threshold',
      old.threshold - now.threshold,
      `${old.threshold} → ${now.threshold}`,
    ),
    ...step(now.name, 'aggregate', sum(now) - sum(old), `${old.aggregate} → ${now.aggregate}`),
    ...are
      .filter(([key]) => !were.some(([other]) => other === key))
      .flatMap((one) => waiver(-1, 'added', one)),
    ...were
      .filter(([key]) => !are.some(([other]) => other === key))
      .flatMap((one) => waiver(1, 'removed', one)),
  ];
}

type Named = readonly [key: string, rule: string, label: string];

const waiversOf = ({ waivers }: EntryFacts, { rules }: ModuleFacts): readonly Named[] =>
  waivers.map((waiver: Waiver) => {
    const rule = rules[waiver.rule]?.[0] ?? '';
    return [JSON.stringify([rule, waiver.label, waiver.notBefore, waiver.expires]), rule, waiver.label];
  });

function step(entry: string, what: string, up: number, says: string): readonly Change[] {
  return up === 0 ? [] : [{ entry, what, direction: up > 0 ? 'stricter' : 'looser', says }];
}
