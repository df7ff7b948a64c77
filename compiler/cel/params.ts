import type { CelType } from '../ir/cel.ts';
import type { ParamType } from '../ir/document.ts';
import type { Ast } from './ast.ts';
import { parse } from './parse.ts';
import { CelProblem } from './problems.ts';
import * as types from './types.ts';

/** A parameter that an expression names, with the place of its name. */
export interface ParamRead {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Every `params.name` of an expression; none where it does not parse, which is said when it is compiled. */
export function paramReads(source: string): readonly ParamRead[] {
  if (!source.includes('params')) return [];
  try {
    return readsIn(parse(source));
  } catch (problem) {
    if (problem instanceof CelProblem) return [];
    throw problem;
  }
}

function readsIn(ast: Ast): readonly ParamRead[] {
  if (ast.kind === 'select' && ast.operand.kind === 'identifier' && ast.operand.name === 'params')
    return [{ name: ast.field, start: ast.fieldSpan.start, end: ast.fieldSpan.end }];
  return inside(ast).flatMap(readsIn);
}

function inside(ast: Ast): readonly Ast[] {
  switch (ast.kind) {
    case 'select':
      return [ast.operand];
    case 'call':
      return ast.receiver ? [ast.receiver, ...ast.args] : ast.args;
    case 'list':
      return ast.elements.map(({ value }) => value);
    case 'map':
      return ast.entries.flatMap(({ key, value }) => [key, value]);
    default:
      return [];
  }
}

/** What a parameter is to an expression. The elements of a list may be of any type, whatever a child binds. */
export const PARAM_CEL_TYPES: Readonly<Record<ParamType, CelType>> = {
  number: types.DOUBLE,
  integer: types.INT,
  text: types.STRING,
  list: types.listOf(types.DYN),
};
