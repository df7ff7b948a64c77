/** What is proved of two conditions holds: of 500 written pairs, and of every pair of random ones on every value tried. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionOf } from '../../compiler/cel/condition-of.ts';
import type { CelNode } from '../../compiler/ir/cel.ts';
import { celImplies } from '../../compiler/proof/cel.ts';
import { celHolds } from '../oracle/cel.ts';
import { bundleFrom } from '../support/decide.ts';

const PAIRS = readFileSync(new URL('when-pairs.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as readonly [old: string, now: string]);

function rootOf(source: string): CelNode {
  const root = conditionOf(source, 'step', []);
  if (!root) throw new Error(`\`${source}\` does not compile`);
  return root;
}

const object = (path: string, value: unknown, into: Record<string, unknown>): void => {
  const [first = '', ...more] = path.split('.');
  if (more.length === 0) into[first] = value;
  else {
    into[first] ??= {};
    if (typeof into[first] === 'object' && into[first] !== null)
      object(more.join('.'), value, into[first] as Record<string, unknown>);
  }
};

/** Values at the paths that two conditions read, of the literals in them and their neighbours. */
function subjectOf(texts: string, pick: (count: number) => number): Parameters<typeof celHolds>[1] {
  const words = [...texts.matchAll(/"([^"]*)"/g)].map(([, word]) => word ?? '');
  const numbers = [...texts.matchAll(/(?<![\w"])-?\d+/g)].map(([n]) => Number(n));
  const scalars = [
    ...words,
    ...words.map((word) => `${word}x`),
    ...numbers,
    ...numbers.map((n) => n + 1),
    0.5,
    true,
  ];
  const one = (): unknown => scalars[pick(scalars.length)];
  const value = (): unknown => [one, one, one, () => [one(), one()], () => null][pick(5)]?.();
  const read = (name: string): readonly string[] => [
    ...new Set(
      [...texts.matchAll(new RegExp(`\\b${name}\\.([a-z.]+[a-z])(?!\\()`, 'g'))].map(
        ([, path]) => path ?? '',
      ),
    ),
  ];
  const [args, context] = [{}, {}];
  for (const path of read('step.args')) {
    const plain = path.replace(/\.(exists|all|startsWith|endsWith|contains|matches)$/, '');
    if (pick(6) > 0) object(plain, value(), args);
  }
  for (const path of read('context')) {
    const plain = path.replace(/\.(exists|all|startsWith|endsWith|contains|matches)$/, '');
    if (pick(6) > 0) object(plain, value(), context);
  }
  const tool = words[pick(words.length + 1)] ?? 'any_tool';
  return { step: { id: 's', tool, args }, plan: { steps: [] }, context, now: 0 };
}

test('of the written pairs no more than a quarter is unknown, and what is known is so', () => {
  let unknown = 0;
  let shown = 0;
  let seed = 7;
  const pick = (count: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * count);
  };
  for (const [old, now] of PAIRS) {
    const [before, after] = [rootOf(old), rootOf(now)];
    const [kept, added] = [celImplies(before, after), celImplies(after, before)];
    if (!kept && !added) unknown += 1;
    for (let i = 0; i < 8 && (kept || added); i += 1) {
      const subject = subjectOf(`${old} ${now}`, pick);
      const [was, is] = [old, now].map((one) => !celHolds(one, subject).includes(false)) as [
        boolean,
        boolean,
      ];
      if (kept && was) expect([old, now, subject, is]).toEqual([old, now, subject, true]);
      if (added && is) expect([now, old, subject, was]).toEqual([now, old, subject, true]);
      if (was !== is) shown += 1;
    }
  }
  expect(PAIRS.length).toBe(500);
  expect(unknown).toBeLessThanOrEqual(125);
  expect(shown).toBeGreaterThan(150);
});

const subject = fc.constantFrom('step.args.a', 'step.args.b');
const text = fc.constantFrom('"x"', '"xy"', '"y"', '"5"');
const number = fc.constantFrom('4', '5', '5.5');
const element = fc.constantFrom(
  'e > 4',
  'e > 5',
  'e == "x"',
  'e in ["x", "y"]',
  'e != "x"',
  'e > step.args.b',
);
const atom = fc.oneof(
  fc
    .tuple(subject, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), number)
    .map((parts) => parts.join(' ')),
  fc.tuple(number, fc.constantFrom('<', '>=', '=='), subject).map((parts) => parts.join(' ')),
  fc.tuple(subject, fc.constantFrom('==', '!='), text).map((parts) => parts.join(' ')),
  fc
    .tuple(subject, fc.uniqueArray(text, { minLength: 1, maxLength: 3 }))
    .map(([a, all]) => `${a} in [${all.join(', ')}]`),
  fc
    .tuple(subject, fc.constantFrom('startsWith', 'endsWith', 'contains', 'matches'), text)
    .map(([a, how, operand]) => `${a}.${how}(${operand})`),
  subject.map((a) => `has(${a})`),
  fc
    .tuple(subject, fc.constantFrom('exists', 'all'), element)
    .map(([a, macro, body]) => `${a}.${macro}(e, ${body})`),
  fc.constantFrom('<', '<=', '>', '>=', '==', '!=').map((op) => `step.args.a ${op} step.args.b`),
  fc.constantFrom('<', '<=', '>', '>=').map((op) => `step.args.b ${op} step.args.a`),
  fc.tuple(subject, fc.constantFrom('> 1', '>= 2', '== 2')).map(([a, size]) => `size(${a}) ${size}`),
);
const condition = fc.oneof(
  atom,
  atom.map((one) => `!(${one})`),
  fc.tuple(atom, fc.constantFrom('&&', '||'), atom).map(([a, op, b]) => `(${a}) ${op} (${b})`),
  fc.tuple(atom, atom, atom).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  fc.tuple(atom, atom).map(([a, b]) => `!((${a}) && (${b}))`),
);

const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  4,
  4.5,
  5,
  6,
  'x',
  'xy',
  'yx',
  '5',
  ['x', 'y'],
  ['x', 5],
  [6],
  [],
  { x: 1 },
];
/** What is not known yet, whole and in part; no interpreter but ours knows of it. */
const REFERENCES = ['${s0.result}', 'x${s0.result}', '${s0.result}y', 'y${s0.result}x'];

test('what is proved of two random conditions is so of every value, and of those that are not known yet', async () => {
  const conditions = [...new Set(fc.sample(condition, { seed: 8, numRuns: 90 }))];
  const roots = conditions.map(rootOf);
  const rules = conditions.map((when, i) => ({ rule: `r${i}`, when }));
  const policy = (await bundleFrom({ 'p.yaml': JSON.stringify({ rules }) })).policy();
  const all = [...VALUES, ...REFERENCES];
  const fired = all.flatMap((a) =>
    all.map((b) => {
      const args = JSON.parse(JSON.stringify({ a, b })) as unknown;
      const steps = [
        { id: 's0', tool: 't', args: {} },
        { id: 's1', tool: 't', args },
      ];
      const violations = policy.evaluate({ steps }).violations.filter(({ stepIndex }) => stepIndex === 1);
      return { args, rules: new Set(violations.map(({ rule }) => rule)) };
    }),
  );
  let proved = 0;
  for (const [i, narrow] of roots.entries()) {
    for (const [j, wide] of roots.entries()) {
      if (i === j || !celImplies(narrow, wide)) continue;
      proved += 1;
      const wrong = fired.find(({ rules: some }) => some.has(`r${i}`) && !some.has(`r${j}`));
      expect([conditions[i], conditions[j], wrong?.args]).toEqual([conditions[i], conditions[j], undefined]);
    }
  }
  expect(proved).toBeGreaterThan(150);
});

test('in either order: more is asked for by one more condition', () => {
  const [one, two] = [rootOf('step.args.a > 5'), rootOf('step.args.a > 5 && step.args.a > 10')];
  expect([celImplies(two, one), celImplies(one, two)]).toEqual([true, false]);
});
