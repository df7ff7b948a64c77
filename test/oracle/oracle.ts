/**
 * What policies mean, written to be read: a naive evaluator of the resolved policy. It shares no code with the
 * compiler's later phases or the runtime; nothing but tests imports it. Tests are three-valued: `unknown` is a
 * test that cannot tell (a number was needed and there is a string), and a rule fires unless its condition fails.
 */
import { breaks } from './args.ts';
import { celHolds } from './cel.ts';
import { equalTo, hasOtherForms, isBlank, lengthsOf, typesOf } from './values.ts';
import { compareTexts, readingsOf } from './spelling.ts';
import { bare, canBe, INSIDE, Later, withReferences } from './references.ts';
import type { Readings } from './spelling.ts';
import type { Outlook, Truth } from './truth.ts';
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

const ANYTHING: Outlook = [true, false, 'unknown'];

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
  /** What is not known for no other reason than a reference, where that is put off. */
  readonly pending: readonly Finding[];
  readonly status: 'pass' | 'warn' | 'approval' | 'deny';
  readonly risk: number;
  readonly findings: readonly Finding[];
}

const STRENGTH = { audit: 'pass', warn: 'warn', require_approval: 'approval', deny: 'deny' } as const;
const ORDER = ['pass', 'warn', 'approval', 'deny'] as const;

/** `now`: what is not known counts against the plan. `later`: what waits for a value is put off. */
export type Values = 'now' | 'later';

export function decide(
  policy: ResolvedPolicy,
  written: OraclePlan['plan'],
  context: unknown,
  now: number,
  catalog: ToolCatalog | null = null,
  values: Values = 'now',
): OracleDecision {
  const plan = {
    ...written,
    steps: written.steps.map((step) => ({
      ...step,
      args: withReferences(step.args, templatesOf(catalog, step.tool)) as OracleStep['args'],
    })),
  };
  const { steps } = plan;
  const rules = rulesIn(policy.layer);
  const bounds = rules.filter((rule) => rule.kind === 'bound');
  const pending: Finding[] = [];
  const findings = rules.flatMap((rule): Finding[] => {
    const told = (step: number, outlook: Outlook): Finding[] => {
      if (outlook.every((truth) => truth === false)) return [];
      const finding = { rule: rule.id, step };
      if (!outlook.includes(false)) return [finding];
      if (values === 'later') pending.push(finding);
      return values === 'later' || rule.references === 'allow' ? [] : [finding];
    };
    if (rule.kind === 'max-steps') return told(-1, certain(steps.length > rule.limit));
    if (rule.kind === 'pattern' && rule.scope === 'plan') {
      return told(
        -1,
        rule.when === null ? certain(true) : celHolds(rule.when.value, { plan, context, now }, rule.params),
      );
    }
    if (rule.kind === 'whole-plan') {
      const asked = { plan, context, now, catalog, bounds };
      return wholePlanFindings(rule.body, asked, values).flatMap(({ step, outlook }) => told(step, outlook));
    }
    return steps.flatMap((step, i) => told(i, fires(rule, step, { plan, context, now, catalog })));
  });
  const fired = rules.filter((rule) => findings.some((finding) => finding.rule === rule.id));
  const weights = fired.map((rule) => rule.weight);
  const total = policy.aggregate === 'max' ? Math.max(0, ...weights) : weights.reduce((sum, w) => sum + w, 0);
  // Decimal weights: compared to six places.
  const risk = Math.min(1, Math.round(total * 1e6) / 1e6);
  const outcomes = fired.map((rule) => STRENGTH[rule.enforcement]);
  if (risk >= policy.threshold) outcomes.push('deny');
  const status = ORDER.findLast((outcome) => outcomes.includes(outcome)) ?? 'pass';
  // What fires whatever the values are does not wait for them.
  const isIn = (all: readonly Finding[], one: Finding): boolean =>
    all.some(({ rule, step }) => rule === one.rule && step === one.step);
  const waiting = pending.filter((one, i) => !isIn(findings, one) && !isIn(pending.slice(0, i), one));
  return { status, risk, findings, pending: waiting };
}

/** The arguments of a tool in which the catalog says that nothing is a reference. */
function templatesOf(catalog: ToolCatalog | null, tool: string): readonly string[] {
  const declared = catalog?.tools.get(tool)?.input['properties'] ?? {};
  return Object.entries(declared).flatMap(([name, schema]) =>
    (schema as Readonly<Record<string, unknown>>)['x-plan-lint-template'] === true ? [name] : [],
  );
}

