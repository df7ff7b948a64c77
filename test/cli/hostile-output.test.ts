import { expect, it } from 'vitest';
import { resultsJson, resultsText } from '../../cli/text/results.ts';
import { run } from '../../cli/program.ts';
import { firstTrust, signerKey, trustBytes } from '../../compiler/6-sign/index.ts';
import { diagnose, bundleFrom } from '../support/decide.ts';
import { sharedKey, testBundle } from '../support/signing.ts';
import { place } from './place.ts';

const ESCAPE = '\u001b[31m';
/** In a value it would begin a line of its own, and colour it. */
const FORGERY = `x\nFORGED verified by the trust root${ESCAPE}\u009b1m\u2028\u202e`;
const forged = (text: string): readonly string[] => [
  ...text.split('\n').filter((line) => line.startsWith('FORGED')),
  ...(text.replaceAll('\n', '').match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu) ?? []),
];

it('a plan cannot write lines of its own into a report', async () => {
  const bundle = await bundleFrom({ 'p.yaml': 'allow_tools: [none]' });
  const id = `s1)\nPASS  plan.json  (risk 0, decided by acme 1)\n${ESCAPE}\u2028\u202e`;
  const plan = { steps: [{ id, tool: `t\nPASS\n${ESCAPE}x`.replaceAll('\u001b', ''), args: {} }] };
  const decision = bundle.policy().evaluate(plan).toJSON();
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

it('a bundle, signed or not, cannot write lines of its own into what is said of it, nor can a trust root', async () => {
  const at = place();
  const sha256 = 'a'.repeat(64);
  const { module, sidecar } = await testBundle({
    salt: 'hostile output',
    predicate: {
      version: FORGERY,
      entries: [FORGERY],
      compiler: FORGERY,
      sources: [{ name: FORGERY, sha256 }],
      catalog: { name: FORGERY, sha256 },
      tests: { name: FORGERY, sha256 },
    },
  });
  at.write({
    'acme.mjs': module,
    'acme.mjs.sigstore.json': sidecar,
    'trust.json': trustBytes(firstTrust(signerKey(sharedKey), FORGERY)),
  });
  for (const words of [
    'inspect acme.mjs',
    'inspect acme.mjs --trust trust.json',
    'verify acme.mjs --trust trust.json',
    'verify acme.mjs --trust trust.json --sources .',
    'trust show --trust trust.json',
  ]) {
    await run(words.split(' '), at.io);
    const printed = at.out();
    expect(printed, words).toContain('FORGED');
    expect(forged(printed + at.err()), words).toEqual([]);
  }
  // In a page a line is no line of its own; all else that a terminal or an eye obeys stands as an escape.
  await run('inspect acme.mjs --format html'.split(' '), at.io);
  const page = at.out();
  expect(page).toContain('FORGED');
  expect(page.replaceAll('\n', '').match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu)).toBeNull();
  // What is signed has been loaded first, and this cannot be.
  expect(await run('sign acme.mjs --payload-out to-sign.bin'.split(' '), at.io)).not.toBe(0);
  expect(forged(at.out() + at.err())).toEqual([]);
  at.remove();
});

it('nor can policies into what is said of a change, or a plan into why it was refused', async () => {
  const at = place();
  const policies = (value: number, text: string): string =>
    JSON.stringify({
      rules: [{ rule: 'r', description: text, pattern: { tool: 't', operation: 'amount_gt', value } }],
      exceptions: [
        {
          rule: 'r',
          scope: { tool: 't' },
          reason: text,
          ticket: text,
          requested_by: 'a',
          approved_by: `b${text}`,
          expires: '2026-05-01T00:00:00Z',
        },
      ],
    });
  at.write({
    'old/p.yaml': policies(10, FORGERY),
    'new/p.yaml': policies(20, 'y'),
    'plan.json': JSON.stringify({ steps: [{ id: 's', tool: 't', args: { amount: 50, [FORGERY]: 1 } }] }),
  });
  for (const words of [
    'diff old new',
    'explain r --policy-dir old',
    'explain plan.json --policy-dir old',
    'validate plan.json --policy-dir old',
  ]) {
    await run(words.split(' '), at.io);
    const printed = at.out();
    expect(printed, words).toContain('FORGED');
    expect(forged(printed + at.err()), words).toEqual([]);
  }
  // What is signed has been loaded first, and this cannot be.
  expect(await run('sign acme.mjs --payload-out to-sign.bin'.split(' '), at.io)).not.toBe(0);
  expect(forged(at.out() + at.err())).toEqual([]);
  at.remove();
});
