/** Whether a call is what its step says, once references have become values. */
import type { SessionModule } from '../contract.ts';
import { canonicalJson } from '../jcs.ts';
import { hasOwn, isArray } from '../platform.ts';
import type { PlannedStep } from './planned.ts';
import type { Progress } from './progress.ts';
import { resolveText, type ReadResult } from './resolve.ts';

/** Names of the caller's making are cut. */
const LONGEST = 120;

type Refusal = readonly [rule: string, message: string];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !isArray(value);

const differs = (path: string, why = 'is not what the plan says'): Refusal => [
  'run.deviation',
  `\`${path.length > LONGEST ? `${path.slice(0, LONGEST)}…` : path}\` ${why}`,
];

/** The first place where the call is not what its step says; `null` where there is none. */
export function deviationOf(
  step: PlannedStep,
  { tool, args }: { readonly tool: unknown; readonly args: unknown },
  progress: Progress,
  module: SessionModule,
): Refusal | null {
  if (tool !== step.tool) return differs('tool');
  const readAt: ReadResult = (id, path) => progress.read(id, path);

  function compare(planned: unknown, given: unknown, path: string, isLiteral: boolean): Refusal | null {
    if (typeof planned === 'string') {
      const should = isLiteral ? { value: planned } : resolveText(planned, module, readAt);
      if (!('value' in should)) return [should.rule, `\`${path}\`: ${should.why}`];
      return canonicalJson(should.value) === canonicalJson(given) ? null : differs(path);
    }
    if (isArray(planned)) {
      if (!isArray(given) || given.length !== planned.length) return differs(path);
      for (const [i, item] of planned.entries()) {
        const refusal = compare(item, given[i], `${path}[${i}]`, isLiteral);
        if (refusal) return refusal;
      }
      return null;
    }
    if (!isObject(planned)) return planned === given ? null : differs(path);
    if (!isObject(given)) return differs(path);
    for (const key of Object.keys(planned)) {
      const at = `${path}.${key}`;
      if (!hasOwn(given, key)) return differs(at, 'is missing');
      const literal = isLiteral || (path === 'args' && step.literal.includes(key));
      const refusal = compare(planned[key], given[key], at, literal);
      if (refusal) return refusal;
    }
    const extra = Object.keys(given).find((key) => !hasOwn(planned, key));
    return extra === undefined ? null : differs(`${path}.${extra}`, 'is not in the plan');
  }

  return compare(step.args, args, 'args', false);
}
