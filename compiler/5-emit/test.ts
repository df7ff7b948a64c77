import type { OperandValue, Scalar } from '../ir/document.ts';
import type { TripKind } from '../ir/guard.ts';
import type { ArgPath } from '../ir/path.ts';
import type { ArgTest, Expr, MoreStepsThan, ProgramRule, Test, ToolTest } from '../ir/program.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { show as shownOperand } from '../operations/operation.ts';
import { comma, empty, js, join, literal, member, name } from '../code/code.ts';
import type { Code, Json } from '../code/code.ts';
import { emitCelTest } from './condition.ts';
import { emitGlobs } from './globs.ts';
import { emitWholePlan, isWholePlan } from './plan-rules/index.ts';
import type { Scope } from './scope.ts';
import { firstCharacter, needsOf } from './sought.ts';
import { emitComparison, sharedComparison } from './text.ts';
import type { Mode } from './text.ts';

const v = name('v');
/** The operand of a rule, where the code of its kind takes it. */
const x = name('x');
const args = name('a');

/** Names every object has without owning them: reading one needs a check. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** The condition as an expression over `a` (the arguments) and `k` (the tool's name): may the rule fire? */
export function emitCondition(expr: Expr, scope: Scope): Code {
  switch (expr.kind) {
    case 'constant':
      return literal(expr.value);
    case 'tool':
      return emitToolTest(expr, scope);
    case 'arg':
      return emitArgTest(expr, scope);
    case 'cel':
      return js`${emitCelTest(expr, scope)}!==false`;
    case 'invalid-args':
      return js`${scope.support('breaks')}(${scope.validators},${name('k')},${args})`;
    default: {
      const items = expr.items.map((item) => emitCondition(item, scope));
      return js`(${join(items, expr.kind === 'and' ? js`&&` : js`||`)})`;
    }
  }
}

function emitToolTest({ globs, negated }: ToolTest, scope: Scope): Code {
  const any = emitGlobs(globs, scope);
  return negated ? js`!${any}` : any;
}

function emitArgTest({ path, test, negated }: ArgTest, scope: Scope): Code {
  // A negated test may hold wherever the test is not sure to: `maybe(not x)` is `not definitely(x)`.
  const holds = emitHolds(path, test, negated ? 'definitely' : 'maybe', scope);
  return negated ? js`!${holds}` : holds;
}

function emitHolds(path: ArgPath | null, test: Test, mode: Mode, scope: Scope): Code {
  if (path === null) return js`${scope.support('texts')}(${args},${textTest(test, mode, scope)})`;
  return along(args, path, onValue(test, mode, scope), mode, scope);
}

/** Applies a test (a function of one value) at the end of a path. */
function along(start: Code, path: ArgPath, test: Code, mode: Mode, scope: Scope): Code {
  const star = path.findIndex((segment) => typeof segment !== 'string');
  const names = (star < 0 ? path : path.slice(0, star)) as readonly string[];
  const value = names.reduce(
    (object, key, depth) => read(object, key, depth === 0 && object === args, scope),
    start,
  );
  if (star < 0) return js`(${test})(${value})`;
  const rest = path.slice(star + 1);
  const inner = rest.length === 0 ? test : js`${v}=>${along(v, rest, test, mode, scope)}`;
  return js`${scope.support('each')}(${value},${inner},${literal(mode === 'maybe')})`;
}

function read(object: Code, key: string, ofArgs: boolean, scope: Scope): Code {
  // The arguments are an object for sure, and inherit only what every object does.
  if (ofArgs && !INHERITED.has(key)) return member(object, key);
  return js`${scope.support('get')}(${object},${literal(key)})`;
}

/**
 * A function of one value, written where it is used: rules are made when first asked, so a test of their own costs
 * nothing before, and most tests belong to one rule.
 */
