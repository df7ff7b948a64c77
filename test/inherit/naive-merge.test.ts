/**
 * What families of files mean, from what is written in them and nothing else: every value that a file or one of its
 * ancestors has written holds, and the strictest decides. Held against the loaded bundle, so that a fault of parsing,
 * merging or defaults is not on both sides.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile, memoryHost } from '../../compiler/index.ts';
import { bundleOf } from '../support/decide.ts';

const ENFORCEMENTS = ['audit', 'warn', 'require_approval', 'deny'] as const;
const STATUSES = ['pass', 'warn', 'approval', 'deny'] as const;
type Enforcement = (typeof ENFORCEMENTS)[number];

interface Refinement {
  readonly rule: string;
  readonly enforcement?: Enforcement;
  readonly weight?: number;
  readonly value?: number;
}

interface Content {
  readonly max_steps?: number;
  readonly fail_risk_threshold?: number;
  readonly aggregate?: 'sum' | 'max';
  readonly allow_tools?: readonly string[];
  readonly bounds?: Readonly<Record<string, readonly [number | null, number | null]>>;
  readonly deny_tokens_regex?: readonly string[];
  readonly risk_weights?: Readonly<Record<string, number>>;
  readonly refine?: readonly Refinement[];
}

interface Step {
  readonly tool: string;
  readonly args: Readonly<Record<string, number | string>>;
}

/** Rules of the root: that a number of `a` or of `b` is too large. */
const RULES = ['a', 'b'].map((tool) => ({
  rule: `large_${tool}`,
  severity: 'low',
  enforcement: 'audit' as const,
  weight: 0.1,
  pattern: { tool, operation: 'n_gt', value: 9 },
}));

const everything: fc.Arbitrary<Content> = fc.record(
  {
    max_steps: fc.integer({ min: 1, max: 4 }),
    fail_risk_threshold: fc.constantFrom(0.3, 0.5, 0.8, 1),
    aggregate: fc.constantFrom('sum', 'max'),
    allow_tools: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 2 }),
    bounds: fc.record({
      'a.n': fc.tuple(fc.constantFrom(null, 0, 2), fc.constantFrom(null, 8, 20)),
    }),
    deny_tokens_regex: fc.uniqueArray(fc.constantFrom('x', 'y'), { minLength: 1 }),
    risk_weights: fc.dictionary(fc.constantFrom('bound_violation', 'tool_deny'), fc.constantFrom(0.5, 0.9), {
      minKeys: 1,
    }),
    refine: fc.uniqueArray(
      fc.record(
        {
          rule: fc.constantFrom('large_a', 'large_b'),
          enforcement: fc.constantFrom(...ENFORCEMENTS),
          weight: fc.constantFrom(0.2, 0.4),
          value: fc.constantFrom(5, 7),
        },
        { requiredKeys: ['rule'] },
      ),
      { minLength: 1, maxLength: 2, selector: ({ rule }) => rule },
    ),
  },
  { requiredKeys: [] },
);

/** One or two of them: what says much is refused for something. */
const content = fc.tuple(everything, fc.nat(), fc.nat()).map(([all, ...picks]): Content => {
  const keys = Object.entries(all);
  return Object.fromEntries(picks.flatMap((pick) => keys.slice(pick % 7, (pick % 7) + 1)));
});

interface File {
  readonly parents: readonly string[];
  readonly content: Content;
}

/** A root, a library without parents, and four files over them. */
const family = fc
  .tuple(content, content, fc.array(fc.tuple(fc.nat(), content), { minLength: 4, maxLength: 4 }))
  .map(([root, library, files]): ReadonlyMap<string, File> => {
    const all = new Map<string, File>([
      ['base', { parents: [], content: withoutRefine(root) }],
      ['lib', { parents: [], content: withoutRefine(library) }],
    ]);
    for (const [i, [picks, written]] of files.entries()) {
      const earlier = [...all.keys()];
      const parents = earlier.filter((_name, j) => ((picks >> j) & 1) === 1);
      const chosen = parents.length > 0 ? parents : ['base'];
      const isOfBase = chosen.some((name) => linesOf(all, name).some(([line]) => line === 'base'));
      all.set('pqrs'.charAt(i), {
        parents: chosen,
        content: isOfBase ? written : withoutRefine(written),
      });
    }
    return all;
  });

/** What a file may say that inherits no rule. */
const withoutRefine = (all: Content): Content =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== 'refine'));

/** A file and everything that it extends, each once. */
function linesOf(all: ReadonlyMap<string, File>, name: string): readonly [string, File][] {
  const file = all.get(name);
  if (!file) return [];
  const found: readonly [string, File][] = [
    [name, file],
    ...file.parents.flatMap((parent) => linesOf(all, parent)),
  ];
  return [...new Map(found)];
}

interface Decision {
  readonly status: string;
  readonly risk: number;
  readonly rules: readonly string[];
}

