/**
 * What policies mean, written to be read: a naive evaluator of the resolved policy. It shares no code with the
 * compiler's later phases or the runtime; nothing but tests imports it. Tests are three-valued: `unknown` is a
 * test that cannot tell (a number was needed and there is a string), and a rule fires unless its condition fails.
 */
import { satisfies } from './args.ts';
import { celHolds } from './cel.ts';
import { equalTo, isBlank, lengthsOf, typesOf } from './values.ts';
import { compareTexts, readingsOf } from './spelling.ts';
import type { Readings } from './spelling.ts';
import { wholePlanFindings } from './whole-plan.ts';
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import type {
  LeafDeclaration,
  OperandValue,
  PatternDeclaration,
  Scalar,
} from '../../compiler/ir/document.ts';
import type { BoundRule, ResolvedPolicy, ResolvedRule } from '../../compiler/ir/resolved.ts';

export type Truth = true | false | 'unknown';

export interface OracleStep {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly depends_on?: readonly string[] | undefined;
  readonly on_fail?: unknown;
}

export interface OraclePlan {
  readonly plan: { readonly steps: readonly OracleStep[]; readonly context?: unknown };
  readonly context: unknown;
  readonly now: number;
  readonly catalog: ToolCatalog | null;
}

export interface Finding {
  readonly rule: string;
  /** -1: the plan as a whole. */
  readonly step: number;
}

export interface OracleDecision {
  readonly status: 'pass' | 'warn' | 'approval' | 'deny';
  readonly risk: number;
  readonly findings: readonly Finding[];
}

const STRENGTH = { audit: 'pass', warn: 'warn', require_approval: 'approval', deny: 'deny' } as const;
const ORDER = ['pass', 'warn', 'approval', 'deny'] as const;

export function decide(
  policy: ResolvedPolicy,
  plan: OraclePlan['plan'],
  context: unknown,
  now: number,
  catalog: ToolCatalog | null = null,
): OracleDecision {
  const { steps } = plan;
  const rules = rulesIn(policy.layer);
  const findings = rules.flatMap((rule): Finding[] => {
    if (rule.kind === 'max-steps') return steps.length > rule.limit ? [{ rule: rule.id, step: -1 }] : [];
    if (rule.kind === 'pattern' && rule.scope === 'plan') {
      const failed =
        rule.when !== null && celHolds(rule.when.value, { plan, context, now }, rule.params) === false;
      return failed ? [] : [{ rule: rule.id, step: -1 }];
    }
    if (rule.kind === 'whole-plan') {
      return wholePlanFindings(rule.body, { plan, context, now, catalog }).map((step) => ({
        rule: rule.id,
        step,
      }));
    }
    return steps.flatMap((step, i) =>
      fires(rule, step, { plan, context, now, catalog }) ? [{ rule: rule.id, step: i }] : [],
    );
  });
  const fired = rules.filter((rule) => findings.some((finding) => finding.rule === rule.id));
  const weights = fired.map((rule) => rule.weight);
  const total = policy.aggregate === 'max' ? Math.max(0, ...weights) : weights.reduce((sum, w) => sum + w, 0);
  // Decimal weights: compared to six places.
  const risk = Math.min(1, Math.round(total * 1e6) / 1e6);
  const outcomes = fired.map((rule) => STRENGTH[rule.enforcement]);
  if (risk >= policy.threshold) outcomes.push('deny');
  const status = ORDER.findLast((outcome) => outcomes.includes(outcome)) ?? 'pass';
  return { status, risk, findings };
}

