import type { Aggregate, Enforcement, Severity } from '@plan-lint/runtime/contract';

/** What a rule of a severity does when its policy does not say. */
export const DEFAULT_ENFORCEMENT: Readonly<Record<Severity, Enforcement>> = {
  info: 'audit',
  low: 'warn',
  medium: 'deny',
  high: 'deny',
  critical: 'deny',
};

/** What a rule of a severity adds to the risk score when its policy does not say. */
export const DEFAULT_WEIGHT: Readonly<Record<Severity, number>> = {
  info: 0,
  low: 0.1,
  medium: 0.2,
  high: 0.4,
  critical: 0.8,
};

export const DEFAULT_SEVERITY: Severity = 'medium';
export const DEFAULT_THRESHOLD = 0.8;
export const DEFAULT_AGGREGATE: Aggregate = 'sum';

/** Categories of the rules that settings make, in plan-lint 0.0.4's words. */
export const SETTING_HEADS = {
  allow: {
    severity: 'high',
    category: 'TOOL_DENY',
    description: 'Tools outside the allow-list may not be used',
  },
  bound: { severity: 'high', category: 'BOUND_VIOLATION', description: '' },
  'deny-token': { severity: 'critical', category: 'RAW_SECRET', description: '' },
  // It stops no call by itself: what it weighs is for the policy to say.
  result: { severity: 'high', category: 'RESULT_TOKEN', description: '' },
  'only-catalog': {
    severity: 'high',
    category: 'TOOL_DENY',
    description: 'Tools outside the catalog may not be used',
  },
  'validate-args': {
    severity: 'high',
    category: 'ARGS_INVALID',
    description: 'Arguments must be as the tool declares them',
  },
  'max-steps': { severity: 'high', category: 'MAX_STEPS_EXCEEDED', description: '' },
} as const satisfies Readonly<Record<string, { severity: Severity; category: string; description: string }>>;
