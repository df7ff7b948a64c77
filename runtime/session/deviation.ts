/** Whether a call is what its step says, once references have become values. */
import type { SessionModule } from '../contract.ts';
import { canonicalJson } from '../jcs.ts';
import { hasOwn, isArray } from '../platform.ts';
import type { PlannedStep } from './planned.ts';
import type { Progress } from './progress.ts';

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

  /** What stands in a text of the plan, or why nobody can tell. */
  function expected(text: string): { readonly value: unknown } | Refusal {
    const template = module.template(text);
    // A text that is not understood must arrive as it is written.
    if (template === null || template.known === null) return { value: text };
    const { known, references } = template;
    let inserted = known[0] ?? '';
    for (const [i, { id, path }] of references.entries()) {
      const read = progress.read(id, path);
      if (read === 'unread')
        return ['run.unresolved', `the result of \`${id}\` that stands here was not handed over`];
      const name = ['result', ...path].join('.');
      if (read === 'missing') return ['run.deviation', `the result of \`${id}\` has no \`${name}\``];
      const { value } = read;
      if (references.length === 1 && known.every((part) => part === '')) return { value };
      if (typeof value === 'object')
        return [
          'run.deviation',
          `\`${name}\` of \`${id}\` is no text, number or truth value to stand in a text`,
        ];
      inserted += `${value as string | number | boolean}${known[i + 1] ?? ''}`;
    }
    return { value: inserted };
  }

  function compare(planned: unknown, given: unknown, path: string, isLiteral: boolean): Refusal | null {
    if (typeof planned === 'string') {
      const should = isLiteral ? { value: planned } : expected(planned);
      if (isArray(should)) {
        const [rule, why] = should as Refusal;
        return [rule, `\`${path}\`: ${why}`];
      }
      return canonicalJson((should as { readonly value: unknown }).value) === canonicalJson(given)
        ? null
        : differs(path);
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
