import { CelFailure } from '../../engine/cel/index.ts';
import { celToDouble, celToDuration, celToInt, celToTimestamp, celToUint } from '../../engine/cel/index.ts';
import type { CelNode } from '../ir/cel.ts';
import type { Ast } from './ast.ts';
import type { Checker } from './checker.ts';

/** What reads a text as a value, by the very function that reads it when a plan is decided, and what it should look like. */
const READERS: Readonly<
  Record<string, { readonly read: (text: unknown) => unknown; readonly is: string; readonly hint: string }>
> = {
  celToTimestamp: {
    read: celToTimestamp,
    is: 'a timestamp',
    hint: 'write it as RFC 3339 does, like `2026-01-31T00:00:00Z`',
  },
  celToDuration: {
    read: celToDuration,
    is: 'a duration',
    hint: 'units are `h`, `m`, `s`, `ms`, `us` and `ns`, as in `"1h30m"`; a day is `"24h"`',
  },
  celToInt: { read: celToInt, is: 'an int', hint: '' },
  celToUint: { read: celToUint, is: 'a uint', hint: '' },
  celToDouble: { read: celToDouble, is: 'a double', hint: '' },
};

const ARITHMETIC: Readonly<Record<string, string>> = {
  celAdd: '+',
  celSubtract: '-',
  celMultiply: '*',
  celDivide: '/',
};

/**
 * Notes what ends in an error for every plan: text written out that cannot be read as what it is to be, and ints in
 * arithmetic with numbers of a plan, which are doubles. Returns whether there was such a thing.
 */
export function checkCertainErrors(
  checker: Checker,
  ast: Ast,
  operation: string,
  args: readonly CelNode[],
): boolean {
  // Values of their own, and expressions that are not type-checked, end in errors when they are evaluated.
  if (checker.dynamic || checker.environment.result === 'any') return false;
  return checkText(checker, operation, args) || checkNumbers(checker, ast, operation, args);
}

function checkText(checker: Checker, operation: string, [text]: readonly CelNode[]): boolean {
  const reader = Object.hasOwn(READERS, operation) ? READERS[operation] : undefined;
  if (!reader || text?.op !== 'constant' || text.constant.kind !== 'string') return false;
  if (!(reader.read(text.constant.value) instanceof CelFailure)) return false;
  checker.fail('type', `this text is not ${reader.is}`, text, reader.hint);
  return true;
}

function checkNumbers(checker: Checker, ast: Ast, operation: string, args: readonly CelNode[]): boolean {
  const types = args.map((arg) => checker.types.resolve(arg.type));
  const isOfPlan = types.some((type) => type.kind === 'dyn' && type.json);
  if (operation === 'celModulo' && isOfPlan) {
    const message = 'numbers of a plan are doubles, and `%` does not work on doubles';
    checker.fail('type', message, ast, 'convert it, as in `int(step.args.count) % 2`');
    return true;
  }
  const sign = Object.hasOwn(ARITHMETIC, operation) ? ARITHMETIC[operation] : undefined;
  const whole = args.find((_, i) => types[i]?.kind === 'int' || types[i]?.kind === 'uint');
  if (sign === undefined || !isOfPlan || !whole) return false;
  const written = whole.op === 'constant' && 'value' in whole.constant ? String(whole.constant.value) : null;
  checker.fail(
    'type',
    `numbers of a plan are doubles, and \`${sign}\` does not work on a double and ${checker.show(whole) === 'int' ? 'an int' : 'a uint'}`,
    whole,
    written === null ? 'convert it with `double(…)`' : `write \`${written}.0\``,
  );
  return true;
}
