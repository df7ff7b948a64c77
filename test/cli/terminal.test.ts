/** What a terminal is sent: colours where they are taken, a line of progress that fits, frames that fit, places that it finds. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import fc from 'fast-check';
import { progressLine } from '../../cli/terminal/progress.ts';
import { takesColour } from '../../cli/terminal/colour.ts';
import { run } from '../../cli/program.ts';
import { place } from './place.ts';
import type { Place } from './place.ts';

let at: Place;
beforeEach(() => {
  at = place();
});
afterEach(() => at.remove());

it.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
] as const)('a terminal %s with %j takes colours: %s', (isTerminal, env, taken) => {
  expect(takesColour(isTerminal, env)).toBe(taken);
});

it('progress is shorter than the terminal is wide, and says how many plans fail wherever that fits', () => {
  const part = fc.option(fc.double({ min: 0.001, max: 1, noNaN: true }));
  const counts = fc.record({ plans: fc.nat(1e9), failing: fc.nat(1e9) });
  fc.assert(
    fc.property(part, fc.double({ min: 0.001, max: 1e6, noNaN: true }), counts, fc.nat(200), (...asked) => {
      const [done, seconds, summary, columns] = asked;
      const line = progressLine(done, seconds, summary, columns);
      expect(line.length).toBeLessThan(Math.max(columns, 1));
      if (columns >= 50) expect(line).toContain('failing');
    }),
  );
  expect(progressLine(0.5, 10, { plans: 120_000, failing: 3 }, 80)).toBe(
    '50 %, 10 s left, 120,000 plans, 3 failing, 12,000 plans/s',
  );
});

const POLICY = 'rules:\n  - rule: r\n    severity: high\n    description: d\n    when: WHEN\n';

async function lintOf(text: string, colour = false): Promise<string> {
  at.write({ 'deep/policies/p.yaml': text });
  await run(['lint', '--policy-dir', 'deep/policies'], { ...at.io, colour });
  return at.out();
}

it('a place is found from the working directory, in a condition of several lines too', async () => {
  const said = await lintOf(POLICY.replace('WHEN', '|\n      step.tool == "a"\n        && step.args.n >> 5'));
  expect(said).toContain('deep/policies/p.yaml:7:25: error');
  expect(said).toContain(`  7 |         && step.args.n >> 5\n    | ${' '.repeat(24)}^`);
  const escaped = await lintOf(POLICY.replace('WHEN', '"step.tool == \\"a\\" && step.tol == \\"b\\""'));
  expect(escaped).toContain('deep/policies/p.yaml:5:39: error');
});

it('a long line is cropped around its caret', async () => {
  const long = `[${Array.from({ length: 3000 }, (_, i) => `"tool${i}"`).join(', ')}, 5, "last"]`;
  const said = await lintOf(`allow_tools: ${long}\n`);
  const [frame = '', caret = ''] = said.split('\n').slice(1, 3);
  expect(frame.length).toBeLessThan(160);
  expect(frame[caret.indexOf('^')]).toBe('5');
  expect(frame).toContain('| …');
});

it('statuses are coloured where a terminal takes colours, and nowhere else', async () => {
  at.write({
    'policies/p.yaml': 'max_steps: 0\n',
    'old/p.yaml': 'max_steps: 1\n',
    'plan.json': '{"steps":[{"id":"a","tool":"t","args":{}}]}',
  });
  const verbs = [
    ['validate', 'plan.json', '--policy-dir', 'old'],
    ['explain', 'plan.json', '--policy-dir', 'old'],
    ['diff', 'policies', 'old'],
  ];
  for (const verb of verbs) {
    await run(verb, { ...at.io, colour: true });
    expect(at.out(), verb.join(' ')).toContain('\x1b[');
    await run(verb, { ...at.io, colour: false });
    expect(at.out(), verb.join(' ')).not.toContain('\x1b');
  }
});
