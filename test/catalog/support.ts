import { bundleOf, compileMemory } from '../support/decide.ts';
import type { Bundle, BundleOptions } from '../../runtime/evaluate.ts';

export const SETTINGS = 'tools: only-catalog\nvalidate_args: true\n';

/** A policy directory with a catalog of these tools: name to input schema. */
export function filesOf(
  tools: Readonly<Record<string, unknown>>,
  policy = SETTINGS,
): Readonly<Record<string, string>> {
  const listed = Object.entries(tools).map(([name, inputSchema]) => ({ name, inputSchema }));
  return {
    'plan-lint.yaml': 'catalog: tools.json',
    'p.yaml': policy,
    'tools.json': JSON.stringify({ tools: listed }),
  };
}

export async function bundleWith(
  tools: Readonly<Record<string, unknown>>,
  policy?: string,
  options?: BundleOptions,
): Promise<Bundle> {
  return bundleOf(await compileMemory(filesOf(tools, policy)), options);
}

/** A loader may let larger plans in than most want; what they cost is bounded all the same. */
export const LARGER = { planLimits: { maxNodes: 100_000 } } as const;

/** What a one-step plan breaks: rule, path, message. */
export function findings(
  bundle: Bundle,
  args: unknown,
  tool = 't',
  values: 'now' | 'later' = 'now',
): readonly string[] {
  const before = { id: 's0', tool, args: {} };
  const plan = { steps: [before, { id: 's1', tool, args }] };
  return bundle
    .policy()
    .evaluate(plan, { values })
    .violations.filter((violation) => violation.stepIndex === 1)
    .map(({ rule, argPath, message }) => `${rule} ${argPath}: ${message.replace(/^[A-Z][^:]*: /, '')}`);
}
