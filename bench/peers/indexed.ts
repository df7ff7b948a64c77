/** What every peer is given: the rules of one tool, found by a `Map`, as its users would do. */
import { Missing } from '../engine.ts';
import type { Prepared } from '../engine.ts';
import { names, textsOf } from '../oracle.ts';
import type { Rule, Step, Workload } from '../workload.ts';

/** Answers for one step: names of what fires, or for asynchronous engines a promise of them. */
export type StepTest<R> = (step: Step) => R;

/** One rule in the terms that peers have in common; the settings are rules on every text. */
export interface PeerRule extends Rule {
  readonly name: string;
}

export interface ToolRules {
  readonly rules: readonly PeerRule[];
  readonly deny: readonly string[];
}

/**
 * A peer is reached by a name the compiler does not know: it is installed for the benchmark only.
 *
 * @throws Missing where it is not installed
 */
export async function peer<T>(specifier: string): Promise<T> {
  try {
    return (await import(specifier)) as T;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      throw new Missing(`\`${specifier}\` is not installed (npm install --no-save --prefix bench)`);
    throw error;
  }
}

export function rulesByTool({ rules, tools, deny }: Workload): ReadonlyMap<string, ToolRules> {
  const byTool = new Map<string, PeerRule[]>();
  for (const rule of rules) {
    const list = byTool.get(rule.tool) ?? [];
    byTool.set(rule.tool, list);
    list.push({ ...rule, name: rule.id });
  }
  const globs = [...byTool].filter(([tool]) => tool.endsWith('*'));
  return new Map(
    tools.map((tool) => {
      const area = globs.flatMap(([glob, list]) => (names(glob, tool) ? list : []));
      return [tool, { rules: [...(byTool.get(tool) ?? []), ...area], deny }];
    }),
  );
}

/** Decides a plan step by step with a test a tool, made when it is first needed or all at once. */
export function byStep(
  workload: Workload,
  make: (tool: string, rules: ToolRules) => StepTest<readonly string[]>,
  bytes: () => number,
): Prepared {
  const tests = new Map([...rulesByTool(workload)].map(([tool, rules]) => [tool, make(tool, rules)]));
  const decide: Prepared['decide'] = ({ steps }) => {
    const found: (readonly string[])[] = [];
    for (const step of steps) {
      const test = tests.get(step.tool);
      found.push(test ? test(step) : NOT_ALLOWED);
    }
    return found;
  };
  return {
    decide,
    verdict: (plan) => flatten(decide(plan) as readonly (readonly string[])[], plan.steps.length, workload),
    bytes: bytes(),
  };
}

export function byStepLater(
  workload: Workload,
  make: (tool: string, rules: ToolRules) => StepTest<Promise<readonly string[]>>,
  bytes: () => number,
): Prepared {
  const tests = new Map([...rulesByTool(workload)].map(([tool, rules]) => [tool, make(tool, rules)]));
  const decide = async ({
    steps,
  }: {
    readonly steps: readonly Step[];
  }): Promise<readonly (readonly string[])[]> => {
    const found: (readonly string[])[] = [];
    for (const step of steps) {
      const test = tests.get(step.tool);
      found.push(test ? await test(step) : NOT_ALLOWED);
    }
    return found;
  };
  return {
    decide,
    later: true,
    verdict: async (plan) => flatten(await decide(plan), plan.steps.length, workload),
    bytes: bytes(),
  };
}

const NOT_ALLOWED = ['allow'] as const;

function flatten(
  found: readonly (readonly string[])[],
  steps: number,
  { maxSteps }: Workload,
): readonly string[] {
  const all = found.flatMap((of, step) => of.map((name) => `${step}:${name}`));
  if (steps > maxSteps) all.push('-1:max_steps');
  return all.sort();
}

/** One text that no argument holds, so that patterns over all texts are asked once a step. */
export const allTexts = (step: Step): string => textsOf(step).join('\n');