function naive(files: readonly File[], steps: readonly Step[]): Decision {
  const written = files.map((file) => file.content);
  const roots = files.filter(({ parents }) => parents.length === 0).map((file) => file.content);
  const threshold = Math.min(
    ...written.flatMap((one) => one.fail_risk_threshold ?? []),
    ...roots.flatMap((one) => (one.fail_risk_threshold === undefined ? [0.8] : [])),
  );
  const sums =
    written.some((one) => one.aggregate === 'sum') || roots.some((one) => one.aggregate === undefined);
  const weightOf = (category: string, least: number): number =>
    Math.max(least, ...written.flatMap((one) => one.risk_weights?.[category] ?? []));
  const fired = new Map<string, readonly [Enforcement, number]>();
  const denies = (rule: string, category: string, least: number, isBroken: boolean): void => {
    if (isBroken) fired.set(rule, ['deny', weightOf(category, least)]);
  };
  denies(
    'max_steps',
    'max_steps_exceeded',
    0.4,
    written.some((one) => steps.length > (one.max_steps ?? Infinity)),
  );
  for (const { tool, args } of steps) {
    denies(
      'allow_tools',
      'tool_deny',
      0.4,
      written.some((one) => one.allow_tools?.includes(tool) === false),
    );
    const ends = written.map(({ bounds }) => bounds?.['a.n']);
    const isOut = ends.some((end) => {
      const [low, high] = [end?.[0] ?? -Infinity, end?.[1] ?? Infinity];
      return !(Number(args['n']) >= low && Number(args['n']) <= high);
    });
    denies('bounds["a.n"]', 'bound_violation', 0.4, tool === 'a' && isOut);
    for (const token of new Set(written.flatMap((one) => one.deny_tokens_regex ?? []))) {
      denies(`deny_tokens_regex["${token}"]`, 'raw_secret', 0.8, String(args['note']).includes(token));
    }
    for (const { rule, pattern, enforcement, weight } of RULES) {
      const refined = written.flatMap((one) => one.refine ?? []).filter((one) => one.rule === rule);
      const limit = Math.min(pattern.value, ...refined.flatMap(({ value }) => value ?? []));
      if (tool !== pattern.tool || Number(args['n']) <= limit) continue;
      const all = [enforcement, ...refined.flatMap((one) => one.enforcement ?? [])].map((one) =>
        ENFORCEMENTS.indexOf(one),
      );
      const strongest = ENFORCEMENTS[Math.max(...all)] ?? 'deny';
      fired.set(rule, [strongest, Math.max(weight, ...refined.flatMap((one) => one.weight ?? []))]);
    }
  }
  const weights = [...fired.values()].map(([, weight]) => weight);
  const total = sums ? weights.reduce((sum, weight) => sum + weight, 0) : Math.max(0, ...weights);
  const risk = Math.min(1, Math.round(total * 1e6) / 1e6);
  const outcomes = [...fired.values()].map(([enforcement]) => ENFORCEMENTS.indexOf(enforcement));
  const status = risk >= threshold ? 'deny' : (STATUSES[Math.max(0, ...outcomes)] ?? 'deny');
  return { status, risk, rules: [...fired.keys()].sort() };
}

const step: fc.Arbitrary<Step> = fc.record({
  tool: fc.constantFrom('a', 'b', 'c'),
  args: fc.record({ n: fc.constantFrom(-1, 1, 6, 8, 9, 15, 30), note: fc.constantFrom('o', 'x', 'y', 'xy') }),
});

test('a family of files means all that is written in it', async () => {
  const counts = { compared: 0, refused: 0, passed: 0, families: 0 };
  const plans = fc.sample(fc.array(step, { maxLength: 4 }), { seed: 3, numRuns: 40 });
  for (const all of fc.sample(family, { seed: 3, numRuns: 50 })) {
    const texts = Object.fromEntries(
      [...all].map(([name, file]) => {
        const rules = name === 'base' ? { rules: RULES } : {};
        const parents = file.parents.length > 0 ? { extends: file.parents } : {};
        return [`${name}.yaml`, JSON.stringify({ ...parents, ...rules, ...file.content })];
      }),
    );
    for (const name of ['p', 'q', 'r', 's']) {
      const lines = linesOf(all, name);
      if (!lines.some(([line]) => line === 'base')) continue;
      const { result } = await compile(memoryHost(texts), { entries: [name] });
      if (!result) {
        counts.refused += 1;
        continue;
      }
      const policy = (await bundleOf(result)).policy();
      counts.families += 1;
      for (const written of plans) {
        const steps = written.map((one, i) => ({ id: `s${i}`, ...one }));
        const { status, riskScore, violations } = policy.evaluate({ steps });
        const rules = [...new Set(violations.map(({ rule }) => rule))].sort();
        const expected = naive(
          lines.map(([, file]) => file),
          written,
        );
        const says = { status, risk: riskScore, rules };
        expect(says, JSON.stringify({ texts, name, written })).toEqual(expected);
        counts.compared += 1;
        if (status === 'pass') counts.passed += 1;
      }
    }
  }
  expect(counts.families).toBeGreaterThan(40);
  expect(counts.refused).toBeGreaterThan(15);
  expect(counts.passed).toBeGreaterThan(100);
});
