/**
 * The workload for OPA, in two forms: one policy that reads the rules of a tool from data, and one with a body a
 * rule. Both answer with pairs of a step and what fires. Regular expressions are equal prefixes and substrings: those
 * of OPA's wasm give up above 500 rules.
 */
import type { Check, Workload } from '../workload.ts';
import { rulesByTool } from './indexed.ts';
import { denied, piecesOf } from './like.ts';

export const PACKAGE = 'bench';
export const ENTRYPOINT = `${PACKAGE}/findings`;

const quote = (value: unknown): string => JSON.stringify(value);

const head = (maxSteps: string): string => `package ${PACKAGE}

import rego.v1

findings contains [-1, "max_steps"] if count(input.steps) > ${maxSteps}
`;

/** What a rule does with the value of its argument, per kind of rule. */
const TESTS = {
  gt: 'value > rule.value',
  lt: 'value < rule.value',
  equals: 'value == rule.value',
  in: 'value in rule.value',
  holds: 'contains(value, rule.value)',
  starts: 'startswith(value, rule.value)\n\tcontains(value, rule.inside)',
} as const;
type Kind = keyof typeof TESTS;

/** One policy for every workload: its rules are data, listed by tool and kind. */
export function dataPolicy(): string {
  const bodies = Object.entries(TESTS).map(
    ([kind, test]) => `findings contains [i, rule.id] if {
	some i, step in input.steps
	some rule in data.tools[step.tool].${kind}
	value := step.args[rule.arg]
	${test}
}
`,
  );
  return [
    head('data.max_steps'),
    ...bodies,
    `findings contains [i, rule.id] if {
	some i, step in input.steps
	some value in step.args
	is_string(value)
	some rule in data.deny
	contains(value, rule.holds)
}
`,
    `findings contains [i, "allow"] if {
	some i, step in input.steps
	not data.tools[step.tool]
}
`,
  ].join('\n');
}

export function dataOf(workload: Workload): object {
  const tools = [...rulesByTool(workload)].map(([tool, { rules }]) => {
    const kinds: Partial<Record<Kind, object[]>> = {};
    for (const { name, arg, check } of rules) {
      const { kind, ...operand } = operandOf(check);
      (kinds[kind] ??= []).push({ id: name, arg, ...operand });
    }
    return [tool, kinds] as const;
  });
  return {
    max_steps: workload.maxSteps,
    deny: workload.deny.map((source) => ({ id: `deny ${source}`, holds: denied(source) })),
    tools: Object.fromEntries(tools),
  };
}

interface Operand {
  readonly kind: Kind;
  readonly value: unknown;
  readonly inside?: string;
}

function operandOf(check: Check): Operand {
  const pieces = piecesOf(check);
  if (!pieces) return { kind: check.operation as 'gt' | 'lt' | 'equals' | 'in', value: check.value };
  if (pieces.start === '') return { kind: 'holds', value: pieces.inside };
  return { kind: 'starts', value: pieces.start, inside: pieces.inside };
}

/** A body a rule, as the policy is often written by hand. */
export function flatPolicy({ rules, allow, deny, maxSteps }: Workload): string {
  const body = (id: string, tests: readonly string[]): string =>
    [
      `findings contains [i, ${quote(id)}] if {`,
      '\tsome i, step in input.steps',
      ...tests.map((test) => `\t${test}`),
      '}\n',
    ].join('\n');
  const named = (glob: string): string =>
    glob.endsWith('*') ? `startswith(step.tool, ${quote(glob.slice(0, -1))})` : `step.tool == ${quote(glob)}`;
  const tests = ({ kind, value, inside = '' }: Operand): string =>
    TESTS[kind].replace('rule.value', quote(value)).replace('rule.inside', quote(inside));
  return [
    head(`${maxSteps}`),
    ...allow.map((glob) => `allowed(step) if ${named(glob)}\n`),
    body('allow', ['not allowed(step)']),
    ...rules.map(({ id, tool, arg, check }) =>
      body(id, [named(tool), `value := step.args[${quote(arg)}]`, tests(operandOf(check))]),
    ),
    ...deny.map((source) =>
      body(`deny ${source}`, [
        'some value in step.args',
        'is_string(value)',
        `contains(value, ${quote(denied(source))})`,
      ]),
    ),
  ].join('\n');
}
