/** Rules about the plan as a whole, as the documentation words them: each gives the steps on which it fires. */
import { plainOf, readAs } from './spelling.ts';
import type {
  MaxCallsBody,
  MaxTotalBody,
  OnFailBody,
  RequireAfterBody,
  RequireBeforeBody,
  SeparateDutyBody,
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
    case 'max_total':
      return maxTotal(body, plan.steps);
    case 'separate_duty':
      return separateDuty(body, plan.steps);
    case 'on_fail':
      return onFail(body, plan.steps);
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

/** The names of the groups a value is in, of which two values share one where they may be the same; `null`: cannot be told. */
export function groupsOf(value: unknown): readonly string[] | null {
  if (typeof value === 'boolean') return [nameOf(String(value))];
  if (typeof value === 'number')
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? [nameOf(String(value))] : null;
  if (typeof value !== 'string' || isReference(value) || value.length > 256) return null;
  const readings = [plainOf(value), ...readAs(value)];
  return readings.some((reading) => reading.length > 256) ? null : [...new Set(readings.map(nameOf))];
}

function nameOf(reading: string): string {
  const text = reading
    .trim()
    .toUpperCase()
    .toLowerCase()
    .replace(/^true$/, '1')
    .replace(/^false$/, '0');
  const isDigit = (c: string | undefined): boolean => /^\d$/.test(c ?? '');
  const joined = [...text]
    .filter(
      (c, i, all) => !/\s/.test(c) && !(/[-_,']/.test(c) && (isDigit(all[i - 1]) || isDigit(all[i + 1]))),
    )
    .join('');
  const between = text.replace(/(?<=\d)[\s_,'](?=\d)/g, '');
  for (const digits of [between, joined]) {
    const isNumber = digits !== '' && Math.abs(Number(digits)) <= Number.MAX_SAFE_INTEGER;
    if (isNumber) return `number ${Number(digits) || 0}`;
  }
  return `text ${joined === '' ? text : joined}`;
}

type Names = readonly string[] | null;

const share = (a: readonly string[], b: readonly string[]): boolean => a.some((name) => b.includes(name));

function maxCalls({ tools, limit, per }: MaxCallsBody, steps: readonly OracleStep[]): readonly number[] {
  const groups = steps.map((step) => (per ? groupsOf(valueAt(step, per.value)) : ['all']));
  const isBeyond = (i: number, name: string): boolean => {
    const before = steps
      .slice(0, i)
      .filter((other, j) => isOne(tools, other) && groups[j]?.includes(name) === true);
    return before.length >= (limit.value?.value ?? 0);
  };
  return steps.flatMap((step, i) => {
    if (!isOne(tools, step)) return [];
    return groups[i]?.some((name) => isBeyond(i, name)) === false ? [] : [i];
  });
}

/** A number as an integer of 10^-400, by the digits of its shortest text. */
function exact(value: number): bigint {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(400 + Number(exponent) - fraction.length);
}

function maxTotal({ tools, arg, limit, per }: MaxTotalBody, steps: readonly OracleStep[]): readonly number[] {
  const most = limit.value?.value ?? 0;
  const amounts = steps.map((step) => {
    const amount = valueAt(step, arg.value);
    const names = per ? groupsOf(valueAt(step, per.value)) : ['all'];
    const isAmount = typeof amount === 'number' && Number.isFinite(amount) && amount >= 0;
    return isAmount && names !== null ? { names, amount: exact(amount) } : null;
  });
  return steps.flatMap((step, i) => {
    if (!isOne(tools, step)) return [];
    const own = amounts[i];
    if (!own) return [i];
    const totalOf = (name: string): bigint =>
      steps.slice(0, i + 1).reduce((sum, other, j) => {
        const counted = amounts[j];
        return counted && isOne(tools, other) && counted.names.includes(name) ? sum + counted.amount : sum;
      }, 0n);
    return own.names.some((name) => totalOf(name) > exact(most)) ? [i] : [];
  });
}

function separateDuty(
  { tools, other, by, same }: SeparateDutyBody,
  steps: readonly OracleStep[],
): readonly number[] {
  /** Whether two values are not known to differ. */
  const mayBeEqual = (a: Names, b: Names): boolean => a === null || b === null || share(a, b);
  const person = (value: unknown): Names => (typeof value === 'boolean' ? null : groupsOf(value));
  return steps.flatMap((second, i) => {
    if (!isOne(other, second)) return [];
    const broken = steps.some((first, j) => {
      if (i === j || !isOne(tools, first)) return false;
      const values = same.map(({ here, there }) => [
        groupsOf(valueAt(first, here.value)),
        groupsOf(valueAt(second, there.value)),
      ]);
      // A step that does not show what it belongs to may belong to anything.
      const untold = values.some((pair) => pair.includes(null));
      if (!untold && !values.every(([a = null, b = null]) => a !== null && b !== null && share(a, b)))
        return false;
      return (
        !by || mayBeEqual(person(valueAt(first, by.here.value)), person(valueAt(second, by.there.value)))
      );
    });
    return broken ? [i] : [];
  });
}

/** What the failure of a step leads to: a word, the steps that handle it, or something that nobody knows. */
export function effectOf(
  step: OracleStep,
  steps: readonly OracleStep[],
): 'abort' | 'retry' | 'continue' | 'unknown' | readonly OracleStep[] {
  const written = step.on_fail ?? 'abort';
  if (written === 'abort' || written === 'retry' || written === 'continue') return written;
  const ids: readonly unknown[] = Array.isArray(written) ? written : [written];
  const handlers = ids.map((id) =>
    ['abort', 'retry', 'continue', step.id].includes(id as string)
      ? undefined
      : steps.find((other) => other.id === id),
  );
  const known = handlers.filter((handler) => handler !== undefined);
  return known.length > 0 && known.length === handlers.length ? known : 'unknown';
}

function onFail({ tools, allow, handlers }: OnFailBody, steps: readonly OracleStep[]): readonly number[] {
  return steps.flatMap((step, i) => {
    if (!isOne(tools, step)) return [];
    const effect = effectOf(step, steps);
    const fine =
      typeof effect === 'string'
        ? allow.some((word) => word === effect)
        : effect.some((handler) => isOne(handlers, handler));
    return fine ? [] : [i];
  });
}
