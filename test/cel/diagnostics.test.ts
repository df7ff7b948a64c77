import { describe, expect, it } from 'vitest';
import { compileCel } from '../../compiler/cel/index.ts';
import { nativePatterns } from './bench.ts';
import { PLAN_VARIABLES } from './plan.ts';

/** Every problem of an expression as `code: message [underlined text] (hint)`. */
function problems(source: string): string[] {
  const compiled = compileCel(source, { variables: PLAN_VARIABLES, compilePattern: nativePatterns });
  if (compiled.ok) return [];
  return compiled.errors.map(
    ({ code, message, hint, start, end }) =>
      `${code}: ${message} [${source.slice(start, end)}]${hint === '' ? '' : ` (${hint})`}`,
  );
}

describe('what an author is told', () => {
  it.each([
    ['step.args.amount > 100.0 &&', 'syntax: the expression ends too early: a value should stand here []'],
    ['step.tool = "a"', 'syntax: `=` is not part of an expression [=] (write `==` to compare)'],
    ['step.tool == "a', 'syntax: this string is not closed ["] (end it with `"`)'],
    ['size(step.args', 'syntax: the expression ends too early: `)` is missing after the arguments []'],
    ['1 + 12abc > 0', 'syntax: `12abc` is not a number [12abc]'],
    ['"\\q" == "q"', 'syntax: `\\q` is not an escape sequence ["\\q"] (write `\\\\` for a backslash)'],
    [
      '9223372036854775808 > 0',
      'syntax: 9223372036854775808 does not fit into an int of 64 bits [9223372036854775808]',
    ],
    ['stpe.tool == "a"', 'unknown-name: there is no variable `stpe` [stpe] (did you mean `step`?)'],
    ['step.tol == "a"', 'unknown-name: a step has no field `tol` [tol] (did you mean `tool`?)'],
    ['has(step.params)', 'unknown-name: a step has no field `params` [params] (did you mean `args`?)'],
    [
      'step.tool.startWith("a")',
      'unknown-name: there is no method `startWith` [startWith] (did you mean `startsWith`?)',
    ],
    ['sise(step.args) > 0', 'unknown-name: there is no function `sise` [sise] (did you mean `size`?)'],
    // Typed all the way down.
    ['plan.stepz.size() > 2', 'unknown-name: a plan has no field `stepz` [stepz] (did you mean `steps`?)'],
    [
      'plan.steps.length > 3',
      'type: a list(step) has no fields, so there is no `.length` [length] (`size(…)` tells how many there are)',
    ],
    [
      'plan.steps.exists(s, s.tol == "x")',
      'unknown-name: a step has no field `tol` [tol] (did you mean `tool`?)',
    ],
    ['plan.steps[0].tol == "x"', 'unknown-name: a step has no field `tol` [tol] (did you mean `tool`?)'],
    // What ends in an error for every plan.
    [
      'now < timestamp("2026-13-01T00:00:00Z")',
      'type: this text is not a timestamp ["2026-13-01T00:00:00Z"] (write it as RFC 3339 does, like `2026-01-31T00:00:00Z`)',
    ],
    [
      'duration("3days") < duration("1h")',
      'type: this text is not a duration ["3days"] (units are `h`, `m`, `s`, `ms`, `us` and `ns`, as in `"1h30m"`; a day is `"24h"`)',
    ],
    ['int("12x") > 2', 'type: this text is not an int ["12x"]'],
    [
      'step.args.amount + 1 > 3000',
      'type: numbers of a plan are doubles, and `+` does not work on a double and an int [1] (write `1.0`)',
    ],
    [
      'step.args.items.exists(i, i.price * 2 > 5)',
      'type: numbers of a plan are doubles, and `*` does not work on a double and an int [2] (write `2.0`)',
    ],
    [
      'plan.steps.map(s, s.args.amount).exists(a, a + size(step.tool) > 3)',
      'type: numbers of a plan are doubles, and `+` does not work on a double and an int [size(step.tool)] (convert it with `double(…)`)',
    ],
    [
      'context.limits["daily"] % 2 == 0',
      'type: numbers of a plan are doubles, and `%` does not work on doubles [context.limits["daily"] % 2] (convert it, as in `int(step.args.count) % 2`)',
    ],
    // Names that other languages have.
    ['len(step.tool) > 3', 'unknown-name: there is no function `len` [len] (CEL calls it `size`)'],
    [
      'step.tool.toLowerCase() == "x"',
      'unknown-name: there is no method `toLowerCase` [toLowerCase] (CEL calls it `lowerAscii`)',
    ],
    ['step.args.items.any(i, i > 3)', 'unknown-name: there is no method `any` [any] (CEL calls it `exists`)'],
    [
      'startsWith(step.tool, "x")',
      'type: `startsWith` does not take 2 arguments [startsWith] (it is a method: `value.startsWith(…)`)',
    ],
    [
      'step.tool.constructor()',
      'unknown-name: there is no method `constructor` [constructor] (functions and methods are listed in docs/cel.md of the package plan-lint)',
    ],
    ['step.tool', 'type: a condition must be a bool, and this is a string [step.tool]'],
    ['step.tool == 1', 'type: `==` does not work on string and int [step.tool == 1]'],
    ['step.tool + 1 == "a"', 'type: `+` does not work on string and int [step.tool + 1]'],
    [
      'params.limit == 10',
      'type: `==` does not work on double and int [params.limit == 10] (numbers of plans are doubles: write `1.0`, or convert with `double(…)`)',
    ],
    [
      'step.depends_on.id == "a"',
      'type: a list(string) has no fields, so there is no `.id` [id] (name an element, as in `[0]`, or use `exists`)',
    ],
    ['step.depends_on.all(d, d)', 'type: `all` needs a bool for each element, and this is a string [d]'],
    [
      'step.depends_on.all(d.id, true)',
      'syntax: `all` needs a plain name here [d.id] (as in `list.all(item, item > 0)`)',
    ],
    [
      'step.tool.matches(step.id)',
      'unsupported: the pattern of `matches` must be a string literal [step.id] (a pattern that is only known later cannot be checked to run in linear time)',
    ],
    [
      'now.getHours("Europe/Paris") > 8',
      'unsupported: time zones are `UTC` or a fixed offset, and this is a named one ["Europe/Paris"] (write the offset, as in `"+02:00"`)',
    ],
    [
      'math.sqrt(4.0) == 2.0',
      'unsupported: `math.sqrt` is not available here [math.sqrt(4.0)] (square roots are not compiled)',
    ],
    [
      'Foo{a: 1} == null',
      'unsupported: `Foo{…}` makes a protobuf message; conditions here know none [Foo{a: 1}] (write a map: `{"field": value}`)',
    ],
    ['has(step)', 'syntax: `has` asks for a field [has(step)] (as in `has(step.args.amount)`)'],
  ])('%s', (source, problem) => {
    expect(problems(source)).toEqual([problem]);
  });

  it('names every problem of an expression, not the first only', () => {
    expect(problems('stpe.a == 1 && contxt.b == 2')).toEqual([
      'unknown-name: there is no variable `stpe` [stpe] (did you mean `step`?)',
      'unknown-name: there is no variable `contxt` [contxt] (did you mean `context`?)',
    ]);
  });

  it('accepts conditions about plans', () => {
    for (const source of [
      'step.args.amount > 10000',
      'step.args.amount > params.limit && context.role != "admin"',
      'has(step.args.to) && step.args.to.matches("^[a-z]+$")',
      'step.depends_on.exists(d, d.startsWith("approve"))',
      'plan.steps.all(s, s.tool != "db.drop")',
      'now < timestamp("2030-01-01T00:00:00Z")',
      'step.args[?"amount"].orValue(0.0) > 5.0',
      'step.args.flag',
    ]) {
      expect(problems(source), source).toEqual([]);
    }
  });

  it('refuses what is too long or too deep to be a condition', () => {
    expect(problems(`${'('.repeat(200)}true${')'.repeat(200)}`)[0]).toMatch(/nests at most 128 levels/);
    expect(problems(`true${' && true'.repeat(2_000)}`)[0]).toMatch(/at most 2000 words and signs/);
    expect(problems(`"${'a'.repeat(30_000)}" == ""`)[0]).toMatch(/at most 20000 characters/);
    expect(problems(`${'!'.repeat(300)}true`)[0]).toMatch(/nests at most/);
  });
});

describe('what may be', () => {
  it.each([
    'size(step.args.items) + 1 > 3',
    'step.args.a + step.args.b > 3.0',
    'step.args.x.all(i, v, i + 1 > 2)',
    'plan.steps.exists(s, has(s.parameters) && s.parameters.amount > 1)',
    'plan.steps.filter(s, s.tool == "a").size() + 1 > 2',
    'step.args.?note.orValue("") == "x"',
    'plan["anything"] == 1',
  ])('%s', (source) => {
    expect(problems(source)).toEqual([]);
  });
});
