import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileCel } from '../../compiler/cel/index.ts';
import { nativePatterns } from '../cel/bench.ts';
import { decideAlone } from './alone.ts';
import { conformanceCases, type Case } from './cel-cases.ts';
import { runCase, type Outcome } from './run-cel.ts';

/**
 * The official cases of cel-spec (release v0.25.1, as `@bufbuild/cel-spec` ships them) against emitted code.
 * `UPDATE_DOCS=1 npx vitest run test/conformance/cel.test.ts` writes the table anew.
 */
const docs = fileURLToPath(new URL('../../docs/cel.md', import.meta.url));

const results = conformanceCases().map((test) => ({ test, outcome: runCase(test) }));

/** Those that pass and can stand in a policy, each alone in one of one rule. */
const alone = [];
for (const { test, outcome } of results) {
  if (outcome.kind === 'passed') alone.push({ test, came: await decideAlone(test) });
}
const inPolicies = alone.filter(({ came }) => came.kind !== 'unfit');

const eligible = results.filter(({ outcome }) => outcome.kind !== 'ineligible');
const count = (kind: Outcome['kind'], section?: string): number =>
  results.filter(({ test, outcome }) => outcome.kind === kind && (section ?? test.section) === test.section)
    .length;

function row(label: string, section?: string): string {
  const kinds = ['passed', 'refused', 'wrong', 'ineligible'] as const;
  const ofSection = inPolicies.filter(({ test }) => (section ?? test.section) === test.section);
  const loads = ofSection.filter(({ came }) => came.kind === 'loads').length;
  const counts = kinds.map((kind) => count(kind, section));
  return `| ${[label, ...counts, `${loads} of ${ofSection.length}`].join(' | ')} |`;
}

function describeRefused({ test, outcome }: { test: Case; outcome: Outcome }): string[] {
  if (outcome.kind !== 'refused') return [];
  const [error] = outcome.errors;
  return [`- ${test.section}/${test.name}: \`${error?.code ?? ''}\`, ${error?.message ?? ''}`];
}

/** What a case may be excused for. */
const EXCUSES = ['expression', 'type: messageType', 'value: enumValue'];

const sections = [...new Set(results.map(({ test }) => test.section))];
const table = [
  '| section | passed | refused | wrong | about protobuf | loads |',
  '|---|--:|--:|--:|--:|--:|',
  ...sections.map((section) => row(section, section)),
  row('**all**'),
  '',
  'Refused, with the diagnostic:',
  '',
  ...results.flatMap(describeRefused),
].join('\n');

describe('official CEL conformance cases', () => {
  it('never give a wrong answer, but that a test of NaN is an error', () => {
    const isOfNan = ({ test, outcome }: (typeof results)[number]): boolean =>
      test.test.expr.includes('0.0/0.0') && outcome.kind === 'wrong' && outcome.found === 'error';
    const wrong = results.filter((each) => each.outcome.kind === 'wrong' && !isOfNan(each));
    expect(results.filter(isOfNan)).toHaveLength(7);
    expect(
      wrong.map(({ test, outcome }) => ({
        name: `${test.section}/${test.name}`,
        expr: test.test.expr,
        outcome,
      })),
    ).toEqual([]);
  });

  it('compile and pass in at least 95 of 100 eligible cases', () => {
    expect(results.length).toBeGreaterThan(2_300);
    expect(count('passed') / eligible.length).toBeGreaterThanOrEqual(0.95);
  });

  it('load and say the same alone in a policy of one rule', () => {
    const failing = inPolicies.flatMap(({ test, came }) =>
      came.kind === 'fails' ? [`${test.section}/${test.name}: ${came.why}`] : [],
    );
    expect(failing).toEqual([]);
    expect(inPolicies.length).toBeGreaterThan(1_400);
  });

  it('are excused only for a protobuf type or value, or an expression that does not compile without', () => {
    const excused = results.flatMap(({ test, outcome }) =>
      outcome.kind === 'ineligible' ? [{ test, outcome }] : [],
    );
    const about = new Set(
      excused.map(({ outcome }) => outcome.about.replace(/(message: ).*conformance.*/, '$1TestAllTypes')),
    );
    expect([...about].sort()).toEqual(EXCUSES);
    const compiling = excused.filter(
      ({ test: { test }, outcome }) =>
        outcome.about === 'expression' &&
        compileCel(test.expr, {
          variables: {},
          compilePattern: nativePatterns,
          container: test.container,
          result: 'any',
        }).ok,
    );
    expect(compiling.map(({ test }) => test.test.expr)).toEqual([]);
  });

  it('are reported in docs/cel.md', () => {
    const text = readFileSync(docs, 'utf8');
    const marked = /(<!-- conformance -->\n)[^]*?(\n<!-- \/conformance -->)/;
    const fresh = text.replace(marked, (_, before: string, after: string) => before + table + after);
    if (process.env['UPDATE_DOCS']) writeFileSync(docs, fresh);
    else expect(text, 'stale table: UPDATE_DOCS=1 npx vitest run test/conformance/cel.test.ts').toBe(fresh);
  });
});
