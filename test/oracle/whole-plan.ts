/** Rules about the plan as a whole, as the documentation words them: each gives the steps on which it fires. */
import { plainOf, readAs } from './spelling.ts';
import type { BoundRule } from '../../compiler/ir/resolved.ts';
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
import { matchesGlob } from './tools.ts';
import type { OraclePlan, OracleStep, Values } from './shape.ts';
import { valueAt } from './value-at.ts';
import type { Outlook } from './truth.ts';
import { mayPair, withoutFirst, withoutLast } from './order.ts';
import { Later } from './references.ts';
import type { OrderRule } from './order.ts';

/** What a rule says of one step; where it waits for a value, `step` is that at which all of them are there. */
export interface WholePlanFinding {
  readonly step: number;
  readonly outlook: Outlook;
  /** Of a sum that waits: whether the rest of it may be more than the limit leaves; otherwise it may. */
  readonly mayFail?: boolean;
}

interface Asked extends OraclePlan {
  readonly bounds: readonly BoundRule[];
}

const OPEN: Outlook = [true, false];
const surely = (steps: readonly number[]): readonly WholePlanFinding[] =>
  steps.map((step) => ({ step, outlook: [true] }));

/** What a rule says of each step, whether it governs it: one outlook a step. */
export type Governed = (step: OracleStep) => Outlook;

/**
 * "A step whose narrowing cannot be told is governed." What is found although only those are that surely are is sure; what
 * needs the others is open.
 */
export function wholePlanFindings(
  body: WholePlanBody,
  asked: Asked,
  values: Values,
  governed: Governed,
): readonly WholePlanFinding[] {
  const { steps } = asked.plan;
  const may = findings(body, asked, values, (step) => governed(step).some((truth) => truth !== false));
  const sure = findings(body, asked, values, (step) => governed(step).every((truth) => truth !== false));
  const isSure = (step: number): boolean =>
    sure.some((one) => one.step === step && !one.outlook.includes(false));
  return may.map((one) => {
    if (one.outlook.includes(false) || isSure(one.step)) return one;
    const last = steps.findLastIndex(
      (step) => isOne(body.tools, step) && governed(step).some((truth) => truth !== false),
    );
    const isPutOff = values === 'later' && body.kind === 'separate_duty';
    return { step: isPutOff ? Math.max(one.step, last) : one.step, outlook: OPEN };
  });
}

type Governs = (step: OracleStep) => boolean;

function findings(
  body: WholePlanBody,
  asked: Asked,
  values: Values,
  governs: Governs,
): readonly WholePlanFinding[] {
  const { plan, context } = asked;
  switch (body.kind) {
    case 'require_before': {
      const rule = { ...orderRule(body, body.before), governs };
      return withoutFirst(plan.steps, rule).map((step) => ({
        step,
        outlook: mayPair(plan.steps, step, rule) ? OPEN : [true],
      }));
    }
    case 'require_after': {
      const rule = { ...orderRule(body, body.after), governs };
      const last = plan.steps.findLastIndex((step) => isOne(body.after, step));
      return withoutLast(plan.steps, { ...rule, onFailure: body.onFailure }).map((step) => {
        const waits = mayPair(plan.steps, step, rule);
        return {
          step: waits && values === 'later' ? Math.max(step, last) : step,
          outlook: waits ? OPEN : [true],
        };
      });
    }
    case 'flows':
      return surely(
        tainted(plan.steps, [context, plan.context], {
          sinks: texts(body.tools),
          into: body.into.map(({ tools, arg }) => ({ tools: texts(tools), arg: arg.value })),
          from: texts(body.from),
          through: texts(body.through),
          fromContext: texts(body.fromContext),
        }).filter((i) => plan.steps[i] !== undefined && governs(plan.steps[i])),
      );
    case 'max_calls':
      return maxCalls(body, plan.steps, governs);
    case 'max_total':
      return maxTotal(body, asked, governs);
    case 'separate_duty':
      return separateDuty(body, plan.steps, values, governs);
    case 'on_fail':
      return surely(onFail(body, plan.steps, governs));
  }
}

const texts = (written: readonly { readonly value: string }[]): readonly string[] =>
  written.map(({ value }) => value);

function orderRule(
  { tools, same, order }: RequireBeforeBody | RequireAfterBody,
  others: ToolList,
): Omit<OrderRule, 'governs'> {
  return {
    tools: texts(tools),
    others: texts(others),
    same: same.map(({ here, there }) => ({ here: here.value, there: there.value })),
    listed: order === 'listed',
  };
}

