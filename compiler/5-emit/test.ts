import type { OperandValue, Scalar } from '../ir/document.ts';
import type { TripKind } from '../ir/guard.ts';
import type { Expr, MoreStepsThan, ProgramRule, Test, ToolTest } from '../ir/program.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { Operation, OperationName } from '../operations/index.ts';
import { EXACT } from '../spelling/index.ts';
import { FOLDS, PLAIN, UNSURE } from '../../engine/text/bare.ts';
import { show as shownOperand } from '../operations/operation.ts';
import { comma, empty, js, join, literal, name } from '../code/code.ts';
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
/** Gives the tests of a condition their places in the list of reasons, in the order in which they stand. */
export class Places {
  #next = 0;

  next(): Code {
    this.#next += 1;
    return literal(this.#next - 1);
  }
}

/**
 * The condition as an expression over `h` (which asks a reason by its place), `k` (the tool's name) and `Q` (the question):
 * may the rule fire?
 */
export function emitCondition(expr: Expr, scope: Scope, places = new Places()): Code {
  switch (expr.kind) {
    case 'constant':
      return literal(expr.value);
    case 'tool':
      return emitToolTest(expr, scope);
    case 'arg':
    case 'cel':
      return js`h(${places.next()})`;
    case 'invalid-args':
      places.next();
      return js`${scope.support('breaks')}(${scope.validators},Q)`;
    default: {
      const items = expr.items.map((item) => emitCondition(item, scope, places));
      return js`(${join(items, expr.kind === 'and' ? js`&&` : js`||`)})`;
    }
  }
}

function emitToolTest({ globs, negated }: ToolTest, scope: Scope): Code {
  const any = emitGlobs(globs, scope);
  return negated ? js`!${any}` : any;
}

/**
 * The code of a test that fires on no missing argument: as if it had come out the way that does not make its rule fire.
 * `body` is an expression, or a block.
 */
const whereThere = (body: Code, isBlock: boolean, negated: boolean): Code => {
  const isMissing = js`${v}===void 0`;
  if (isBlock) return js`{if(${isMissing})return ${literal(negated)};${body}}`;
  return negated ? js`${isMissing}||${body}` : js`${v}!==void 0&&(${body})`;
};

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
  if (!opposite) return mode;
  return mode === 'maybe' ? 'definitely' : 'maybe';
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
  return js`{f:(h,k,Q)=>${emitCondition(rule.condition, scope)},r:()=>[${join(reasons, js`,`)}]}`;
}

/** Entries have limits of their own, so what they say is written once. */
function emitLimit({ limit }: MoreStepsThan, scope: Scope): Code {
  const says = js`${literal('the plan has more than ')}+n+${literal(' steps')}`;
  return js`${scope.constant('s', js`n=>({r:()=>[[()=>{},${says}]]})`)}(${literal(limit)})`;
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
    return [js`[Q=>${emitCelTest(expr, scope)},${literal(says)}]`];
  }
  if (expr.kind === 'invalid-args') {
    const call = js`${scope.support('explainArgs')}(${scope.validators},Q,s)`;
    return [js`[0,(Q,s)=>${call}]`];
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
  const onAny = isText ? js`typeof ${v}==="string"&&${onOne}` : operation[mode](v, found, test.operand);
  const body = onText ? onOne : onAny;
  for (const support of isText ? [] : (operation.uses ?? [])) scope.support(support);
  const plainCode = operation.reads === 'size' ? sized(body, scope) : body;
  const code =
    test.optional && !onText ? whereThere(plainCode, operation.reads === 'size', negated) : plainCode;
  const says = operation.says(test.operand, negated);
  const around = says.split(shownOperand(test.operand));
  const [before = says, after] = around.length === 2 ? around : [says];
  if (trips && comparesTexts && !shared)
    throw new TypeError(`the operand of ${test.operation} is not in the rule`);
  const rest = [
    after === undefined ? empty : literal(after),
    operation.showsNumber ? literal(1) : empty,
    trips ? emitTrip(trips, test, scope) : empty,
    emitForesight(test, negated, scope),
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
  // Code that compares with an operand does not say what it is.
  const sought = comparesTexts && !shared && comparesTexts.how !== 'matches';
  if (sought) return js`${literal(scope.kind(kind))},${operand},${shown},${literal(test.operand)}`;
  return js`${literal(scope.kind(kind))},${operand}${other ? js`,${shown}` : empty}`;
}

/** What a test says of a text of which only parts are known; nothing where it is that of any text. */
function emitForesight(test: Test, negated: boolean, scope: Scope): Code {
  const { operation, pattern, spelling, written } = test;
  if (written) return scope.support('asWritten');
  const described: Operation = OPERATIONS[operation as OperationName];
  if (operation === 'exists' || operation === 'missing') return scope.support('presence');
  if (described.reads === 'size') return scope.support('sized');
  const { comparesTexts } = described;
  if (!comparesTexts) return empty;
  const { ignoreCase, normalize } = spelling ?? EXACT;
  const opposite = comparesTexts.opposite === true;
  const bits = (ignoreCase === 'no' ? 0 : FOLDS) + (normalize === 'no' ? 0 : PLAIN);
  const { how } = comparesTexts;
  if (how === 'is') return js`${scope.support('equalling')}(${literal(bits)},${literal(opposite)})`;
  // A mark in front of what is not known may belong to a letter in it, so it is never sure that a plain spelling is there.
  const isUnsure = normalize === 'yes' && negated !== opposite;
  const ofEnd = literal(bits + (isUnsure ? UNSURE : 0));
  if (how === 'starts_with') return js`${scope.support('starting')}(${ofEnd})`;
  if (how === 'ends_with') return js`${scope.support('ending')}(${ofEnd})`;
  if (isUnsure) return scope.support('never');
  const looks = pattern?.looks ?? 'nowhere';
  if (looks === 'around') return scope.support('never');
  const [parts, others] = IN_PARTS[looks];
  return scope.support(opposite ? others : parts);
}

/** By what a pattern looks at beside the match itself: where it can be found for sure. */
const IN_PARTS = {
  nowhere: ['inParts', 'notInParts'],
  start: ['inFirst', 'notInFirst'],
  end: ['inLast', 'notInLast'],
} as const;

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
