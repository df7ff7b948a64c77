/** Random conditions over what a rule may look at: true, false or in error, depending on the plan. */
import fc from 'fast-check';
import { Grammar, instants, lengths } from '../cel/expressions.ts';
import type { Form, Leaves } from '../cel/expressions.ts';

/** A whole number of the plan. The oracle's interpreter reads numbers in texts that hold none. */
const WHOLE = '(type(step.args.amount) == double ? int(step.args.amount) : 2)';

/** What stands in a condition as it is, beside literals: of a step, of the plan, of whoever asks. */
const ofStep: Leaves = {
  bool: fc.constantFrom(
    'true',
    'step.args.self',
    'step.args.to.b',
    '(step.args.amount > 5)',
    '(step.args.amount < params.limit)',
    '(step.tool == "mail")',
    '(context.role == "admin")',
    'step.args.note.matches("^a[0-9]$|DROP")',
    'step.args.note.matches("x")',
    'step.tool.matches("^pay")',
  ),
  int: fc.constantFrom('1', '-3', '7', 'size(step.args)', WHOLE, 'plan.steps.size()'),
  uint: fc.constantFrom('2u', 'uint(size(step.args))', `uint(${WHOLE})`),
  double: fc.constantFrom(
    '0.0',
    '5.0',
    '10.5',
    '-0.25',
    'step.args.amount',
    'step.args.to.price',
    'params.limit',
  ),
  string: fc.constantFrom(
    '"x"',
    '"DROP"',
    '"7"',
    '""',
    'step.args.note',
    'step.args.to.name',
    'step.tool',
    'step.id',
    'params.word',
  ),
  ints: fc.constantFrom('[]', '[1, 7]', '[5, -1, 1000]', '[size(step.args)]'),
  // Maps of plans are left out: to the oracle's interpreter a key whose value is null is absent, to the specification it is there.
  map: fc.constantFrom('{"a": 1}', '{"x": 2, "DROP": 3}', '{step.tool: 1}'),
  timestamp: fc.oneof(
    fc.constant('now'),
    instants.map((text) => `timestamp(${text})`),
  ),
  duration: lengths.map((text) => `duration(${text})`),
};

/** What small policies do: a number or a text of the plan, compared, measured, matched, written out. */
const OFTEN: Readonly<Partial<Record<keyof Leaves, readonly Form[]>>> = {
  bool: [
    ['({} && step.args.note.matches("DROP|--"))', 'bool'],
    ['(step.args.items.matches("x") || {})', 'bool'],
    ['{}.matches("[0-9]+")', 'string'],
    ['{}.matches("(?:ab|a1)")', 'string'],
    ['step.args.items.exists(i, i > {})', 'double'],
    ['step.args.items.all(i, i != {})', 'string'],
    ['step.args.items.exists(i, i.price >= {} || i.name.matches("^a"))', 'double'],
    ['(string({}) == {})', 'double', 'string'],
    ['(string({}) in {})', 'int', 'map'],
  ],
  string: [
    ['string({})', 'int'],
    ['"%s/%s".format([{}, {}])', 'int', 'bool'],
    ['"%d".format([{}])', 'int'],
  ],
};

/** Texts of plans are beyond ASCII, where the oracle's interpreter departs from the specification (see `Grammar`'s forms). */
const ASCII_ONLY = /charAt|substring|[iI]ndexOf|Ascii|trim|size|^\(\{\} [<>]=? \{\}\)$|^bool/;

/** What stands for a text may be an object, of which nobody says whether a map may be asked for it as a key. */
const IN_MAP = /^\(\{\} in \{\}\)$/;

/** A number of the plan may be a text, in which the oracle's interpreter reads numbers that are none (see `WHOLE`). */
const FROM_DOUBLE = /^u?int\(\{\}\)$/;

/** Nothing through nothing is NaN: to the specification no test of it holds, to the engine each is an error (see `docs/cel.md`). */
const DIVIDES = '({} / {})';

const grammar = new Grammar(
  ofStep,
  OFTEN,
  ([template, ...kinds]) =>
    !(kinds.includes('string') && ASCII_ONLY.test(template)) &&
    !(kinds.includes('map') && IN_MAP.test(template)) &&
    !(kinds.includes('double') && (FROM_DOUBLE.test(template) || template === DIVIDES)),
);

/** Of a step. */
export const stepCondition = fc.oneof(grammar.of('bool', 1), grammar.of('bool', 2));
