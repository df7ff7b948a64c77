/** What a rule of a severity does when its policy does not say. */
export const DEFAULT_ENFORCEMENT = {
  info: 'audit',
  low: 'warn',
  medium: 'deny',
  high: 'deny',
  critical: 'deny',
};
/** What a rule of a severity adds to the risk score when its policy does not say. */
export const DEFAULT_WEIGHT = {
  info: 0,
  low: 0.1,
  medium: 0.2,
  high: 0.4,
  critical: 0.8,
};
export const DEFAULT_SEVERITY = 'medium';
export const DEFAULT_THRESHOLD = 0.8;
export const DEFAULT_AGGREGATE = 'sum';
/** Categories of the rules that settings make, in plan-lint 0.0.4's words. */
export const SETTING_HEADS = {
  allow: {
    severity: 'high',
    category: 'TOOL_DENY',
    description: 'Tools outside the allow-list may not be used',
  },
  bound: { severity: 'high', category: 'BOUND_VIOLATION', description: '' },
  'deny-token': { severity: 'critical', category: 'RAW_SECRET', description: '' },
  'max-steps': { severity: 'high', category: 'MAX_STEPS_EXCEEDED', description: '' },
};
