/** A threshold that no plan can reach. */
import { rulesIn } from '../ir/layer.ts';
import type { ResolvedPolicy } from '../ir/resolved.ts';
import type { Analysis } from './analysis.ts';

export const threshold: Analysis = {
  name: 'threshold above all weights',
  run: ({ policies }, diagnostics) => {
    for (const entry of policies.entries) {
      // What an entry inherits is there for all who inherit it, among them policies with more rules.
      const set = entry.history.fail_risk_threshold.at(-1)?.span;
      if (set?.file !== entry.file) continue;
      const most = heaviest(entry);
      if (most >= entry.threshold) continue;
      const aggregate = entry.aggregate === 'sum' ? 'sum' : 'largest';
      diagnostics.report('PL4141', { threshold: entry.threshold, most, aggregate }, set);
    }
  },
};

/** The score of a plan that breaks every rule, as a decision adds: in millionths. */
function heaviest({ layer, aggregate }: ResolvedPolicy): number {
  const weights = rulesIn(layer).map(({ weight }) => Math.round(weight * 1e6));
  const all =
    aggregate === 'sum' ? weights.reduce((sum, weight) => sum + weight, 0) : Math.max(0, ...weights);
  return Math.min(all, 1e6) / 1e6;
}
