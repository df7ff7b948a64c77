import { expect, it } from 'vitest';
import { resultsJson, resultsText } from '../../cli/report/decision.ts';
import { diagnose, bundleFrom } from '../support/decide.ts';

const ESCAPE = '\u001b[31m';

it('a plan cannot write lines of its own into a report', async () => {
  const bundle = await bundleFrom({ 'p.yaml': 'allow_tools: [none]' });
  const id = `s1)\nPASS  plan.json  (risk 0, decided by acme 1)\n${ESCAPE}\u2028\u202e`;
  const plan = { steps: [{ id, tool: `t\nPASS\n${ESCAPE}x`.replaceAll('\u001b', ''), args: {} }] };
  const decision = bundle.policy().evaluate(plan);
  const text = resultsText([{ path: `a\nPASS  b${ESCAPE}`, decision }]);
  expect(text.split('\n').filter((line) => line.startsWith('PASS'))).toEqual([]);
  expect(text.split('\n').filter((line) => line.startsWith('DENIED'))).toHaveLength(1);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(resultsJson([{ path: 'a', decision }]))).toMatchObject({ is_valid: false });
});

it('a policy cannot either', async () => {
  const [text = ''] = await diagnose({ 'p.yaml': 'extends: "\\e[31mRED\\nerror: forged"\nmax_steps: 5\n' });
  expect(text).toContain('PL2001');
  expect(text).not.toContain('\u001b');
  expect(text.split('\n').filter((line) => line.startsWith('error: forged'))).toEqual([]);
});

it('ten thousand mentions of one missing step are one finding', async () => {
  const bundle = await bundleFrom({ 'p.yaml': 'max_steps: 5' });
  const texts = Array.from({ length: 1000 }, (_, i) => '{{z.result}}'.repeat(10) + String(i));
  const { violations } = bundle.policy().evaluate({ steps: [{ id: 'a', tool: 't', args: { texts } }] });
  expect(violations).toHaveLength(1);
  expect(violations[0]).toMatchObject({ rule: 'plan.missing_dependency', stepId: 'a' });
});
