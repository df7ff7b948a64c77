import type { RulePass } from './pass.ts';

/** Drops rules whose condition is known to fail on every step. */
export const dropNever: RulePass = {
  name: 'drop-never',
  run: (rule) => (rule.condition.kind === 'constant' && !rule.condition.value ? null : rule),
};