function fires(rule: ResolvedRule, step: OracleStep, plan: OraclePlan): Outlook {
  const { catalog, ...asked } = plan;
  const subject = { step, ...asked };
  switch (rule.kind) {
    case 'pattern': {
      const pattern = holds(rule.pattern, step);
      const condition = rule.when ? celHolds(rule.when.value, subject, rule.params) : certain(true);
      return and([pattern, condition]);
    }
    case 'allow':
      return certain(rule.layers.some((layer) => !layer.globs.some((glob) => matchesGlob(glob, step.tool))));
    case 'bound': {
      const { tool, path } = splitKey(rule);
      if (!matchesGlob(tool, step.tool)) return certain(false);
      return anyValue(step.args, segmentsOf(path), (value): Outlook => {
        if (waits(value)) return ANYTHING;
        if (typeof value !== 'number' || !Number.isFinite(value)) return certain('unknown');
        return certain((rule.min !== null && value < rule.min) || (rule.max !== null && value > rule.max));
      });
    }
    case 'deny-token':
      // Of what is written in the plan.
      return certain(
        textsOf(step.args)
          .map((text) => (text instanceof Later ? text.text : text))
          .some(
            (text) =>
              compareTexts('matches', text, rule.regex, readingsOf('matches', undefined, undefined)) !==
              false,
          ),
      );
    case 'only-catalog':
      return certain(catalog?.tools.has(step.tool) !== true);
    case 'validate-args':
      return catalog === null ? certain(false) : breaks(catalog, step.tool, step.args);
    case 'max-steps':
    case 'whole-plan':
      return certain(false);
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

const notOne = (truth: Truth): Truth => (truth === 'unknown' ? truth : !truth);
const andOne = (all: readonly Truth[]): Truth =>
  all.includes(false) ? false : all.includes('unknown') ? 'unknown' : true;

const certain = (truth: Truth): Outlook => [truth];
const not = (outlook: Outlook): Outlook => outlook.map(notOne);
/** Each way in which all of them may turn out. */
const and = (all: readonly Outlook[]): Outlook =>
  all.reduce<Outlook>(
    (found, next) => [...new Set(found.flatMap((a) => next.map((b) => andOne([a, b]))))],
    [true],
  );
const or = (all: readonly Outlook[]): Outlook => not(and(all.map(not)));

function holds(pattern: PatternDeclaration, step: OracleStep): Outlook {
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
          : certain(true);
  return and([certain(tool), body]);
}

function holdsLeaf(leaf: LeafDeclaration, step: OracleStep): Outlook {
  const operation = leaf.operation.value;
  const operand = leaf.value?.value ?? null;
  const readings = readingsOf(operation, leaf.ignoreCase?.value, leaf.normalize?.value);
  if (leaf.arg === null)
    return or(textsOf(step.args).map((text) => testText(operation, text, String(operand), readings)));
  return anyValue(step.args, segmentsOf(leaf.arg.value), (value) =>
    testValue(operation, value, operand, readings),
  );
}

const segmentsOf = (path: string): readonly string[] =>
  path.split('.').flatMap((part) => [part.replaceAll('[*]', ''), ...(part.match(/\[\*\]/g) ?? [])]);

const MISSING = Symbol('missing');
const WRONG = Symbol('inside something that is no object');

/** It is, or lies in, a value that a reference stands for. */
const waits = (value: unknown): boolean => value === INSIDE || (value instanceof Later && value.isWhole);

/** Whether the test holds for any value that the path leads to. */
function anyValue(value: unknown, segments: readonly string[], test: (value: unknown) => Outlook): Outlook {
  const [segment, ...rest] = segments;
  if (segment === undefined) return test(value);
  if (waits(value)) return anyValue(INSIDE, [], test);
  // Nobody knows what it is.
  if (value instanceof Later && value.known === null) return certain('unknown');
  if (segment === '[*]') {
    if (value === MISSING) return anyValue(MISSING, rest, test);
    return Array.isArray(value) ? or(value.map((item) => anyValue(item, rest, test))) : certain('unknown');
  }
  if (value === MISSING || value === WRONG) return anyValue(value, rest, test);
  if (value instanceof Later) return anyValue(WRONG, rest, test);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return anyValue(WRONG, rest, test);
  const member: unknown = Object.hasOwn(value, segment)
    ? (value as Record<string, unknown>)[segment]
    : MISSING;
  return anyValue(member, rest, test);
}

/** Every string, object key and number (as decimal text) at or below a value. */
export function textsOf(value: unknown): readonly (string | Later)[] {
  if (typeof value === 'string' || value instanceof Later) return [value];
  if (typeof value === 'number') return [inDecimal(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsOf(member)]);
}

/** One text; of several it can only be sure that there is none. */
function testText(operation: string, text: string | Later, wanted: string, readings: Readings): Outlook {
  if (!(text instanceof Later)) return certain(compareTexts(operation, text, wanted, readings));
  if (text.known === null) return certain('unknown');
  if (text.isWhole) return ANYTHING;
  const [folds, plain] = [readings.folds.includes(true), readings.plain.includes(true)];
  const first = text.known[0] ?? '';
  const last = text.known.at(-1) ?? '';
  /** Whether one begins with the other, white space at that end aside; `null` where that is not told. */
  const apart = (known: string, sought: string, turned: boolean): boolean => {
    const [a = null, b = null] = [known, sought].map((one) => bare(one, folds, plain));
    if (a === null || b === null) return false;
    const [x = '', y = ''] = [a, b].map((one) => (turned ? [...one].reverse().join('') : one).trimStart());
    return !x.startsWith(y) && !y.startsWith(x);
  };
  const looked: Readonly<Record<string, readonly string[]>> = {
    contains: text.known,
    starts_with: [first],
    ends_with: [last],
    matches: operation === 'matches' ? partsFor(wanted, text.known) : [],
  };
  const told = (looked[operation] ?? []).map((part) => compareTexts(operation, part, wanted, readings));
  // A mark in front of the unknown part may belong to a letter in it, so plain spellings are never sure.
  if (told.includes(true)) return readings.plain.includes(false) ? certain(true) : [true, 'unknown'];
  if (told.includes('unknown')) return [true, 'unknown'];
  if (operation === 'starts_with' && apart(first, wanted, false)) return certain(false);
  if (operation === 'ends_with' && apart(last, wanted, true)) return certain(false);
  return ANYTHING;
}

/** The parts in which a match of a pattern is one whatever stands around them. */
function partsFor(pattern: string, known: readonly string[]): readonly string[] {
  const source = pattern.replace(/\\[^bB]/g, '').replace(/\[[^\]]*\]/g, '');
  const looksAround = /\\[bB]|\(\?[=!]|\(\?<[=!]/.test(source);
  const [atStart, atEnd] = [source.includes('^'), source.includes('$')];
  if (looksAround || (atStart && atEnd)) return [];
  return atStart ? known.slice(0, 1) : atEnd ? known.slice(-1) : known;
}

function testValue(operation: string, value: unknown, operand: OperandValue, readings: Readings): Outlook {
  const numbers = operand as readonly number[];
  const number = operand as number;
  const isOpaque = value instanceof Later && value.known === null;
  if (isOpaque) return certain('unknown');
  if (value === INSIDE) return ANYTHING;
  if (operation === 'exists' || operation === 'missing') {
    const isOpen = value === null || value === WRONG || isBlank(value);
    const isThere = isOpen ? 'unknown' : value !== MISSING;
    return operation === 'exists' ? certain(isThere) : not(certain(isThere));
  }
  if (waits(value)) return ANYTHING;
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
    case 'matches': {
      if (typeof value === 'string' || value instanceof Later)
        return testText(operation, value, String(operand), readings);
      if (value === WRONG) return certain('unknown');
      const each = textsOf(value).map((text) => testText(operation, text, String(operand), readings));
      return or(each.map((outlook) => outlook.map((truth) => (truth === false ? false : 'unknown'))));
    }
    case 'not_contains':
    case 'not_matches':
      return typeof value === 'string' || value instanceof Later
        ? not(testText(operation.slice(4), value, String(operand), readings))
        : certain('unknown');
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
    case 'type':
      if (value instanceof Later) return certain(operand === 'string');
      return certain(
        value === WRONG ? 'unknown' : value !== MISSING && typesOf(value).includes(String(operand)),
      );
    case 'length_equals':
      return ofLengths(value, operand, (n) => n === number);
    case 'length_gt':
      return ofLengths(value, operand, (n) => n > number);
    case 'length_gte':
      return ofLengths(value, operand, (n) => n >= number);
    case 'length_lt':
      return ofLengths(value, operand, (n) => n < number);
    case 'length_lte':
      return ofLengths(value, operand, (n) => n <= number);
    case 'length_between':
      return ofLengths(value, operand, (n) => n >= (numbers[0] ?? 0) && n <= (numbers[1] ?? 0));
    default:
      throw new Error(`the oracle does not know ${operation}`);
  }
}

const compare = (value: unknown, test: (n: number) => boolean): Outlook =>
  certain(typeof value === 'number' && Number.isFinite(value) ? test(value) : 'unknown');

/** A text of known parts may be of any length from that of these on. */
function ofLengths(value: unknown, operand: OperandValue, test: (n: number) => boolean): Outlook {
  if (!(value instanceof Later)) return certain(compareLengths(value, test));
  const least = [...(value.known ?? []).join('')].length;
  const most = Math.max(least, ...[operand].flat().map(Number)) + 1;
  return [...new Set(Array.from({ length: most - least + 1 }, (_, i) => test(least + i)))];
}

function mayEqual(value: Later, operand: Scalar, { folds, plain }: Readings): Outlook {
  const known = value.known ?? [];
  if (operand === null) return certain(false);
  if (typeof operand !== 'string' || hasOtherForms(operand)) return ANYTHING;
  const parts = known.map((part) => bare(part, folds.includes(true), plain.includes(true)));
  const sought = bare(operand, folds.includes(true), plain.includes(true));
  return sought === null || parts.includes(null) || canBe(parts.map(String), sought)
    ? ANYTHING
    : certain(false);
}

/** An array or object where a scalar was meant, or another type that reads the same, cannot be told. */
function equality(value: unknown, operands: readonly Scalar[], readings: Readings): Outlook {
  if (value === MISSING) return certain(false);
  if (value === WRONG) return certain('unknown');
  return or(
    operands.map((operand) =>
      value instanceof Later
        ? mayEqual(value, operand, readings)
        : certain(equalTo(value, operand, readings)),
    ),
  );
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
