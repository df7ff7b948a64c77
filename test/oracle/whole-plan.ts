/** Rules about the plan as a whole, as the documentation words them: each gives the steps on which it fires. */
import type {
  MaxCallsBody,
  RequireAfterBody,
  RequireBeforeBody,
  ToolList,
  WholePlanBody,
} from '../../compiler/ir/whole-plan.ts';
import { tainted } from './flow.ts';
import { matchesGlob } from './oracle.ts';
import type { OraclePlan, OracleStep } from './oracle.ts';
import { withoutFirst, withoutLast } from './order.ts';
import type { OrderRule } from './order.ts';

export function wholePlanFindings(body: WholePlanBody, { plan, context }: OraclePlan): readonly number[] {
  switch (body.kind) {
    case 'require_before':
      return withoutFirst(plan.steps, orderRule(body, body.before));
    case 'require_after':
      return withoutLast(plan.steps, { ...orderRule(body, body.after), onFailure: body.onFailure });
    case 'flows':
      return tainted(plan.steps, [context, plan.context], {
        sinks: texts(body.tools),
        from: texts(body.from),
        through: texts(body.through),
        fromContext: texts(body.fromContext),
      });
    case 'max_calls':
      return maxCalls(body, plan.steps);
    default:
      throw new Error(`the oracle does not know ${body.kind}`);
  }
}

const texts = (written: readonly { readonly value: string }[]): readonly string[] =>
  written.map(({ value }) => value);

function orderRule(
  { tools, same, order }: RequireBeforeBody | RequireAfterBody,
  others: ToolList,
): OrderRule {
  return {
    tools: texts(tools),
    others: texts(others),
    same: same.map(({ here, there }) => ({ here: here.value, there: there.value })),
    listed: order === 'listed',
  };
}

export const isOne = (tools: ToolList, step: OracleStep): boolean =>
  tools.some(({ value }) => matchesGlob(value, step.tool));

/** The value a path of names leads to; `undefined` where it leads nowhere. */
export function valueAt(step: OracleStep, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  }, step.args);
}

export const isReference = (value: unknown): boolean => typeof value === 'string' && /\$\{|\{\{/.test(value);

/** A text as people read it. */
export const asRead = (text: string): string =>
  [...text.normalize('NFKC')]
    .filter((character) => !/\p{Default_Ignorable_Code_Point}|\p{Cf}/u.test(character))
    .join('')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');

/** The name of the group a value is in; `null`: cannot be told. */
export function groupOf(value: unknown): string | null {
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
  if (!isScalar || isReference(value)) return null;
  const text = asRead(String(value))
    .replace(/^true$/, '1')
    .replace(/^false$/, '0');
  return text !== '' && Number.isFinite(Number(text)) ? `number ${Number(text) || 0}` : `text ${text}`;
}

function maxCalls({ tools, limit, per }: MaxCallsBody, steps: readonly OracleStep[]): readonly number[] {
  const groups = steps.map((step) => (per ? groupOf(valueAt(step, per.value)) : 'all'));
  return steps.flatMap((step, i) => {
    if (!isOne(tools, step)) return [];
    const before = steps.slice(0, i).filter((other, j) => isOne(tools, other) && groups[j] === groups[i]);
    return groups[i] === null || before.length >= (limit.value?.value ?? 0) ? [i] : [];
  });
}
