/** Lines of a file as bytes are those that its lines as texts are, and say the same. */
import { expect, it } from 'vitest';
import { eachPlan } from '../../plans/each-plan.ts';
import type { Part } from '../../plans/each-plan.ts';
import { decidePlan } from '../../decisions/record.ts';
import { openBytes } from '../../runtime/bytes.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { mutated, pickFrom } from './forms.ts';

const FILE = [
  '\ufeff{"id":"a","steps":[{"id":"s","tool":"t","args":{"x":1}}]}',
  '',
  '   \t',
  '\u00a0\u2003',
  '{"id":"\\u0062","steps":[{"id":"s","tool":"t","args":{"x":5000}}]}\r',
  '{"steps":[]}',
  '{"id":7,"steps":[]}',
  ' {"id":"ü","steps":[{"id":"s","tool":"t","args":{"x":1,"note":"né 你好"}}]} ',
  '{"steps":[',
  '\u000b',
].join('\n');

const compiled = await compileMemory(
  { 'p.yaml': 'bounds: { t.x: [0, 1000] }\nmax_steps: 3\n' },
  [],
  ['bytes'],
);
const policy = (await bundleOf(compiled)).policy();
const NOW = { context: {}, now: Date.parse('2026-06-01T00:00:00Z') };

it('whatever stands in the file', async () => {
  const bytes = await openBytes(policy);
  const pick = pickFrom(19);
  const records = (part: Part, asBytes: boolean): string => {
    const all: unknown[] = [];
    const options = { policy, ...NOW, ...(asBytes && { bytes }) };
    eachPlan(
      part,
      (place, ordinal, written) => all.push([ordinal, decidePlan(place, written, options)]),
      asBytes,
    );
    return JSON.stringify(all);
  };
  for (let i = 0; i < 300; i += 1) {
    const clean = Buffer.from(FILE);
    const part: Part = {
      file: 'f',
      kind: 'lines',
      at: 1 + (i % 2),
      bytes: i < 2 ? clean : mutated(clean, pick),
    };
    expect(records(part, true), Buffer.from(part.bytes).toString('latin1')).toBe(records(part, false));
  }
  expect(bytes.counts?.['scanned']).toBeGreaterThan(100);
});