function onValue(test: Test, mode: Mode, scope: Scope): Code {
  const operation = OPERATIONS[test.operation as OperationName];
  if (operation.reads === 'texts') {
    // Sure of one string only: among several texts one could satisfy the test for another.
    if (mode === 'definitely')
      return js`${v}=>typeof ${v}==="string"&&(${textTest(test, mode, scope)})(${v})`;
    const any = js`${scope.support('texts')}(${v},${textTest(test, mode, scope)})`;
    return js`${v}=>${v}===${scope.support('bad')}||${any}`;
  }
  const body = operation[mode](v, operandOf(test, mode, scope), test.operand);
  for (const support of operation.uses ?? []) scope.support(support);
  if (operation.reads === 'value') return js`${v}=>${body}`;
  return js`${v}=>${sized(body, scope)}`;
}

/** A block that compares the sizes of a value: see `Sizes`. */
const sized = (body: Code, scope: Scope): Code =>
  js`{const w=${scope.support('largest')}(${v});${v}=${scope.support('size')}(${v});return ${body}}`;

/** The operand as code, or how a string is compared with its texts. */
function operandOf(test: Test, mode: Mode, scope: Scope): Code {
  const { comparesTexts } = OPERATIONS[test.operation as OperationName];
  if (!comparesTexts) return literal(test.operand);
  return emitComparison(comparesTexts.how, test, modeOf(test, mode), scope);
}

/** How sure the comparison of texts must be for the test to be so sure. */
function modeOf({ operation }: Test, mode: Mode): Mode {
  const opposite = OPERATIONS[operation as OperationName].comparesTexts?.opposite;
  return opposite ? (mode === 'maybe' ? 'definitely' : 'maybe') : mode;
}

/** A function of one text. */
function textTest(test: Test, mode: Mode, scope: Scope): Code {
  const operation = OPERATIONS[test.operation as OperationName];
  if (operation.reads !== 'texts') throw new TypeError(`${test.operation} does not look at texts`);
  return emitComparison(operation.comparesTexts.how, test, mode, scope);
}

/** A rule as `asked` and `explain` of the support code take it; one about the whole plan answers for itself. */
export function emitRule(rule: ProgramRule, scope: Scope, trips: TripKind | null): Code {
  const { condition } = rule;
  if (isWholePlan(condition)) return emitWholePlan(condition, scope);
  if (condition.kind === 'more-steps-than') return emitLimit(condition, scope);
  const reasons = emitReasons(condition, scope, trips);
  if (rule.scope === 'plan') return js`{r:()=>[${join(reasons, js`,`)}]}`;
  const [reason] = reasons;
  // Elements of arrays are each on their own: which of them held is found out again for the report.
  if (reason && condition.kind === 'arg' && !condition.path?.some((segment) => typeof segment !== 'string'))
    return reason;
  return js`{f:(a,k)=>${emitCondition(rule.condition, scope)},r:()=>[${join(reasons, js`,`)}]}`;
}

/** Entries have limits of their own, so what they say is written once. */
function emitLimit({ limit }: MoreStepsThan, scope: Scope): Code {
  const says = js`${literal('the plan has more than ')}+n+${literal(' steps')}`;
  return js`${scope.constant('s', js`n=>({r:()=>[[null,[2,()=>{},0,${says}]]]})`)}(${literal(limit)})`;
}

/** A condition as a message shows it: on one line, cut where it is long. */
function show(source: string): string {
  const line = source.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}

/** What a report needs to say which test of a rule held; see `Reason` in the support code. */
export function emitReasons(expr: Expr, scope: Scope, trips: TripKind | null = null): readonly Code[] {
  if (expr.kind === 'and' || expr.kind === 'or')
    return expr.items.flatMap((item) => emitReasons(item, scope));
  if (expr.kind === 'cel') {
    const says = `condition \`${show(expr.expression.source)}\``;
    return [js`[null,[2,()=>${emitCelTest(expr, scope)},0,${literal(says)}]]`];
  }
  if (expr.kind === 'invalid-args') {
    const call = js`${scope.support('explainArgs')}(${scope.validators},k,a,s)`;
    return [js`[null,[3,(a,k,s)=>${call},0,""]]`];
  }
  if (expr.kind !== 'arg') return [];
  const { path, test, negated } = expr;
  const all = path?.map((segment) => (typeof segment === 'string' ? segment : 0)) ?? null;
  const [first] = all ?? [];
  const segments = all?.length === 1 && typeof first === 'string' ? first : all;
  return [js`[${literal(segments)},${emitKind(test, negated, scope, trips)}]`];
}

