import {
  getParsingSuite,
  type IncrementalTest,
  type IncrementalTestSuite,
} from '@bufbuild/cel-spec/testdata/tests.js';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH, parse } from '../../compiler/cel/parse.ts';

/** What cel-go's parser refuses for reasons that are not ours: its own limits, and optional syntax turned off. */
const elsewhere =
  /recursion|unsupported syntax|accumulator variable|not an identifier|must be a simple name|has\(\) macro/;

function cases(suite: IncrementalTestSuite): IncrementalTest[] {
  return [...suite.tests, ...suite.suites.flatMap(cases)];
}

function accepts(source: string): boolean {
  try {
    parse(source);
    return true;
  } catch {
    return false;
  }
}

describe('the parser', () => {
  it('accepts and refuses what cel-go’s parser does', () => {
    const differing = cases(getParsingSuite())
      .filter(({ error }) => error === undefined || !elsewhere.test(error))
      .filter(({ original, ast }) => accepts(original.expr) !== (ast !== undefined));
    expect(differing.map(({ original }) => original.expr)).toEqual([]);
  });

  it('gives every node its exact place', () => {
    const ast = parse('  a.b[ 1 ] == "é" && !c(d)');
    expect(ast).toMatchObject({ kind: 'call', name: '_&&_', start: 2, end: 26 });
    if (ast.kind !== 'call') throw new Error('no call');
    expect(ast.args.map(({ start, end }) => [start, end])).toEqual([
      [2, 17],
      [21, 26],
    ]);
  });

  it(`takes ${MAX_DEPTH} levels and no more`, () => {
    const nested = (depth: number): string => `${'('.repeat(depth - 1)}1${')'.repeat(depth - 1)}`;
    expect(accepts(nested(MAX_DEPTH))).toBe(true);
    expect(accepts(nested(MAX_DEPTH + 1))).toBe(false);
  });
});
