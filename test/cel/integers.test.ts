import { describe, expect, it } from 'vitest';
import { DYN } from '../../compiler/cel/types.ts';
import { condition, verdict } from './bench.ts';

const MIN = '-9223372036854775808';
const MAX = '9223372036854775807';
const UMAX = '18446744073709551615u';

/** The value with `x` known at run time only; `any`, for a condition with an error in every plan does not compile. */
function check(source: string, x: unknown = null): unknown {
  return verdict(condition(source, { x: DYN }, { result: 'any' }).run({ x }));
}

describe('64-bit integers', () => {
  it.each([
    `${MAX} + 1 == 0`,
    `${MIN} - 1 == 0`,
    `${MAX} * 2 == 0`,
    `-(${MIN}) == 0`,
    `${MIN} / -1 == 0`,
    `${MIN} * -1 == 0`,
    '1 / 0 == 0',
    '1 % 0 == 0',
    '1u / 0u == 0u',
    '0u - 1u == 0u',
    `${UMAX} + 1u == 0u`,
    `int(${UMAX}) == 0`,
    'uint(-1) == 0u',
    'int(9.3e18) == 0',
    'int(-9.3e18) == 0',
    'int("9223372036854775808") == 0',
    'int("1.5") == 0',
    'int("") == 0',
    'uint("-1") == 0u',
    'int(double("NaN")) == 0',
    'uint(double("Infinity")) == 0u',
    `math.abs(${MIN}) == 0`,
  ])('%s is an error', (source) => {
    expect(check(source)).toBe('error');
  });

  it.each([
    `${MAX} + -1 == 9223372036854775806`,
    `${MIN} == -9223372036854775807 - 1`,
    '-7 / 2 == -3',
    '-7 % 2 == -1',
    '7 % -2 == 1',
    '0x7fffffffffffffff == 9223372036854775807',
    'int("-9223372036854775808") == -9223372036854775808',
    'int(-1.9) == -1',
    'string(-9223372036854775808) == "-9223372036854775808"',
    'double(9007199254740993) == 9007199254740992.0',
    'dyn(1) == 1.0 && dyn(1) == 1u && dyn(1.0) == 1u',
    'dyn(2) > 1.5 && dyn(1) < 1.5 && dyn(-1) < 1u',
    'dyn(1) != 1.5',
    '{1: "a"}[dyn(1.0)] == "a"',
    '1 in [dyn(1u), 2.0]',
    'type(dyn(1)) == int && type(1.0) == double && type(1u) == uint',
  ])('%s', (source) => {
    expect(check(source)).toBe(true);
  });

  it('are not what numbers of a plan are: those are doubles', () => {
    expect(check('type(x) == double', 5)).toBe(true);
    expect(check('x == 5 && x > 4 && x < 6', 5)).toBe(true);
    expect(check('x + 1 > 0', 5)).toBe('error');
    expect(check('x + 1.0 == 6.0', 5)).toBe(true);
    expect(check('int(x) + 1 == 6', 5)).toBe(true);
    expect(check('x / 0.0 > 1e308', 5)).toBe(true);
  });
});