/**
 * Kind and operand of a test (see `Kind` and `Reason` in the support code). Where the code of a kind takes all it
 * needs from the operand `x`, rules of that kind share it.
 */
function emitKind(test: Test, negated: boolean, scope: Scope, trips: TripKind | null): Code {
  const operation = OPERATIONS[test.operation as OperationName];
  const mode = negated ? 'definitely' : 'maybe';
  const isText = operation.reads === 'texts';
  // What is negated is sure of one value only, so it is no test of every text.
  const onText = isText && !negated;
  const { comparesTexts } = operation;
  const shared = comparesTexts && sharedComparison(comparesTexts.how, test, modeOf(test, mode), scope);
  const found = shared ? js`(${v}=>${shared.code})` : x;
  const onOne = shared ? shared.code : js`${x}(${v})`;
  const body = onText
    ? onOne
    : isText
      ? js`typeof ${v}==="string"&&${onOne}`
      : operation[mode](v, found, test.operand);
  for (const support of isText ? [] : (operation.uses ?? [])) scope.support(support);
  const code = operation.reads === 'size' ? sized(body, scope) : body;
  const says = operation.says(test.operand, negated);
  const around = says.split(shownOperand(test.operand));
  const [before = says, after] = around.length === 2 ? around : [says];
  if (trips && comparesTexts && !shared)
    throw new TypeError(`the operand of ${test.operation} is not in the rule`);
  const rest = [
    after === undefined ? empty : literal(after),
    operation.showsNumber ? literal(1) : empty,
    trips ? emitTrip(trips, test, scope) : empty,
  ];
  const last = rest.findLastIndex((field) => field !== empty);
  const fields = [
    literal(onText ? 1 : 0),
    js`(${v},${x})=>${code}`,
    literal(negated ? 1 : 0),
    literal(before),
    ...rest.slice(0, last + 1),
  ];
  const kind = js`[${join(fields, comma)}]`;
  const operand = shared ? shared.operand : operandOf(test, mode, scope);
  const shown = literal(shownForm(test.operand));
  const other = after !== undefined && shown.toString() !== operand.toString();
  return js`${literal(scope.kind(kind))},${operand}${other ? js`,${shown}` : empty}`;
}

/** The function that puts what an operand trips into a cell of the guard. */
function emitTrip(trips: TripKind, { pattern }: Test, scope: Scope): Code {
  if (trips.by === 'literal') {
    const { where, folds } = trips;
    const frame = [where === 'start' ? '^' : '', where === 'end' ? '$' : ''].map(literal);
    return js`${scope.support('holding')}(${join(frame, comma)},${literal(folds)})`;
  }
  if (trips.by !== 'pattern') return scope.support(trips.by);
  if (pattern?.engine !== 'native') throw new TypeError('a pattern is not native');
  // Rounded up, so that patterns of about the same cost are of one kind.
  const tests = literal(2 ** Math.ceil(Math.log2(pattern.worstCase)));
  const starts = firstCharacter(pattern.printed) === '' ? empty : js`,1`;
  return js`${scope.support('matching')}(${literal(needsOf({ kind: 'pattern', plan: pattern }))},${tests}${starts})`;
}

/** An operand as `explain` of the support code shows it: texts as they are, those that JSON escapes further in its spelling. */
function shownForm(value: OperandValue): Json {
  if (Array.isArray(value)) return (value as readonly Scalar[]).map(shownForm);
  if (typeof value !== 'string') return value;
  const source = JSON.stringify(value).slice(1, -1);
  return source === value.replace(/["\\]/g, '\\$&') ? value : { source };
}
