/** Taint through references and copies, against the naive version. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { taint } from '../../engine/whole-plan/flows.ts';
import { newFacts } from '../../engine/whole-plan/facts.ts';
import type { Step } from '../../engine/whole-plan/shape.ts';
import { viewOf } from '../../engine/walk/view.ts';
import { graphOf } from '../../engine/whole-plan/graph.ts';
import { kit } from '../../runtime/kit.ts';
import { tainted } from '../oracle/flow.ts';
import type { FlowRule } from '../oracle/flow.ts';
import { withReferences } from '../oracle/references.ts';
import type { OracleStep } from '../oracle/oracle.ts';

beforeAll(() => {
  for (const [name, value] of Object.entries(kit)) vi.stubGlobal(name, value);
});

const segments = (path: string): readonly (string | 0)[] =>
  path.split('.').flatMap((part) => (part.endsWith('[*]') ? [part.slice(0, -3), 0 as const] : [part]));

function emitted(
  steps: readonly OracleStep[],
  contexts: readonly unknown[],
  rule: FlowRule,
): readonly number[] {
  const any =
    (globs: readonly string[]) =>
    (tool: string): boolean =>
      globs.includes(tool);
  const data = {
    tool: any(rule.sinks),
    from: any(rule.from),
    through: any(rule.through),
    context: rule.fromContext.map(segments),
  };
  const seen = viewOf({ steps }, [...steps.keys()], new Map()) as { steps: readonly Step[] };
  const graph = graphOf(newFacts(seen, undefined));
  return [...taint(graph, data, contexts).sinks.keys()].sort((a, b) => a - b);
}

const TOOLS = ['source', 'sink', 'clean', 'other'] as const;
const PIECES = ['x', 'secret', 'secre', '12', '123', ' ', '{{', '}}'] as const;

const plan = fc
  .array(
    fc.record({
      tool: fc.constantFrom(...TOOLS),
      reads: fc.array(fc.nat({ max: 5 }), { maxLength: 2 }),
      texts: fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }),
      where: fc.constantFrom('text', 'key', 'deep', 'number', 'waits'),
    }),
    { minLength: 1, maxLength: 6, size: 'max' },
  )
  .map((steps) =>
    steps.map(({ tool, reads, texts, where }, i): OracleStep => {
      const ids = reads.filter((j) => j < i).map((j) => `s${j}`);
      const text = texts.join('') + ids.map((id) => `\${${id}.result.x}`).join(' ');
      const args = {
        text: { text },
        key: { [text]: true },
        deep: { list: [{ of: [text] }] },
        number: { n: 123, m: 12 },
        waits: {},
      }[where];
      return { id: `s${i}`, tool, args, depends_on: ids };
    }),
  );
const contexts = fc.array(
  fc.constantFrom<unknown>(
    undefined,
    { customer: { ssn: 'secret' } },
    { customer: { ssn: 12 } },
    { customer: 'secret' },
    { customer: [{ ssn: 'x' }, { ssn: '' }, 7] },
    { customer: { ssn: { secret: [123] } } },
    { list: ['secrex', 'cretsecre', 'x secre', ' 123x', '12', 'secre12secre'] },
    { list: Array.from({ length: 65 }, (_, i) => `value ${i}`) },
    { list: Array.from({ length: 640 }, (_, i) => `value ${i % 64}`) },
  ),
  { minLength: 1, maxLength: 2 },
);
const rule = fc.record({
  sinks: fc.constantFrom(['sink'], ['sink', 'clean'], ['source', 'sink']),
  from: fc.constantFrom<readonly string[]>(['source'], [], ['source', 'clean']),
  through: fc.constantFrom<readonly string[]>([], ['clean'], ['clean', 'source']),
  fromContext: fc.uniqueArray(
    fc.constantFrom('customer.ssn', 'customer[*].ssn', 'customer', 'list', 'list[*]'),
    {
      maxLength: 2,
    },
  ),
});

describe('flows', () => {
  it('says what the naive version says', () => {
    fc.assert(
      fc.property(plan, contexts, rule, (steps, given, one) => {
        const seen = steps.map((step) => ({
          ...step,
          args: withReferences(step.args) as OracleStep['args'],
        }));
        expect(emitted(steps, given, one)).toEqual(tainted(seen, given, one));
      }),
      { numRuns: Number(process.env['WHOLE_PLAN_RUNS'] ?? 1500), seed: 7 },
    );
  });

  it('takes the first thousand characters of a long value for a copy of it', () => {
    const long = 'abc'.repeat(400);
    const one = { sinks: ['sink'], from: [], through: [], fromContext: ['long'] };
    const given = (text: string): readonly number[] =>
      emitted([{ id: 's', tool: 'sink', args: { text } }], [{ long }], one);
    expect(given(`x${long.slice(0, 1000)}x`)).toEqual([0]);
    expect(given(`x${long.slice(0, 999)}x`)).toEqual([]);
  });

  it('follows results whatever the order of the list', () => {
    const step = (id: string, tool: string, text: string): OracleStep => ({ id, tool, args: { text } });
    const steps = [
      step('mail', 'sink', '{{ sum.result }}'),
      step('sum', 'other', 'of ${read.result.rows[0]}'),
      step('read', 'source', ''),
    ];
    const one = { sinks: ['sink'], from: ['source'], through: [], fromContext: [] };
    expect(emitted(steps, [], one)).toEqual([0]);
    expect(emitted(steps, [], { ...one, through: ['other'] })).toEqual([]);
    // A filter may say anything, of any step.
    const filtered = [step('mail', 'sink', '{{ sum.result | json }}'), ...steps.slice(1)];
    expect(emitted(filtered, [], { ...one, through: ['other'] })).toEqual([0]);
  });
});
