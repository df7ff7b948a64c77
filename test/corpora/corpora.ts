/** Plans of public agent data, read from beside the repository, and the shipped library that decides them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, renderDiagnostic } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import type { Bundle } from '../../runtime/evaluate.ts';
import { bundleOf } from '../support/decide.ts';

export interface Step {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly depends_on?: readonly string[];
}

export interface Plan {
  readonly id: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

export interface Outcome {
  readonly status: string;
  readonly rules: readonly string[];
}

const root = fileURLToPath(new URL('../../../shared/corpora', import.meta.url));
const policies = fileURLToPath(new URL('../../policies', import.meta.url));

/** A worktree that stands elsewhere says where the corpora are. */
export const folder = process.env['CORPORA'] ?? root;

const missed = new Set<string>();

/** Whether a corpus is there; says so, once, where it is not. */
export function present(file: string): boolean {
  const found = existsSync(join(folder, file));
  if (found || missed.has(file)) return found;
  missed.add(file);
  console.log(`skipped: ${join(folder, file)} is not there (CORPORA names another folder)`);
  return false;
}

export function plansOf(file: string): readonly Plan[] {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Plan);
}

export function toolsOf(file: string): readonly string[] {
  const { tools } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { tools: { name: string }[] };
  return tools.map((tool) => tool.name);
}

export async function library(): Promise<Bundle> {
  const { result, diagnostics } = await compile(directoryHost(policies));
  if (!result) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  return bundleOf(result);
}

/** A function that decides plans by one entry of the library. */
export function decider(bundle: Bundle, entry: string): (plan: object, context: object) => Outcome {
  const policy = bundle.policy(entry);
  return (plan, context) => {
    const { status, violations } = policy.evaluate(plan, { context });
    return { status, rules: [...new Set(violations.map((violation) => violation.rule))].sort() };
  };
}

/** How many plans met each set of rules, and which: what a failing expectation shows. */
export function tally(
  plans: readonly Plan[],
  decide: (plan: Plan) => Outcome,
): Readonly<Record<string, number>> {
  const found = new Map<string, number>();
  for (const plan of plans) {
    const { status, rules } = decide(plan);
    const key = [status, ...rules].join(' ');
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A plan with one of its steps changed. */
export function alter(plan: Plan, index: number, args: Readonly<Record<string, unknown>>): Plan {
  const steps = plan.steps.map((step, i) =>
    i === index ? { ...step, args: { ...step.args, ...args } } : step,
  );
  return { ...plan, steps };
}

/** Every plan must be denied, by `rule` among others; the exception is told by name. */
export function undenied(
  plans: readonly Plan[],
  decide: (plan: Plan) => Outcome,
  rule: string,
): readonly string[] {
  return plans.flatMap((plan) => {
    const { status, rules } = decide(plan);
    return status === 'deny' && rules.includes(rule) ? [] : [`${plan.id}: ${status} ${rules.join(' ')}`];
  });
}
