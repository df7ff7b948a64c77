import { describe, expect, it } from 'vitest';
import { emitParameter } from '../../compiler/5-emit/cel/parameter.ts';
import * as types from '../../compiler/cel/types.ts';

describe('parameters of a policy', () => {
  it.each([
    [5, types.INT, '5n', []],
    [-5, types.INT, '-5n', []],
    [5, types.UINT, 'celUint(5n)', ['celUint']],
    [5, types.DOUBLE, '5', []],
    ['a', types.STRING, '"a"', []],
    [[1, 2], types.listOf(types.INT), '[1n,2n]', []],
    [{ a: true }, types.mapOf(types.STRING, types.BOOL), 'celMapOf(["a",true], [])', ['celMapOf']],
    ['1h', types.DURATION, 'celToDuration("1h")', ['celToDuration']],
    [{ a: [1, null] }, types.DYN, '{"a":[1,null]}', []],
  ])('%j', (value, type, code, support) => {
    const emitted = emitParameter(value, type);
    expect([emitted.code.toString(), emitted.support]).toEqual([code, support]);
  });

  it.each([
    [1.5, types.INT],
    [2 ** 60, types.INT],
    [-1, types.UINT],
    ['1', types.DOUBLE],
    [null, types.STRING],
    [{}, types.listOf(types.INT)],
    [[], types.mapOf(types.STRING, types.INT)],
  ])('%j is none of its type', (value, type) => {
    expect(() => emitParameter(value, type)).toThrow(RangeError);
  });
});
