import type { OptimizedEntry, OptimizedLayer, OptimizedProgram } from '../ir/optimized.ts';
import { emitCheck, emitCheckMaker, emitPlanRules } from './check.ts';
import type { Code } from '../code/code.ts';
import { comma, empty, inShort, join, js, literal } from '../code/code.ts';
import { emitBelow, emitGuard, emitTables } from './guard.ts';
import type { Scope } from './scope.ts';
import type { RuleTable } from './table.ts';
import { emitWaivers } from './waivers.ts';

/** From so many entries on, what their objects have in common is a function. */
const MANY = 8;

export interface EmittedEntries {
  /** What stands in front of the module's own object. */
  readonly setup: Code;
  readonly list: readonly Code[];
}

export function emitEntries({ entries }: OptimizedProgram, table: RuleTable, scope: Scope): EmittedEntries {
  if (entries.length >= MANY) return manyEntries(entries, table, scope);
  const list = entries.map((entry) => {
    const { name: id, aggregate, threshold, layer } = entry;
    const guard = emitGuard(layer, table, scope);
    const waivers = emitWaivers(entry, table, scope);
    const head = js`name:${literal(id)},aggregate:${literal(aggregate)},threshold:${literal(threshold)},waivers:${waivers}`;
    const rules = literal(table.rangesOfLayer(layer));
    return js`{${head},guard:${guard},rules:${rules},check:${emitCheck(layer, table, scope)},explain:why}`;
  });
  return { setup: empty, list };
}

/** Each a call: of `entry` where it stands on nothing, else of `team`, which takes what is the entry's own. */
function manyEntries(entries: readonly OptimizedEntry[], table: RuleTable, scope: Scope): EmittedEntries {
  const usual = { threshold: mostOf(entries, 'threshold'), aggregate: mostOf(entries, 'aggregate') };
  const bases = new Map<OptimizedLayer, Code>();
  const list = entries.map((entry) => {
    const { layer } = entry;
    const id = literal(entry.name);
    const settings = settingsOf(entry, usual, table, scope);
    const ofPlan = emitPlanRules(layer, table, scope);
    const { base } = layer;
    if (!base) {
      const guard = emitGuard(layer, table, scope);
      return js`entry(${inShort([id, guard, literal(table.rangesOfLayer(layer)), ofPlan, ...settings])})`;
    }
    const { below, gone } = emitBelow(layer, base, table, scope);
    const {
      rows: [named = null, ...rest],
      texts,
    } = emitTables(layer, table, scope);
    const stands =
      bases.get(base) ?? scope.constant('h', js`[${below},${literal(table.rangesOfLayer(base))}]`);
    bases.set(base, stands);
    const own = literal(table.rangesOf(layer.added));
    return js`team(${inShort([id, stands, gone, named, own, ofPlan, texts, ...rest, ...settings])})`;
  });
  const defaults = js`threshold=${literal(usual.threshold)},aggregate=${literal(usual.aggregate)}`;
  const made = js`{name,aggregate,threshold,waivers:waivers||[],guard,rules,check:checks(a),explain:why}`;
  const entry = js`entry=(name,guard,rules,a,waivers,${defaults})=>(${made})`;
  const makers = [js`checks=${emitCheckMaker(table, scope)}`, entry];
  if (bases.size > 0) {
    const [over, ranged, rows] = [scope.support('over'), scope.support('ranged'), scope.support('rows')];
    const guard = js`${over}(h[0],gone,${rows}(named,globbed,others,more),texts)`;
    const head = js`(name,h,gone,named,own,a,texts,globbed,others,more,waivers,threshold,aggregate)`;
    makers.push(
      js`team=${head}=>entry(name,${guard},${ranged}(h[1],gone,own),a,waivers,threshold,aggregate)`,
    );
  }
  return { setup: js`const ${join(makers, comma)};`, list };
}

/** What most entries have. */
function mostOf<K extends 'threshold' | 'aggregate'>(
  entries: readonly OptimizedEntry[],
  key: K,
): OptimizedEntry[K] | null {
  const counts = new Map<OptimizedEntry[K], number>();
  for (const { [key]: value } of entries) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? null;
}

type Settings = Pick<OptimizedEntry, 'threshold' | 'aggregate'>;

/** Exceptions, threshold and aggregate; `null` for what goes without saying. */
function settingsOf(
  entry: OptimizedEntry,
  usual: { readonly [K in keyof Settings]: Settings[K] | null },
  table: RuleTable,
  scope: Scope,
): readonly (Code | null)[] {
  const { threshold, aggregate, waivers } = entry;
  const said = aggregate === usual.aggregate ? null : literal(aggregate);
  return [
    waivers.length === 0 ? null : emitWaivers(entry, table, scope),
    said || threshold !== usual.threshold ? literal(threshold) : null,
    said,
  ];
}