function fires(rule: ResolvedRule, step: OracleStep, plan: OraclePlan): boolean {
  const { catalog, ...asked } = plan;
  const subject = { step, ...asked };
  switch (rule.kind) {
    case 'pattern': {
      const pattern = holds(rule.pattern, step);
      const condition = rule.when ? celHolds(rule.when.value, subject, rule.params) : true;
      return and([pattern, condition]) !== false;
    }
    case 'allow':
      return rule.layers.some((layer) => !layer.globs.some((glob) => matchesGlob(glob, step.tool)));
    case 'bound': {
      const { tool, path } = splitKey(rule);
      if (!matchesGlob(tool, step.tool)) return false;
      const outside = anyValue(step.args, segmentsOf(path), (value): Truth => {
        if (typeof value !== 'number' || !Number.isFinite(value)) return 'unknown';
        return (rule.min !== null && value < rule.min) || (rule.max !== null && value > rule.max);
      });
      return outside !== false;
    }
    case 'deny-token':
      return textsOf(step.args).some(
        (text) =>
          compareTexts('matches', text, rule.regex, readingsOf('matches', undefined, undefined)) !== false,
      );
    case 'only-catalog':
      return catalog?.tools.has(step.tool) !== true;
    case 'validate-args':
      return catalog !== null && !satisfies(catalog, step.tool, step.args);
    case 'max-steps':
    case 'whole-plan':
      return false;
  }
}

/** A bound whose tool nobody names ends it at the last dot. */
function splitKey({ key, tool }: BoundRule): { tool: string; path: string } {
  const cut = tool?.length ?? key.lastIndexOf('.');
  return { tool: key.slice(0, cut), path: key.slice(cut + 1) };
}

export function matchesGlob(glob: string, tool: string): boolean {
  const source = glob
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
    .join('[^]*');
  return new RegExp(`^${source}$`).test(tool);
}

const not = (truth: Truth): Truth => (truth === 'unknown' ? truth : !truth);
const and = (all: readonly Truth[]): Truth =>
  all.includes(false) ? false : all.includes('unknown') ? 'unknown' : true;
const or = (all: readonly Truth[]): Truth => not(and(all.map(not)));

function holds(pattern: PatternDeclaration, step: OracleStep): Truth {
  const { tools, leaf, and: all, or: any, not: inner } = pattern;
  const tool = tools === null || tools.some((found) => matchesGlob(found.value, step.tool));
  const body = leaf
    ? holdsLeaf(leaf, step)
    : all
      ? and(all.map((item) => holds(item, step)))
      : any
        ? or(any.map((item) => holds(item, step)))
        : inner
          ? not(holds(inner, step))
          : true;
  return and([tool, body]);
}

function holdsLeaf(leaf: LeafDeclaration, step: OracleStep): Truth {
  const operation = leaf.operation.value;
  const operand = leaf.value?.value ?? null;
  const readings = readingsOf(operation, leaf.ignoreCase?.value, leaf.normalize?.value);
  if (leaf.arg === null)
    return or(textsOf(step.args).map((text) => compareTexts(operation, text, String(operand), readings)));
  return anyValue(step.args, segmentsOf(leaf.arg.value), (value) =>
    testValue(operation, value, operand, readings),
  );
}

const segmentsOf = (path: string): readonly string[] =>
  path.split('.').flatMap((part) => [part.replaceAll('[*]', ''), ...(part.match(/\[\*\]/g) ?? [])]);

const MISSING = Symbol('missing');
const WRONG = Symbol('inside something that is no object');

/** Whether the test holds for any value that the path leads to. */
function anyValue(value: unknown, segments: readonly string[], test: (value: unknown) => Truth): Truth {
  const [segment, ...rest] = segments;
  if (segment === undefined) return test(value);
  if (segment === '[*]') {
    if (value === MISSING) return anyValue(MISSING, rest, test);
    return Array.isArray(value) ? or(value.map((item) => anyValue(item, rest, test))) : 'unknown';
  }
  if (value === MISSING || value === WRONG) return anyValue(value, rest, test);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return anyValue(WRONG, rest, test);
  const member: unknown = Object.hasOwn(value, segment)
    ? (value as Record<string, unknown>)[segment]
    : MISSING;
  return anyValue(member, rest, test);
}