export const isOne = (tools: ToolList, step: OracleStep): boolean =>
  tools.some(({ value }) => matchesGlob(value, step.tool));

/** The names of the groups a value is in, of which two values share one where they may be the same; `null`: cannot be told. */
export function groupsOf(value: unknown): readonly string[] | null {
  if (typeof value === 'boolean') return [nameOf(String(value))];
  if (typeof value === 'number')
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? [nameOf(String(value))] : null;
  if (typeof value !== 'string' || value.length > 256) return null;
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
  const joined = [...withoutScheme(text)]
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

/** A name of an account without the word that says so. */
function withoutScheme(text: string): string {
  const words = ['account', 'acct', 'iban', 'mailto', 'payto', 'sip', 'sips', 'tel', 'xmpp'];
  const [word = '', ...more] = text.split(':');
  const behind = more.join(':');
  if (!words.includes(word) || behind === '') return text;
  return behind.startsWith('//') && behind.length > 2 ? behind.slice(2) : behind;
}

/** A value as rules count by it: its group, a reference with its text, or what nobody can count by (`null`). */
interface Counted {
  readonly names: readonly string[];
  readonly waits: boolean;
}
function countedBy(value: unknown): Counted | null {
  if (value instanceof Later)
    return value.known === null ? null : { names: [`later ${value.text}`], waits: true };
  const names = groupsOf(value);
  return names === null ? null : { names, waits: false };
}

const EVERYTHING: Counted = { names: ['all'], waits: false };

function maxCalls(
  { tools, limit, per }: MaxCallsBody,
  steps: readonly OracleStep[],
  governs: Governs,
): WholePlanFinding[] {
  const counts = (step: OracleStep | undefined): boolean =>
    step !== undefined && isOne(tools, step) && governs(step);
  const most = limit.value?.value ?? 0;
  const groups = steps.map((step) => (per ? countedBy(valueAt(step, per.value)) : EVERYTHING));
  return steps.flatMap((step, i): WholePlanFinding[] => {
    if (!counts(step)) return [];
    const own = groups[i];
    if (!own) return [{ step: i, outlook: [true] }];
    const before = groups.slice(0, i).filter((_, j) => counts(steps[j]));
    const same = Math.max(
      ...own.names.map((name) => before.filter((group) => group?.names.includes(name)).length),
    );
    const open = before.filter((group) => group?.waits).length;
    if (same >= most) return [{ step: i, outlook: [true] }];
    return own.waits || (open > 0 && same + open >= most) ? [{ step: i, outlook: OPEN }] : [];
  });
}

/** A number as an integer of 10^-400, by the digits of its shortest text. */
function exact(value: number): bigint {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(400 + Number(exponent) - fraction.length);
}

function maxTotal(body: MaxTotalBody, asked: Asked, governs: Governs): WholePlanFinding[] {
  const { limit, per } = body;
  const { steps } = asked.plan;
  /** "Each tool belongs to one item." */
  const amountOf = (step: OracleStep): string | undefined => {
    if (body.arg) return isOne(body.tools, step) ? body.arg.value : undefined;
    return body.of.find(({ tools }) => isOne(tools, step))?.arg.value;
  };
  const adds = (step: OracleStep): boolean => amountOf(step) !== undefined && governs(step);
  const most = exact(limit.value?.value ?? 0);
  const entered = steps.map((step) => {
    const arg = amountOf(step) ?? '';
    const amount = valueAt(step, arg);
    const group = per ? countedBy(valueAt(step, per.value)) : EVERYTHING;
    const isOpen = amount instanceof Later && amount.isWhole;
    const isAmount = typeof amount === 'number' && Number.isFinite(amount) && amount >= 0;
    if (!group || !adds(step) || (!isOpen && !isAmount)) return null;
    return isOpen
      ? { group, amount: 0n, isOpen, reserve: upperEnd(step, arg, asked) }
      : { group, amount: exact(amount as number), isOpen, reserve: exact(amount as number) };
  });
  return steps.flatMap((step, i): WholePlanFinding[] => {
    if (!adds(step)) return [];
    const own = entered[i];
    if (!own) return [{ step: i, outlook: [true] }];
    const before = entered.slice(0, i).filter((one) => one !== null);
    const totalOf = (name: string): bigint =>
      before
        .filter(({ group }) => group.names.includes(name))
        .reduce((sum, { amount }) => sum + amount, own.amount);
    if (own.group.names.some((name) => totalOf(name) > most)) return [{ step: i, outlook: [true] }];
    const waits = before.some(
      ({ group, isOpen }) =>
        group.waits || (isOpen && group.names.some((name) => own.group.names.includes(name))),
    );
    if (!own.isOpen && !own.group.waits && !waits) return [];
    // A step whose group waits may be of any.
    const names = own.group.waits ? [own, ...before].flatMap(({ group }) => group.names) : own.group.names;
    const mayFail = names.some((name) => {
      const same = before.filter(({ group }) => group.waits || group.names.includes(name));
      const reserves = [own, ...same].map(({ reserve }) => reserve);
      return reserves.includes(null) || reserves.reduce<bigint>((sum, each) => sum + (each ?? 0n), 0n) > most;
    });
    return [{ step: i, outlook: OPEN, mayFail }];
  });
}

/** The most that an amount can be, as bounds and catalog say; `null` where they say nothing. */
function upperEnd(step: OracleStep, path: string, { bounds, catalog }: Asked): bigint | null {
  const ends = bounds.flatMap(({ key, tool, max }) => {
    const cut = tool?.length ?? key.replace(/\[.*/, '').lastIndexOf('.');
    const isThis = matchesGlob(key.slice(0, cut), step.tool) && key.slice(cut + 1) === path;
    return isThis && max !== null ? [max] : [];
  });
  let schema: unknown = catalog?.tools.get(step.tool)?.input;
  for (const name of path.split('.')) {
    const { properties } = (schema ?? {}) as { readonly properties?: Readonly<Record<string, unknown>> };
    schema = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  }
  const { maximum, exclusiveMaximum } = (schema ?? {}) as Readonly<Record<string, unknown>>;
  ends.push(...[maximum, exclusiveMaximum].filter((end) => typeof end === 'number'));
  return ends.length === 0 ? null : exact(Math.max(0, Math.min(...ends)));
}

/** What is known of whether two lists of values are the same; `null` for one that nobody can tell. */
function sameness(a: readonly (Counted | null)[], b: readonly (Counted | null)[]): Outlook {
  const all = [...a, ...b];
  if (all.some((one) => one === null)) return ['unknown'];
  const share = (one: Counted | null | undefined, other: Counted | null | undefined): boolean =>
    one?.names.some((name) => other?.names.includes(name)) === true;
  if (a.every((one, i) => share(one, b[i]))) return [true];
  return all.some((one) => one?.waits) ? OPEN : [false];
}

function separateDuty(
  { tools, other, by, same }: SeparateDutyBody,
  steps: readonly OracleStep[],
  values: Values,
  governs: Governs,
): WholePlanFinding[] {
  const person = (step: OracleStep, path: string): Counted | null => {
    const value = valueAt(step, path);
    return typeof value === 'boolean' ? null : countedBy(value);
  };
  const isFirst = (step: OracleStep): boolean => isOne(tools, step) && governs(step);
  const lastGoverned = steps.findLastIndex(isFirst);
  return steps.flatMap((second, i): WholePlanFinding[] => {
    if (!isOne(other, second)) return [];
    const outlooks = steps.flatMap((first, j): Outlook[] => {
      if (i === j || !isFirst(first)) return [];
      const relates = sameness(
        same.map(({ here }) => countedBy(valueAt(first, here.value))),
        same.map(({ there }) => countedBy(valueAt(second, there.value))),
      );
      const who = by
        ? sameness([person(first, by.here.value)], [person(second, by.there.value)])
        : [true as const];
      const both = [relates, who];
      if (both.some((one) => !one.includes(true) && !one.includes('unknown'))) return [];
      return [both.some((one) => one.includes(false)) ? OPEN : [true]];
    });
    if (outlooks.length === 0) return [];
    const isOpen = outlooks.every((outlook) => outlook.includes(false));
    const step = isOpen && values === 'later' ? Math.max(i, lastGoverned) : i;
    return [{ step, outlook: isOpen ? OPEN : [true] }];
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

function onFail(
  { tools, allow, handlers }: OnFailBody,
  steps: readonly OracleStep[],
  governs: Governs,
): readonly number[] {
  return steps.flatMap((step, i) => {
    if (!isOne(tools, step) || !governs(step)) return [];
    const effect = effectOf(step, steps);
    const fine =
      typeof effect === 'string'
        ? allow.some((word) => word === effect)
        : effect.some((handler) => isOne(handlers, handler));
    return fine ? [] : [i];
  });
}
