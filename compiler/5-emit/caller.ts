/** Tests against what the caller says: the module reads the operand out of the context when it is asked. */
import { js, literal, name, empty } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { ArgTest, CallerValue, Test } from '../ir/program.ts';
import { OPERANDS, OPERATIONS } from '../operations/index.ts';
import type { OperandKind, Operation, OperationName } from '../operations/index.ts';
import { show } from '../operations/operation.ts';
import { EXACT, lead } from '../spelling/index.ts';
import { emitForesight, framed, modeOf, packKind, seenPath, segmentsOf } from './kind.ts';
import type { Scope, SupportName } from './scope.ts';
import type { Mode } from './text.ts';

const v = name('v');
const x = name('x');

/** Stands for the operand in what an operation says. */
const OPERAND = 'operand';

/** A test as `givenHolds` of the engine takes it: its name in the module. */
export function emitCallerTest({ path, test, negated }: ArgTest, from: CallerValue, scope: Scope): Code {
  const operation: Operation = OPERATIONS[test.operation as OperationName];
  const mode = negated ? 'definitely' : 'maybe';
  const onText = operation.reads === 'texts' && !negated;
  const body = bodyOf(test, mode, onText, scope);
  const isShown = operation.operand !== 'request';
  const [before = '', behind = ''] = `${lead(test.view)}${operation.says(OPERAND, negated)}`.split(
    show(OPERAND),
  );
  const source = `\`context.${from.path.join('.')}\``;
  const kind = packKind(
    {
      onText,
      code: onText ? body : framed(body, test, negated, scope),
      negated,
      before: isShown ? before : `${before}${source}`,
      after: isShown ? `${behind} (${source})` : undefined,
      showsNumber: operation.showsNumber === true,
      trip: empty,
      foresight: emitForesight(test, negated, scope),
    },
    scope,
  );
  const about = js`test:[${literal(segmentsOf(seenPath(path, test)))},${literal(kind)}],from:${literal(from.path)}`;
  const shape = js`expected:${literal(EXPECTED[operation.operand] ?? OPERANDS[operation.operand].expected)}`;
  const reads = js`reads:${readerOf(operation.operand, from, scope)},prepares:${preparedBy(test, from, mode, scope)}`;
  const options = js`shown:${literal(isShown)},optional:${literal(test.optional === true)}`;
  return scope.constant('c', js`{${about},${shape},${reads},${options}}`);
}

/** What a context gives no other than. */
const EXPECTED: Readonly<Partial<Record<OperandKind, string>>> = {
  number: 'finite number',
  scalar: 'string, number, boolean or null',
  scalars: 'list of strings, numbers, booleans or nulls',
  text: 'string that is not empty',
  request: 'string that is not empty',
};

function bodyOf(test: Test, mode: Mode, onText: boolean, scope: Scope): Code {
  const operation: Operation = OPERATIONS[test.operation as OperationName];
  if (operation.operand === 'scalar' || operation.operand === 'scalars') {
    const isOpposite = operation.comparesTexts?.opposite === true;
    const isSure = isOpposite === (mode === 'maybe');
    const holds = js`${scope.support(isSure ? 'isAmongThem' : 'mayBeAmongThem')}(${v},${x})`;
    return isOpposite ? js`!${holds}` : holds;
  }
  if (operation.reads === 'texts') {
    return onText ? js`${x}(${v})` : js`typeof ${v}==="string"&&${x}(${v})`;
  }
  for (const support of operation.uses ?? []) scope.support(support);
  return operation[mode](v, x, null);
}

const READERS: Readonly<Partial<Record<OperandKind, SupportName>>> = {
  scalar: 'asScalar',
  scalars: 'asScalars',
};

function readerOf(kind: OperandKind, { before, behind }: CallerValue, scope: Scope): Code {
  if (kind === 'number') return scope.support('asNumber');
  return js`${scope.support(READERS[kind] ?? 'asText')}(${literal(before)},${literal(behind)})`;
}

/** A function that makes of the operand what the code of the kind takes. */
function preparedBy(test: Test, { least }: CallerValue, mode: Mode, scope: Scope): Code {
  const { comparesTexts, operand } = OPERATIONS[test.operation as OperationName];
  if (operand === 'request') return js`text=>({text,least:${literal(least)}})`;
  if (!comparesTexts) return js`${x}=>${x}`;
  const { ignoreCase, normalize } = test.spelling ?? EXACT;
  const isMaybe = modeOf(test, mode) === 'maybe';
  const how = js`${literal(comparesTexts.how)},${literal({ ignoreCase, normalize })},${literal(isMaybe)}`;
  const compare = js`${scope.support('comparison')}(${how})`;
  return operand === 'text' ? js`${x}=>${compare}([${x}])` : js`${scope.support('among')}(${compare})`;
}