/** Every string, object key and number (as decimal text) at or below a value. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [inDecimal(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsOf(member)]);
}

function testValue(operation: string, value: unknown, operand: OperandValue, readings: Readings): Truth {
  const numbers = operand as readonly number[];
  const number = operand as number;
  switch (operation) {
    case 'equals':
      return equality(value, [operand as Scalar], readings);
    case 'in':
      return equality(value, operand as readonly Scalar[], readings);
    case 'not_equals':
      return not(equality(value, [operand as Scalar], readings));
    case 'not_in':
      return not(equality(value, operand as readonly Scalar[], readings));
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
      // Sure of one string; among several texts (or in a number) it can only be sure that there is none.
      if (typeof value === 'string') return compareTexts(operation, value, String(operand), readings);
      return value === WRONG ||
        textsOf(value).some((text) => compareTexts(operation, text, String(operand), readings) !== false)
        ? 'unknown'
        : false;
    case 'not_contains':
      return typeof value === 'string'
        ? not(compareTexts('contains', value, String(operand), readings))
        : 'unknown';
    case 'not_matches':
      return typeof value === 'string'
        ? not(compareTexts('matches', value, String(operand), readings))
        : 'unknown';
    case 'gt':
      return compare(value, (n) => n > number);
    case 'gte':
      return compare(value, (n) => n >= number);
    case 'lt':
      return compare(value, (n) => n < number);
    case 'lte':
      return compare(value, (n) => n <= number);
    case 'between':
      return compare(value, (n) => n >= (numbers[0] ?? 0) && n <= (numbers[1] ?? 0));
    case 'not_between':
      return compare(value, (n) => n < (numbers[0] ?? 0) || n > (numbers[1] ?? 0));
    case 'exists':
      return value === null || value === WRONG || isBlank(value) ? 'unknown' : value !== MISSING;
    case 'missing':
      return value === null || value === WRONG || isBlank(value) ? 'unknown' : value === MISSING;
    case 'type':
      return value === WRONG ? 'unknown' : value !== MISSING && typesOf(value).includes(String(operand));
    case 'length_equals':
      return compareLengths(value, (n) => n === number);
    case 'length_gt':
      return compareLengths(value, (n) => n > number);
    case 'length_gte':
      return compareLengths(value, (n) => n >= number);
    case 'length_lt':
      return compareLengths(value, (n) => n < number);
    case 'length_lte':
      return compareLengths(value, (n) => n <= number);
    case 'length_between':
      return compareLengths(value, (n) => n >= (numbers[0] ?? 0) && n <= (numbers[1] ?? 0));
    default:
      throw new Error(`the oracle does not know ${operation}`);
  }
}

const compare = (value: unknown, test: (n: number) => boolean): Truth =>
  typeof value === 'number' && Number.isFinite(value) ? test(value) : 'unknown';

function equality(value: unknown, operands: readonly Scalar[], readings: Readings): Truth {
  if (value === MISSING) return false;
  return value === WRONG ? 'unknown' : or(operands.map((operand) => equalTo(value, operand, readings)));
}

/** True or false where it is so of the length and of all that may be counted in it. */
function compareLengths(value: unknown, test: (n: number) => boolean): Truth {
  const lengths = value === MISSING || value === WRONG ? null : lengthsOf(value);
  if (!lengths) return 'unknown';
  const answers = new Set<boolean>();
  for (let n = lengths.own; n <= lengths.most; n += 1) answers.add(test(n));
  return answers.size === 2 ? 'unknown' : answers.has(true);
}

/** The digits of a number, without an exponent. */
function inDecimal(value: number): string {
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const point = whole.length + Number(exponent);
  const digits = '0'.repeat(Math.max(0, 1 - point)) + whole + fraction + '0'.repeat(Math.max(0, point));
  const at = Math.max(point, 1);
  const behind = digits.slice(at).replace(/0+$/, '');
  return sign + digits.slice(0, at) + (behind === '' ? '' : `.${behind}`);
}
