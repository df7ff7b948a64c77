import { lastCutOf } from '../ir/tools.ts';
import { parsePath } from '../ir/path.ts';
import type { ArgTest, Expr } from '../ir/program.ts';
import type { BoundRule, ResolvedRule } from '../ir/resolved.ts';
import { defaultSpelling } from '../spelling/index.ts';
import { conditionOf, whereThere } from './condition.ts';

/**
 * When a resolved rule fires on a step, as a condition; `null` for a rule that looks at the plan as a whole, or into
 * the tool catalog. A
 * condition in CEL is left out: where the rule has one, it must hold besides.
 */
export function conditionOfRule(rule: ResolvedRule): Expr | null {
  switch (rule.kind) {
    case 'pattern':
      return rule.scope === 'plan' ? null : conditionOf(rule.pattern);
    case 'allow': {
      const items = rule.layers.map(({ globs }): Expr => ({ kind: 'tool', globs, negated: true }));
      return { kind: 'or', items };
    }
    case 'bound':
      return boundCondition(rule);
    case 'deny-token': {
      const spelling = defaultSpelling('matches');
      const test = {
        operation: 'matches',
        operand: rule.regex,
        pattern: null,
        written: true,
        ...(spelling && { spelling }),
      } as const;
      return { kind: 'arg', path: null, test, negated: false };
    }
    case 'max-steps':
    case 'only-catalog':
    case 'validate-args':
    case 'whole-plan':
    case 'result':
      return null;
  }
}

function boundCondition({ key, tool, min, max, optional }: BoundRule): Expr {
  const cut = tool?.length ?? lastCutOf(key) ?? -1;
  const operand = [min ?? -Number.MAX_VALUE, max ?? Number.MAX_VALUE];
  const test = { operation: 'not_between', operand, pattern: null };
  const outside: ArgTest = { kind: 'arg', path: parsePath(key.slice(cut + 1)), test, negated: false };
  return {
    kind: 'and',
    items: [
      { kind: 'tool', globs: [key.slice(0, cut)], negated: false },
      optional ? whereThere(outside) : outside,
    ],
  };
}
