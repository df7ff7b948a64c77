/** Which rules govern a tool: all that may fire for a call of it. */
import { globMatches } from '../glob/covers.ts';
import { rulesIn } from '../ir/layer.ts';
import type { Expr } from '../ir/program.ts';
import type { ResolvedPolicy, ResolvedRule } from '../ir/resolved.ts';
import { wholePlanTools } from '../ir/whole-plan.ts';
import { conditionOfRule } from '../proof/rule.ts';

export interface Governing {
  readonly entry: string;
  readonly rule: ResolvedRule;
  /** It fires for every call of the tool, whatever its arguments. */
  readonly always: boolean;
}

export function rulesFor(tool: string, entries: readonly ResolvedPolicy[]): readonly Governing[] {
  return entries.flatMap(({ name: entry, layer }) =>
    rulesIn(layer).flatMap((rule) => {
      const fires = firesFor(rule, tool);
      return fires === 'never' ? [] : [{ entry, rule, always: fires === 'always' }];
    }),
  );
}

type Fires = 'always' | 'maybe' | 'never';

function firesFor(rule: ResolvedRule, tool: string): Fires {
  if (rule.kind === 'whole-plan') {
    const names = wholePlanTools(rule.body);
    return names.some(({ value }) => globMatches(value, tool)) ? 'maybe' : 'never';
  }
  if (rule.kind === 'result') return globMatches(rule.glob, tool) ? 'maybe' : 'never';
  const condition = conditionOfRule(rule);
  if (!condition) return 'maybe';
  const fires = ofTool(condition, tool);
  return fires === 'always' && rule.kind === 'pattern' && rule.when ? 'maybe' : fires;
}

/** Of the tool's name alone: what its arguments say is open. */
function ofTool(expr: Expr, tool: string): Fires {
  switch (expr.kind) {
    case 'constant':
      return expr.value ? 'always' : 'never';
    case 'tool':
      return expr.globs.some((glob) => globMatches(glob, tool)) !== expr.negated ? 'always' : 'never';
    case 'and': {
      const all = expr.items.map((item) => ofTool(item, tool));
      if (all.includes('never')) return 'never';
      return all.includes('maybe') ? 'maybe' : 'always';
    }
    case 'or': {
      const all = expr.items.map((item) => ofTool(item, tool));
      if (all.includes('always')) return 'always';
      return all.includes('maybe') ? 'maybe' : 'never';
    }
    case 'arg':
    case 'cel':
    case 'invalid-args':
      return 'maybe';
  }
}
