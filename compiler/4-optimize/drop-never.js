/** Drops rules whose condition is known to fail on every step. */
export const dropNever = {
  name: 'drop-never',
  run: (rule) => (rule.condition.kind === 'constant' && !rule.condition.value ? null : rule),
};
