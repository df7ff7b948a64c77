import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Missing } from '../engine.ts';
import type { Engine } from '../engine.ts';
import type { Plan, Workload } from '../workload.ts';
import { rulesByTool } from './indexed.ts';
import { JOB, NOT_INSTALLED } from './plan-lint-job.ts';
import type { Answer, Job } from './plan-lint-job.ts';

/** Its bounds are `tool.argument`, cut at the first dot: a tool's name may have none. */
const undotted = (tool: string): string => tool.replaceAll('.', '_');

/** All it can be asked: numbers within bounds, and the settings. */
export const boundsOnly = (workload: Workload): Workload => ({
  ...workload,
  rules: workload.rules.filter(({ check }) => check.operation === 'gt' || check.operation === 'lt'),
});

/** The rules on one argument are one pair of bounds, for each tool that a namespace covers; tools are listed by name. */
export function policyOf(workload: Workload): object {
  const bounds: Record<string, [low: number, high: number]> = {};
  for (const [tool, { rules }] of rulesByTool(workload)) {
    for (const { arg, check } of rules) {
      const pair = (bounds[`${undotted(tool)}.${arg}`] ??= [-Number.MAX_VALUE, Number.MAX_VALUE]);
      if (check.operation === 'gt') pair[1] = Math.min(pair[1], check.value);
      if (check.operation === 'lt') pair[0] = Math.max(pair[0], check.value);
    }
  }
  return {
    allow_tools: workload.tools.map(undotted),
    bounds,
    deny_tokens_regex: workload.deny,
    max_steps: workload.maxSteps,
  };
}

const planOf = ({ goal, steps }: Plan): object => ({
  goal,
  steps: steps.map((step) => ({ ...step, tool: undotted(step.tool) })),
});

/** Its words for a finding; a message names the argument or the pattern, and no rule. */
function findingOf([step, code, message]: Answer['findings'][number][number]): string {
  const name = /'(.*?)'/.exec(message)?.[1] ?? '';
  const at = step ?? -1;
  if (code === 'BOUND_VIOLATION') return `${at}:bounds ${name}`;
  if (code === 'RAW_SECRET') return `${at}:deny ${name}`;
  if (code === 'TOOL_DENY') return `${at}:allow`;
  if (code === 'MAX_STEPS_EXCEEDED') return `${at}:max_steps`;
  return `${at}:${code}`;
}

/**
 * Runs a job with the interpreter that `PYTHON` names, else `python3`.
 *
 * @throws Missing where there is none, or none that has plan-lint
 */
export async function ask(job: Job): Promise<Answer> {
  const python = process.env['PYTHON'] ?? 'python3';
  const how = 'pip install plan-lint in a venv, and PYTHON=its bin/python';
  const child = spawn(python, ['-c', JOB], { stdio: 'pipe' });
  const closed = once(child, 'close') as Promise<[status: number | null]>;
  // Where it ends before it has read the job, its status says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(job));
  try {
    const [out, complaint, [status]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    if (status === NOT_INSTALLED) throw new Missing(`\`${python}\` has no plan-lint: ${complaint} (${how})`);
    if (status !== 0)
      throw new Error(`plan-lint in Python failed: ${complaint.trim().split('\n').at(-1) ?? ''}`);
    return JSON.parse(out) as Answer;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Missing(`no command \`${python}\` (${how})`);
    throw error;
  }
}

/** The Python tool of the same name. It takes no index: each step is held against the bounds of all tools. */
export const planLintPython: Engine = {
  name: 'Python plan-lint (a part)',
  most: 1000,
  part: boundsOnly,
  wording({ rules }) {
    const args = new Map(rules.map(({ id, arg }) => [id, arg]));
    return (finding) => {
      const [step = '', id = ''] = finding.split(/:(.*)/s);
      const arg = args.get(id);
      return arg === undefined ? finding : `${step}:bounds ${arg}`;
    };
  },
  async prepare(workload) {
    const policy = policyOf(workload);
    const verdict = async (plan: Plan): Promise<readonly string[]> => {
      const { findings } = await ask({ policy, plans: [planOf(plan)], budget: 0 });
      return (findings[0] ?? []).map(findingOf).sort();
    };
    // Asked once with nothing to do: whether it is there, and which it is.
    const { version } = await ask({ policy, plans: [{ goal: '', steps: [] }], budget: 0 });
    return {
      decide: verdict,
      later: true,
      verdict,
      timed: async (plans, budget) => {
        const { micros, ready } = await ask({ policy, plans: plans.map(planOf), budget });
        if (micros === null) throw new Error('plan-lint in Python was given no time');
        return { micros, ready };
      },
      bytes: JSON.stringify(policy).length,
      note: `${version}: bounds and settings alone, ${workload.rules.length} of the rules; times us on the same`,
    };
  },
};
