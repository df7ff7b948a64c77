import type { OperandValue, Scalar } from '../ir/document.ts';
import type { TripKind } from '../ir/guard.ts';
import type { ArgTest, Expr, Test, ToolTest } from '../ir/program.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { show as shownOperand } from '../operations/operation.ts';
import { comma, empty, js, join, literal, name } from '../code/code.ts';
import type { Code, Json } from '../code/code.ts';
import { emitCallerTest } from './caller.ts';
import { emitCelTest } from './condition.ts';
import { emitGlobs } from './globs.ts';
import { emitForesight, framed, modeOf, packKind, seenPath, segmentsOf } from './kind.ts';
import type { Scope } from './scope.ts';
import { firstCharacter, needsOf } from './sought.ts';
import { emitComparison, sharedComparison } from './text.ts';
import type { Mode } from './text.ts';
import { emitView } from './view.ts';
import { lead } from '../spelling/index.ts';

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
      return emitArgTest(expr, scope, places.next());
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

function emitArgTest(expr: ArgTest, scope: Scope, place: Code): Code {
  const { path, test } = expr;
  const { from, view } = test;
  if (!from && !view) return js`h(${place})`;
  if (!view) return emitGiven(expr, scope);
  const read = emitView(path, view, scope);
  if (from) return js`${scope.support('seen')}(${read},Q,Q=>${emitGiven(expr, scope)})`;
  return js`${scope.support('holdsSeen')}(${read},${emitReason(expr, scope)},Q)`;
}

const emitGiven = (expr: ArgTest, scope: Scope): Code => {
  const { from } = expr.test;
  if (!from) throw new TypeError('the caller does not give the operand');
  return js`${scope.support('givenHolds')}(${emitCallerTest(expr, from, scope)},Q)`;
};

/** A test of what an argument holds, as the engine takes it; made once, for it is asked often. */
const emitReason = ({ path, test, negated }: ArgTest, scope: Scope): Code =>
  scope.constant(
    'c',
    js`[${literal([segmentsOf(seenPath(path, test)) ?? []].flat())},${emitKind(test, negated, scope, null)}]`,
  );

function emitToolTest({ globs, negated }: ToolTest, scope: Scope): Code {
  const any = emitGlobs(globs, scope);
  return negated ? js`!${any}` : any;
}

/** The operand as code, or how a string is compared with its texts. */
function operandOf(test: Test, mode: Mode, scope: Scope): Code {
  const { comparesTexts } = OPERATIONS[test.operation as OperationName];
  if (!comparesTexts) return literal(test.operand);
  return emitComparison(comparesTexts.how, test, modeOf(test, mode), scope);
}

/** A condition on a step as `asked` and `explain` of the support code take it. */
export function emitAsked(condition: Expr, scope: Scope, trips: TripKind | null = null): Code {
  const reasons = emitReasons(condition, scope, trips);
  const [reason] = reasons;
  // Elements of arrays are each on their own: which of them held is found out again for the report.
  if (reason && condition.kind === 'arg' && isOfOneValue(condition)) return reason;
  return js`{f:(h,k,Q)=>${emitCondition(condition, scope)},r:()=>[${join(reasons, js`,`)}]}`;
}

/** A test of one value, or of every text, with an operand that the policy has. */
const isOfOneValue = ({ path, test }: ArgTest): boolean =>
  !test.from && !test.view && !path?.some((segment) => typeof segment !== 'string');

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
  const given = test.from ? emitCallerTest(expr, test.from, scope) : null;
  if (test.view) {
    const view = emitView(path, test.view, scope);
    const explains = given
      ? js`(Q,s)=>${scope.support('explainGiven')}(${given},Q,s)`
      : js`${scope.support('explainReason')}(${emitReason(expr, scope)})`;
    return [js`[0,(Q,s)=>${scope.support('explainSeen')}(${view},Q,s,${explains})]`];
  }
  if (given) return [js`[0,(Q,s)=>${scope.support('explainGiven')}(${given},Q,s)]`];
  return [js`[${literal(segmentsOf(path))},${emitKind(test, negated, scope, trips)}]`];
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
  const code = onText ? body : framed(body, test, negated, scope);
  const says = `${lead(test.view)}${operation.says(test.operand, negated)}`;
  const around = says.split(shownOperand(test.operand));
  const [before = says, after] = around.length === 2 ? around : [says];
  if (trips && comparesTexts && !shared)
    throw new TypeError(`the operand of ${test.operation} is not in the rule`);
  const kind = packKind(
    {
      onText,
      code,
      negated,
      before,
      after,
      showsNumber: operation.showsNumber === true,
      trip: trips ? emitTrip(trips, test, scope) : empty,
      foresight: emitForesight(test, negated, scope),
    },
    scope,
  );
  const operand = shared ? shared.operand : operandOf(test, mode, scope);
  const shown = literal(shownForm(test.operand));
  const other = after !== undefined && shown.toString() !== operand.toString();
  // Code that compares with an operand does not say what it is.
  const sought = comparesTexts && !shared && comparesTexts.how !== 'matches';
  if (sought) return js`${literal(kind)},${operand},${shown},${literal(test.operand)}`;
  return js`${literal(kind)},${operand}${other ? js`,${shown}` : empty}`;
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
