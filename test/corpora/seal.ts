/** Seal-Tools with its references: the plans, the policy, and the same plans once values are there. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bundle } from '../../runtime/evaluate.ts';
import { bundleFrom } from '../support/decide.ts';
import { plansOf } from './corpora.ts';
import type { Plan, Step } from './corpora.ts';

export const SEAL = 'seal-tools-500.jsonl';

const policy = fileURLToPath(new URL('seal-tools.yaml', import.meta.url));
export const sealPolicy = (): Promise<Bundle> =>
  bundleFrom({ 'seal-tools.yaml': readFileSync(policy, 'utf8') });

const REFERENCE = /\$\{[^}]*\}/g;
export const refers = ({ steps }: Pick<Plan, 'steps'>): boolean =>
  steps.some((step) => /\$\{/.test(JSON.stringify(step.args)));

export const sealPlans = (): readonly Plan[] => plansOf(SEAL).filter(refers);

/** The plan with a value for each reference: `7` for one that stands alone, else the digit in the text. */
export const withValues = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.map((step) => ({ ...step, args: valued(step.args) as Step['args'] })),
});

function valued(value: unknown): unknown {
  if (typeof value === 'string') return /^\$\{[^}]*\}$/.test(value) ? 7 : value.replace(REFERENCE, '7');
  if (Array.isArray(value)) return value.map(valued);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, valued(each)]));
}
